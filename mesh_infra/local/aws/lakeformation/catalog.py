"""What the Glue Data Catalog holds, as far as Lake Formation asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from moto.glue.exceptions import DatabaseNotFoundException
from moto.glue.models import GlueBackend, glue_backends
from moto.lakeformation.exceptions import InvalidInput

from mesh_infra.local.aws.lakeformation.resources import (
    ALL_TABLES,
    Catalog,
    Columns,
    Database,
    Filter,
    Location,
    Resource,
    Table,
)


class DataCatalog:
    """The Data Catalog of an account in a region."""

    def __init__(self, account: str, region: str) -> None:
        self._account = account
        self._region = region

    def check(self, resource: Resource) -> None:
        """Raises AWS's EntityNotFoundException, or InvalidInputException for columns, where it is not there.

        Whether a data cells filter is there, and not only its table, is for whoever keeps the filters.
        """
        match resource:
            case Catalog() | Location():
                return
            case Database():
                self._database(resource.catalog_id, resource.name)
            case Table():
                self.columns(resource)
            case Columns():
                if not resource.named | resource.excluded <= self.columns(resource.table).keys():
                    raise InvalidInput("cannot grant/revoke permission on non-existent column")
            case Filter():
                self.columns(resource.table)
            case _:
                assert_never(resource)

    def columns(self, table: Table) -> Mapping[str, str]:
        """The columns of a table, partition keys too, with their types; none for all tables of a database.

        Raises AWS's EntityNotFoundException where there is no such table.
        """
        if table.name == ALL_TABLES:
            self._database(table.catalog_id, table.database)
            return {}
        found = self._backend(table.catalog_id, table.database).get_table(table.database, table.name)
        definition = found.as_dict()
        columns = (definition.get("StorageDescriptor") or {}).get("Columns") or []
        keys = definition.get("PartitionKeys") or []
        return {column["Name"]: column.get("Type", "") for column in [*columns, *keys]}

    def _database(self, catalog_id: str, name: str) -> None:
        self._backend(catalog_id, name).get_database(name)

    def _backend(self, catalog_id: str, database: str) -> GlueBackend:
        if catalog_id != self._account:
            raise DatabaseNotFoundException(database)
        return glue_backends[self._account][self._region]
