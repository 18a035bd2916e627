"""Glue: the databases and tables of the Data Catalog."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from mesh_infra.aws.resources.check import UNKNOWN
from mesh_infra.aws.schema import Prop
from mesh_infra.local.provider.connection import Aws, Client, found, tolerating
from mesh_infra.local.provider.errors import ProviderError
from mesh_infra.local.provider.resource import Resource, Update, id_parts
from mesh_infra.local.provider.shape import from_aws, part, to_aws
from mesh_infra.local.provider.tags import TagChange
from mesh_infra.local.provider.wire import Value, Values

_GONE = "EntityNotFoundException"
_NAMES = {"serDeInfo": "SerdeInfo"}
_OPEN_TABLE_NAMES = {"icebergTableInput": "CreateIcebergTableInput", "sortOrder": "WriteOrder"}
_MANAGED = ("table_type", "metadata_location")
"""Parameters of an Iceberg table that pulumi-aws leaves to Glue and the table's writers."""


def _name_refusals(new: Values) -> Iterator[str]:
    """Glue folds names to lower case, so that the plan refuses the others."""
    name = new.get("name", UNKNOWN)
    if name == UNKNOWN:
        return
    if name != name.lower():
        yield f"input 'name': uppercase characters cannot be used in '{name}'"
    elif not 1 <= len(name) <= 255:
        yield f"input 'name' must have 1 to 255 characters, not {len(name)}"


class CatalogDatabase(Resource):
    """A database; fails to come where one of its name exists. Its id is ``catalog:name``."""

    kind = "aws:glue/catalogDatabase:CatalogDatabase"
    unsupported = frozenset(("federatedDatabase",))

    @cached_property
    def _described(self) -> Prop:
        """What stands in AWS's DatabaseInput."""
        return part(
            self.schema,
            "createTableDefaultPermissions",
            "description",
            "locationUri",
            "name",
            "parameters",
            "targetDatabase",
        )

    def refusals(self, new: Values, _: Values, /) -> Iterator[str]:
        """Names in upper case."""
        yield from _name_refusals(new)

    def create(self, aws: Aws, inputs: Values, /) -> str:
        """CreateDatabase, with its tags."""
        catalog = inputs.get("catalogId", aws.account)
        wanted = to_aws(self._described, inputs, {})
        aws.client("glue").create_database(CatalogId=catalog, DatabaseInput=wanted, Tags=inputs["tagsAll"])
        return f"{catalog}:{inputs['name']}"

    def read(self, aws: Aws, id_: str, _: Values, /) -> Values | None:
        """GetDatabase and its tags."""
        glue = aws.client("glue")
        catalog, name = id_parts(id_, ":", "catalog", "name")
        answer = found(lambda: glue.get_database(CatalogId=catalog, Name=name), _GONE)
        if answer is None:
            return None
        arn = aws.arn("glue", f"database/{name}")
        return {
            "arn": arn,
            "catalogId": answer["Database"].get("CatalogId", catalog),
            "tagsAll": glue.get_tags(ResourceArn=arn)["Tags"],
            **from_aws(self._described, answer["Database"], {}),
        }

    def update(self, aws: Aws, id_: str, update: Update, /) -> None:
        """UpdateDatabase replaces the description as a whole; tags have calls of their own."""
        glue = aws.client("glue")
        catalog, name = id_parts(id_, ":", "catalog", "name")
        if update.changed & self._described.fields.keys():
            wanted = to_aws(self._described, update.new, {})
            glue.update_database(CatalogId=catalog, Name=name, DatabaseInput=wanted)
        if "tagsAll" in update.changed:
            arn = aws.arn("glue", f"database/{name}")
            _retag(glue, arn, TagChange.between(update.old.get("tagsAll", {}), update.new["tagsAll"]))

    def delete(self, aws: Aws, id_: str, _: Values, /) -> None:
        """DeleteDatabase: its tables go with it."""
        catalog, name = id_parts(id_, ":", "catalog", "name")
        with tolerating(_GONE):
            aws.client("glue").delete_database(CatalogId=catalog, Name=name)


def _retag(glue: Client, arn: str, change: TagChange) -> None:
    if change.remove:
        glue.untag_resource(ResourceArn=arn, TagsToRemove=change.remove)
    if change.put:
        glue.tag_resource(ResourceArn=arn, TagsToAdd=change.put)


