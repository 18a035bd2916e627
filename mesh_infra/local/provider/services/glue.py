"""Glue: the databases and tables of the Data Catalog."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from mesh_infra.aws.resources.check import UNKNOWN
from mesh_infra.aws.schema import Prop
from mesh_infra.local.provider.connection import Aws, Client, found, tolerating
from mesh_infra.local.provider.resource import Resource, Update, id_parts
from mesh_infra.local.provider.shape import from_aws, part, to_aws
from mesh_infra.local.provider.tags import TagChange
from mesh_infra.local.provider.wire import Values

_GONE = "EntityNotFoundException"
_NAMES = {"serDeInfo": "SerdeInfo"}


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
    unsupported = frozenset(("openTableFormatInput", "partitionIndices", "viewDefinition"))

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
        """Names in upper case."""
        yield from _name_refusals(new)

    def create(self, aws: Aws, inputs: Values, /) -> str:
        """CreateTable."""
        catalog, database = inputs.get("catalogId", aws.account), inputs["databaseName"]
        aws.client("glue").create_table(CatalogId=catalog, DatabaseName=database, TableInput=self._input(inputs))
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
            **from_aws(self._described, table, _NAMES),
        }

    def update(self, aws: Aws, id_: str, update: Update, /) -> None:
        """UpdateTable replaces the description as a whole."""
        catalog, database, _ = id_parts(id_, ":", "catalog", "database", "name")
        aws.client("glue").update_table(CatalogId=catalog, DatabaseName=database, TableInput=self._input(update.new))

    def delete(self, aws: Aws, id_: str, _: Values, /) -> None:
        """DeleteTable."""
        catalog, database, name = id_parts(id_, ":", "catalog", "database", "name")
        with tolerating(_GONE):
            aws.client("glue").delete_table(CatalogId=catalog, DatabaseName=database, Name=name)

    def _input(self, inputs: Values) -> dict[str, Any]:
        """Athena wants partition keys to be there even where there are none."""
        wanted: dict[str, Any] = to_aws(self._described, inputs, _NAMES)
        return {"PartitionKeys": [], **wanted}
