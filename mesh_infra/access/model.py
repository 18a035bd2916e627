"""The answer: for each table its readers, what each of them sees, and in which ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from mesh_infra.access.principals import covers
from mesh_infra.aws.lake import LakeTable
from mesh_infra.aws.lakeformation import DataCellsFilter, LakeGrant, Table


class Via(StrEnum):
    """In which way somebody comes to read."""

    GRANT = "grant"
    """Lake Formation was told to let it."""
    ADMIN = "admin"
    """A data lake administrator may grant itself everything."""
    CREATOR = "creator"
    """Who made a table holds every permission on it."""
    SECOND_TABLE = "second-table"
    """It may make a table of its own over the same files."""
    FILES = "files"
    """The policies of bucket and key let it read the files, past Lake Formation."""
    IAM = "iam"
    """Lake Formation does not govern the location, so IAM decides."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read a table: which ``columns``, and whether all rows of them.

    ``grants``: the grants that it rests on, and ``filter`` the data cells filter that the grant is on. ``grantable``:
    who has it may hand it on.
    """

    via: Via
    columns: frozenset[str]
    grants: tuple[LakeGrant, ...] = ()
    filter: DataCellsFilter | None = None
    every_row: bool = True
    grantable: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that is not evaluated and may let more be read: ``text`` says it in words."""

    kind: Literal[
        "bucket-unknown",
        "columns-unknown",
        "condition",
        "external-engines",
        "files-open",
        "filter-unknown",
        "iam",
        "lf-tags",
        "location-unknown",
        "nested-columns",
        "passed-on",
        "policy",
        "shared-files",
    ]
    text: str


class Rows(StrEnum):
    """How much of the visible columns is read."""

    ALL = "all"
    FILTERED = "filtered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reader:
    """What one principal reads of one table.

    ``columns`` are those in clear and ``hidden`` the others, in the order of the table, partition keys last;
    ``filtered`` are those of ``columns`` that are read in some rows only. With ``doubts``, it may be more.
    """

    principal: str
    columns: tuple[str, ...]
    hidden: tuple[str, ...]
    filtered: frozenset[str]
    ways: tuple[Way, ...]
    doubts: tuple[Doubt, ...] = ()

    @property
    def rows(self) -> Rows:
        """All rows, or in some column only some of them; unknown where it is not known what is read at all."""
        if not self.columns:
            return Rows.UNKNOWN
        return Rows.FILTERED if self.filtered else Rows.ALL

    @property
    def via(self) -> tuple[Via, ...]:
        """The kinds of its ways, each once."""
        return tuple(dict.fromkeys(way.via for way in self.ways))

    @property
    def may_grant(self) -> bool:
        """Whether it may hand on something of what it reads."""
        return any(way.grantable for way in self.ways)

    def ways_to(self, column: str) -> tuple[Way, ...]:
        """The ways in which it reads one column; none where it does not."""
        return tuple(way for way in self.ways if column in way.columns)


@dataclass(frozen=True, slots=True)
class TableAccess:
    """Who reads one table: ``readers`` by principal, in order; with ``doubts``, maybe others too.

    ``opted_in``: whom Lake Formation governs where IAM decides for the others (hybrid mode).
    """

    table: LakeTable
    readers: Mapping[str, Reader]
    doubts: tuple[Doubt, ...] = ()
    opted_in: frozenset[str] = frozenset()

    @property
    def at_least(self) -> bool:
        """Whether more may be read than is said here."""
        return bool(self.doubts) or any(reader.doubts for reader in self.readers.values())

    def reads(self, principal: str) -> tuple[Reader, ...]:
        """What ``principal`` reads: as itself where it is a reader, else as a member of the virtual groups that are.

        The groups of one principal may see different columns; it sees what any of them does.
        """
        own = self.readers.get(principal)
        if own is not None:
            return (own,)
        groups = [reader for name, reader in self.readers.items() if covers(name, principal)]
        if any(name == principal or covers(name, principal) for name in self.opted_in):
            groups = [reader for reader in groups if Via.IAM not in reader.via]
        return tuple(groups)


@dataclass(frozen=True, slots=True)
class Access:
    """Who reads what in a whole data lake."""

    tables: Mapping[Table, TableAccess]

    @property
    def at_least(self) -> bool:
        """Whether more may be read, of any table, than is said here."""
        return any(table.at_least for table in self.tables.values())

    def reads(self, principal: str, table: Table) -> frozenset[str]:
        """The columns of ``table`` that ``principal`` reads in clear; none of a table that is not there."""
        access = self.tables.get(table)
        readers = access.reads(principal) if access else ()
        return frozenset(column for reader in readers for column in reader.columns)