class CatalogTable(Resource):
    """A table; fails to come where one of its name exists. Its id is ``catalog:database:name``."""

    kind = "aws:glue/catalogTable:CatalogTable"
    unsupported = frozenset(("partitionIndices", "viewDefinition"))
    kept = frozenset(("openTableFormatInput",))

    @cached_property
    def _described(self) -> Prop:
        """What stands in AWS's TableInput."""
        return part(
            self.schema,
            "description",
            "name",
            "owner",
            "parameters",
            "partitionKeys",
            "retention",
            "storageDescriptor",
            "tableType",
            "targetTable",
            "viewExpandedText",
            "viewOriginalText",
        )

    def refusals(self, new: Values, _: Values, /) -> Iterator[str]:
        """Names in upper case, and types of Iceberg fields that are no JSON documents."""
        yield from _name_refusals(new)
        for index, type_ in enumerate(_types(_iceberg_table(new))):
            if type_ != UNKNOWN and not _is_json(type_):
                yield f"the type of the Iceberg field {index} contains an invalid JSON: '{type_}'"

    def create(self, aws: Aws, inputs: Values, /) -> str:
        """CreateTable; where Glue makes an Iceberg table itself, no other input is sent along."""
        catalog, database = inputs.get("catalogId", aws.account), inputs["databaseName"]
        given = _open_table(inputs, part(self.schema, "openTableFormatInput"))
        described = {"Name": inputs["name"]} if _iceberg_table(inputs) else {"TableInput": self._input(inputs)}
        aws.client("glue").create_table(CatalogId=catalog, DatabaseName=database, **described, **given)
        return f"{catalog}:{database}:{inputs['name']}"

    def read(self, aws: Aws, id_: str, _: Values, /) -> Values | None:
        """GetTable; gone with its database."""
        catalog, database, name = id_parts(id_, ":", "catalog", "database", "name")
        glue = aws.client("glue")
        answer = found(lambda: glue.get_table(CatalogId=catalog, DatabaseName=database, Name=name), _GONE)
        if answer is None:
            return None
        table = answer["Table"]
        return {
            "arn": aws.arn("glue", f"table/{database}/{name}"),
            "catalogId": table.get("CatalogId", catalog),
            "databaseName": table["DatabaseName"],
            **from_aws(self._described, {**table, "Parameters": _unmanaged(table)}, _NAMES),
        }

    def update(self, aws: Aws, id_: str, update: Update, /) -> None:
        """UpdateTable replaces the description as a whole, but for what the writers of an Iceberg table keep there."""
        catalog, database, name = id_parts(id_, ":", "catalog", "database", "name")
        glue = aws.client("glue")
        if "openTableFormatInput" in update.changed and _iceberg_table(update.new):
            raise ProviderError("evolving an Iceberg table is not supported by the local provider")
        table = glue.get_table(CatalogId=catalog, DatabaseName=database, Name=name)["Table"]
        kept = {key: table["Parameters"][key] for key in _managed(table)}
        wanted = self._input(update.new)
        wanted |= {"Parameters": {**wanted.get("Parameters", {}), **kept}} if kept else {}
        glue.update_table(CatalogId=catalog, DatabaseName=database, TableInput=wanted)

    def delete(self, aws: Aws, id_: str, _: Values, /) -> None:
        """DeleteTable."""
        catalog, database, name = id_parts(id_, ":", "catalog", "database", "name")
        with tolerating(_GONE):
            aws.client("glue").delete_table(CatalogId=catalog, DatabaseName=database, Name=name)

    def _input(self, inputs: Values) -> dict[str, Any]:
        """Athena wants partition keys to be there even where there are none."""
        wanted: dict[str, Any] = to_aws(self._described, inputs, _NAMES)
        return {"PartitionKeys": [], **wanted}


def _iceberg_table(inputs: Values) -> Values | None:
    """What describes an Iceberg table that Glue is to make, where that is asked for and known."""
    value: Value = inputs
    for name in ("openTableFormatInput", "icebergInput", "icebergTableInput"):
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else None


def _types(table: Values | None) -> Iterator[str]:
    """The types of an Iceberg table's fields, those that are known."""
    schema = (table or {}).get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    for field in fields if isinstance(fields, list) else ():
        if isinstance(field, dict):
            yield field["type"]


def _open_table(inputs: Values, shape: Prop) -> dict[str, Any]:
    """The format's own input as AWS takes it: the types of fields are JSON documents there, and text here."""
    given: dict[str, Any] = to_aws(shape, inputs, _OPEN_TABLE_NAMES)
    table = (given.get("OpenTableFormatInput") or {}).get("IcebergInput", {}).get("CreateIcebergTableInput")
    for field in table["Schema"]["Fields"] if table else ():
        field["Type"] = json.loads(field["Type"])
    return given


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _managed(table: dict[str, Any]) -> list[str]:
    parameters = table.get("Parameters") or {}
    return [key for key in _MANAGED if key in parameters] if parameters.get("table_type") == "ICEBERG" else []


def _unmanaged(table: dict[str, Any]) -> dict[str, str]:
    managed = _managed(table)
    return {key: value for key, value in (table.get("Parameters") or {}).items() if key not in managed}
