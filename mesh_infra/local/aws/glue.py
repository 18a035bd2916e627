"""Glue's Data Catalog where Lake Formation depends on it, and where AWS documents what moto does not do.

Sources: Glue web API reference, DatabaseInput and TableInput; Lake Formation developer guide, "Changing the default
settings for your data lake".
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, cast

from moto.core.responses import ActionResult, EmptyResult
from moto.glue import urls
from moto.glue.exceptions import TableAlreadyExistsException
from moto.glue.models import FakeDatabase, FakeTable, GlueBackend, glue_backends
from moto.glue.responses import GlueResponse
from moto.s3.models import s3_backends

from mesh_infra.local.aws.errors import NotKnownHereError
from mesh_infra.local.aws.extension import Extension
from mesh_infra.local.aws.iceberg import InvalidIcebergTableError, check_iceberg_input, described, write_metadata
from mesh_infra.local.aws.lakeformation.backend import LocalLakeFormation, lake_formation
from mesh_infra.local.aws.lakeformation.resources import Database, Table

_TABLE_DEFAULTS = "CreateTableDefaultPermissions"


class LocalGlue(GlueBackend):
    """The Data Catalog: what comes gets the default permissions, what goes takes its grants and filters along."""

    @property
    def _url_module(self) -> ModuleType:
        return urls

    @property
    def _lake_formation(self) -> LocalLakeFormation:
        return lake_formation(self.account_id, self.region_name)

    def create_database(
        self, database_name: str, database_input: dict[str, Any], tags: dict[str, str] | None = None
    ) -> FakeDatabase:
        """CreateDatabase: the name is folded to lower case, the defaults are those of the account at this moment."""
        name = database_name.lower()
        settings = self._lake_formation.lake_settings
        described = {_TABLE_DEFAULTS: settings[_TABLE_DEFAULTS], **database_input, "Name": name}
        database = super().create_database(name, described, tags)
        self._lake_formation.created(Database(self.account_id, name), settings["CreateDatabaseDefaultPermissions"])
        return database

    def update_database(self, database_name: str, database_input: dict[str, Any]) -> None:
        """UpdateDatabase: the default permissions of its tables stay where the request does not say them."""
        kept = self.get_database(database_name).input.get(_TABLE_DEFAULTS)
        super().update_database(database_name, {_TABLE_DEFAULTS: kept, **database_input})

    def delete_database(self, database_name: str) -> None:
        """DeleteDatabase: its tables go with it."""
        super().delete_database(database_name)
        self._lake_formation.deleted(Database(self.account_id, database_name))

    def create_table(
        self,
        database_name: str,
        table_name: str,
        table_input: dict[str, Any],
        open_table_format_input: dict[str, Any] | None = None,
    ) -> FakeTable:
        """CreateTable: the name is folded to lower case, the default permissions are those of the database."""
        name = table_name.lower()
        table = super().create_table(database_name, name, {**table_input, "Name": name}, open_table_format_input)
        defaults = self.get_database(database_name).input.get(_TABLE_DEFAULTS) or []
        granted = [default for default in defaults if default.get("Permissions")]
        self._lake_formation.created(Table(self.account_id, database_name, name), granted)
        return table

    def create_iceberg_table(
        self, database_name: str, table_name: str, wanted: dict[str, Any], version: str
    ) -> FakeTable:
        """CreateTable with CreateIcebergTableInput: Glue writes the first metadata file and describes the table."""
        check_iceberg_input(wanted)
        database = self.get_database(database_name)
        name = table_name.lower()
        if name in database.tables:
            raise TableAlreadyExistsException
        metadata = write_metadata(s3_backends[self.account_id]["aws"], wanted, version)
        return self.create_table(database_name, name, described(name, wanted, metadata))

    def delete_table(self, database_name: str, table_name: str) -> None:
        """DeleteTable."""
        super().delete_table(database_name, table_name)
        self._lake_formation.deleted(Table(self.account_id, database_name, table_name))


class LocalGlueResponse(GlueResponse):
    """Each method is an action of the API; moto dispatches to it by its name."""

    def create_table(self) -> ActionResult:
        """CreateTable: a table is described by a TableInput, or an Iceberg table by an input of its own."""
        request = self.parameters
        iceberg = (request.get("OpenTableFormatInput") or {}).get("IcebergInput") or {}
        if "CreateIcebergTableInput" not in iceberg:
            return super().create_table()
        if "Name" not in request or "TableInput" in request:
            raise InvalidIcebergTableError("Name, and no TableInput, goes with CreateIcebergTableInput")
        catalog = cast("LocalGlue", glue_backends[self.current_account][self.region])
        catalog.create_iceberg_table(
            request["DatabaseName"], request["Name"], iceberg["CreateIcebergTableInput"], iceberg.get("Version", "2")
        )
        return EmptyResult()

    def update_table(self) -> ActionResult:
        """UpdateTable."""
        if "UpdateOpenTableFormatInput" in self.parameters:
            raise NotKnownHereError("UpdateOpenTableFormatInput")
        return super().update_table()

    def get_table(self) -> ActionResult:
        """GetTable, which says whether Lake Formation governs the table's location."""
        request = self.parameters
        table = self.glue_backend.get_table(request["DatabaseName"], request["Name"]).as_dict()
        location = (table.get("StorageDescriptor") or {}).get("Location") or ""
        registered = lake_formation(self.current_account, self.region).registrations.cover(location)
        return ActionResult({"Table": {**table, "IsRegisteredWithLakeFormation": registered}})


EXTENSION = Extension(urls, LocalGlueResponse, backends=glue_backends, backend=LocalGlue)
