"""Lake Formation's grants: which of them let somebody read a table, and what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from mesh_infra.access.columns import Chosen, TableColumns
from mesh_infra.access.model import Doubt, Via, Way
from mesh_infra.access.principals import passes_on
from mesh_infra.aws.lake import LakeState, LakeTable
from mesh_infra.aws.lakeformation import (
    AllColumnsBut,
    AllTables,
    Catalog,
    Columns,
    Database,
    DataCellsFilter,
    DataLocation,
    DefaultGrant,
    FilterRef,
    LakeGrant,
    Table,
    TagExpression,
)

READING = frozenset(("ALL", "DELETE", "INSERT", "SELECT", "SUPER_USER"))
"""What lets somebody read a table's data: inserting and deleting too (Lake Formation permissions reference)."""

REACHING_INTO = frozenset(("SUPER_USER",))
"""What, held on a catalogue or a database, reaches its tables. ALL does not: it is about the thing itself."""


def holds(grant: LakeGrant, permissions: frozenset[str]) -> bool:
    """Whether a grant gives any of these: what one may hand on, one may hand to oneself."""
    return not permissions.isdisjoint(grant.permissions) or not permissions.isdisjoint(grant.grantable)


class ReadingGrants:
    """The grants that let somebody read, found by what they are on; LF-tags aside."""

    def __init__(self, state: LakeState) -> None:
        self._on: dict[Table | Database | Catalog, list[LakeGrant]] = {}
        self._tags: dict[str, set[Doubt]] = {}
        self._filters = {FilterRef(f.catalog_id, f.database, f.table, f.name): f for f in state.filters}
        self._defaults = {settings.account: settings.table_defaults for settings in state.settings}
        self._defaults_in = {
            database.database: database.table_defaults
            for database in state.databases
            if database.table_defaults is not None
        }
        for grant in state.grants:
            self._take(grant)

    def _take(self, grant: LakeGrant) -> None:
        match grant.resource:
            case Table() as on:
                self._keep(grant, on, READING)
            case FilterRef(catalog_id, database, table, _) | Columns(catalog_id, database, table, _):
                self._keep(grant, Table(catalog_id, database, table), READING)
            case AllColumnsBut(catalog_id, database, table, _):
                self._keep(grant, Table(catalog_id, database, table), READING)
            case AllTables(catalog_id, database):
                self._keep(grant, Database(catalog_id, database), READING)
            case Database() | Catalog() as on:
                self._keep(grant, on, REACHING_INTO)
            case TagExpression() as on:
                if holds(grant, READING):
                    self._tags.setdefault(on.catalog_id, set()).add(_tag_doubt(grant, on))
            case DataLocation():
                # It lets nobody read by itself; what it leads to is found with the second tables.
                pass
            case _:
                assert_never(grant.resource)

    def _keep(self, grant: LakeGrant, on: Table | Database | Catalog, permissions: frozenset[str]) -> None:
        if holds(grant, permissions):
            self._on.setdefault(on, []).append(grant)

    def on(self, table: LakeTable) -> Iterator[LakeGrant]:
        """The grants that let somebody read ``table``."""
        key = table.table
        database = Database(key.catalog_id, key.database)
        yield from self._on.get(key, ())
        yield from self._on.get(database, ())
        yield from self._on.get(Catalog(key.catalog_id), ())
        if table.planned:
            for default in self._default_grants(database):
                grant = LakeGrant(default.principal, key, default.permissions)
                if holds(grant, READING):
                    yield grant

    def _default_grants(self, database: Database) -> Iterable[DefaultGrant]:
        # A database hands its own defaults to its tables; it took the account's when it was made
        # (Lake Formation, "Changing the default settings for your data lake").
        if database in self._defaults_in:
            return self._defaults_in[database]
        return self._defaults.get(account_of(database.catalog_id), ())

    def doubts(self, table: LakeTable) -> tuple[Doubt, ...]:
        """What LF-tags may add."""
        return tuple(sorted(self._tags.get(table.table.catalog_id, ()), key=lambda doubt: doubt.text))

    def read(self, grant: LakeGrant, columns: TableColumns) -> tuple[Way | None, tuple[Doubt, ...]]:
        """What one of the grants that ``on`` finds gives of its table, and what cannot be said of it."""
        if grant.condition:
            text = f"a grant to '{grant.principal}' holds only where '{grant.condition}', which is not evaluated"
            return None, (Doubt("condition", text),)
        data_filter = None
        if isinstance(grant.resource, FilterRef):
            data_filter = self._filters.get(grant.resource)
            if data_filter is None:
                text = f"the data cells filter '{grant.resource.name}' of '{grant.principal}' is not known"
                return None, (Doubt("filter-unknown", text),)
        chosen = _chosen(grant, data_filter, columns)
        doubts = tuple(_grant_doubts(grant, chosen))
        # A grant on columns that are not there gives nothing, on a table without any it gives what there will be.
        if not chosen.columns and columns.every:
            return None, doubts
        way = Way(
            via=Via.GRANT,
            columns=chosen.columns,
            grants=(grant,),
            filter=data_filter,
            every_row=data_filter is None or not data_filter.rows,
            grantable=not READING.isdisjoint(grant.grantable),
        )
        return way, doubts


def account_of(catalog_id: str) -> str:
    """The account of a catalogue: ``111122223333``, also of ``111122223333:name/of/another``."""
    return catalog_id.partition(":")[0]


def _chosen(grant: LakeGrant, data_filter: DataCellsFilter | None, columns: TableColumns) -> Chosen:
    match grant.resource:
        case Columns(_, _, _, names):
            return columns.named(names)
        case AllColumnsBut(_, _, _, excluded):
            return columns.but(excluded)
        case _ if data_filter is None:
            return columns.all()
        case _ if data_filter.excluded is None:
            return columns.named(data_filter.columns)
        case _:
            return columns.but(data_filter.excluded)


def _grant_doubts(grant: LakeGrant, chosen: Chosen) -> Iterator[Doubt]:
    for column in chosen.partly:
        yield Doubt("nested-columns", f"'{grant.principal}' reads some fields of the column '{column}'")
    if passes_on(grant.principal):
        yield Doubt("passed-on", f"whom the administrators of '{grant.principal}' let read is not known")


def _tag_doubt(grant: LakeGrant, on: TagExpression) -> Doubt:
    text = f"'{grant.principal}' reads what has the LF-tags '{on.expression}', which are not evaluated"
    return Doubt("lf-tags", text)
