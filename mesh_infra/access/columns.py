"""Which columns of a table a grant or a filter names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mesh_infra.aws.lake import LakeTable


@dataclass(frozen=True, slots=True)
class Chosen:
    """Columns of a table, as a whole; ``partly``: those of which only fields are named."""

    columns: frozenset[str]
    partly: tuple[str, ...] = ()


class TableColumns:
    """The columns of one table, partition keys last, ready to choose from.

    Column names are compared as Athena does, in any case (Athena, "Names for tables, databases, and columns").
    """

    def __init__(self, table: LakeTable) -> None:
        self.names = (*table.columns, *table.partition_keys)
        self.every = frozenset(self.names)
        self._keys = frozenset(table.partition_keys)

    def all(self) -> Chosen:
        """Every column."""
        return Chosen(self.every)

    def named(self, names: Iterable[str]) -> Chosen:
        """Those, and the partition keys with them where there is any."""
        whole, partly = _split(names)
        return self._with_keys(frozenset(name for name in self.names if name.lower() in whole), partly)

    def but(self, names: Iterable[str]) -> Chosen:
        """All but those; a column of which a field is excluded is not there as a whole."""
        whole, partly = _split(names)
        left = frozenset(name for name in self.names if name.lower() not in whole and name.lower() not in partly)
        return self._with_keys(left, partly)

    def _with_keys(self, columns: frozenset[str], partly: set[str]) -> Chosen:
        # Lake Formation, "Notes and restrictions for column-level filtering": partition columns cannot be hidden from
        # somebody who reads anything.
        return Chosen(columns | self._keys if columns else columns, tuple(sorted(partly)))


def _split(names: Iterable[str]) -> tuple[set[str], set[str]]:
    """The columns that are named, and those of which a field is: ``"address"."city"`` names one of ``address``."""
    whole: set[str] = set()
    partly: set[str] = set()
    for name in names:
        column, dot, _ = name.lower().partition('"."')
        (partly if dot else whole).add(column.strip('"'))
    return whole, partly
