"""What a Lake Formation permission is on, as values: parsed from requests, and written back into answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from moto.lakeformation.exceptions import InvalidInput

from mesh_infra.local.aws.errors import NotKnownHereError

ALL_TABLES = "ALL_TABLES"
"""How Lake Formation names every table of a database."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The Data Catalog itself."""

    catalog_id: str


@dataclass(frozen=True, slots=True)
class Database:
    """A database."""

    catalog_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; with the name ``ALL_TABLES`` every table of the database."""

    catalog_id: str
    database: str
    name: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a table: those ``named``, or all but those ``excluded`` where none are named."""

    table: Table
    named: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()

    @property
    def are_all(self) -> bool:
        """Whether these are the columns of the whole table, whatever they will be."""
        return not self.named and not self.excluded


@dataclass(frozen=True, slots=True)
class Filter:
    """A data cells filter."""

    table: Table
    name: str


@dataclass(frozen=True, slots=True)
class Location:
    """A place in S3."""

    catalog_id: str
    arn: str


Resource = Catalog | Database | Table | Columns | Filter | Location

_KNOWN = ("Catalog", "Database", "Table", "TableWithColumns", "DataLocation", "DataCellsFilter")


def parse(resource: Mapping[str, Any], account: str) -> Resource:
    """The resource of a request; where it names no catalog, the account's is meant.

    Raises ``InvalidInput`` where it is none, or more than one.
    """
    given = {kind: value for kind, value in resource.items() if value is not None}
    if len(given) != 1:
        raise InvalidInput("Resource must have exactly one of the catalog, database, table, … fields populated.")
    ((kind, value),) = given.items()
    catalog_id = value.get("CatalogId") or account
    match kind:
        case "Catalog":
            return Catalog(value.get("Id") or account)
        case "Database":
            return Database(catalog_id, value["Name"])
        case "Table":
            return _table(value, account)
        case "TableWithColumns":
            return _columns(value, account)
        case "DataLocation":
            return Location(catalog_id, value["ResourceArn"])
        case "DataCellsFilter":
            return filter_of(value, account)
        case _:
            raise NotKnownHereError(f"permissions on {kind}; it knows those on {', '.join(_KNOWN)}")


def _table(value: Mapping[str, Any], account: str) -> Table:
    named, wildcard = value.get("Name"), value.get("TableWildcard")
    if (named is None) == (wildcard is None):
        raise InvalidInput("Table resource must have exactly one of the fields Name and TableWildcard.")
    return Table(value.get("CatalogId") or account, value["DatabaseName"], named or ALL_TABLES)


def _columns(value: Mapping[str, Any], account: str) -> Columns:
    table = Table(value.get("CatalogId") or account, value["DatabaseName"], value["Name"])
    named, wildcard = value.get("ColumnNames"), value.get("ColumnWildcard")
    if bool(named) == (wildcard is not None):
        raise InvalidInput("TableWithColumns must have exactly one of the fields ColumnNames and ColumnWildcard.")
    return Columns(table, frozenset(named or ()), frozenset((wildcard or {}).get("ExcludedColumnNames") or ()))


def filter_of(value: Mapping[str, Any], account: str) -> Filter:
    """The data cells filter that a request names."""
    table = Table(value.get("TableCatalogId") or account, value["DatabaseName"], value["TableName"])
    return Filter(table, value["Name"])


def wire(resource: Resource) -> dict[str, Any]:
    """The resource as an answer holds it. Columns are sorted: their order means nothing."""
    match resource:
        case Catalog():
            return {"Catalog": {}}
        case Database():
            return {"Database": {"CatalogId": resource.catalog_id, "Name": resource.name}}
        case Table():
            every: dict[str, Any] = {"TableWildcard": {}} if resource.name == ALL_TABLES else {}
            return {"Table": {**_wire_table(resource), **every}}
        case Columns():
            return {"TableWithColumns": {**_wire_table(resource.table), **_wire_columns(resource)}}
        case Filter():
            table = resource.table
            of_table = {"TableCatalogId": table.catalog_id, "DatabaseName": table.database, "TableName": table.name}
            return {"DataCellsFilter": {**of_table, "Name": resource.name}}
        case Location():
            return {"DataLocation": {"CatalogId": resource.catalog_id, "ResourceArn": resource.arn}}
        case _:
            assert_never(resource)


def _wire_table(table: Table) -> dict[str, Any]:
    return {"CatalogId": table.catalog_id, "DatabaseName": table.database, "Name": table.name}


def _wire_columns(columns: Columns) -> dict[str, Any]:
    if columns.named:
        return {"ColumnNames": sorted(columns.named)}
    return {"ColumnWildcard": {"ExcludedColumnNames": sorted(columns.excluded)} if columns.excluded else {}}
