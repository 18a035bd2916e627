"""Lake Formation: registered locations and data cells filters. Grants stand in ``permissions``."""

from __future__ import annotations

from typing import Any

from mesh_infra.aws.schema import Prop
from mesh_infra.local.provider.connection import Aws, found, tolerating
from mesh_infra.local.provider.resource import Resource, Update, id_parts
from mesh_infra.local.provider.shape import from_aws, part, to_aws
from mesh_infra.local.provider.wire import Values

_GONE = "EntityNotFoundException"


class Registration(Resource):
    """A registered S3 location; one that is registered already counts as created. Its id is its ARN."""

    kind = "aws:lakeformation/resource:Resource"
    importable = False
    kept = frozenset(("useServiceLinkedRole",))

    def create(self, aws: Aws, inputs: Values, /) -> str:
        """RegisterResource, with the service-linked role where no other is given."""
        wanted = to_aws(
            part(
                self.schema,
                "hybridAccessEnabled",
                "roleArn",
                "useServiceLinkedRole",
                "withFederation",
                "withPrivilegedAccess",
            ),
            inputs,
            {},
        )
        if "roleArn" not in inputs:
            wanted["UseServiceLinkedRole"] = True
        arn = str(inputs["arn"])
        with tolerating("AlreadyExistsException"):
            aws.client("lakeformation").register_resource(ResourceArn=arn, **wanted)
        return arn

    def read(self, aws: Aws, id_: str, _: Values, /) -> Values | None:
        """DescribeResource."""
        answer = found(lambda: aws.client("lakeformation").describe_resource(ResourceArn=id_), _GONE)
        if answer is None:
            return None
        flags = part(self.schema, "hybridAccessEnabled", "roleArn", "withFederation", "withPrivilegedAccess")
        info = answer["ResourceInfo"]
        modified = info.get("LastModified")
        return {
            "arn": id_,
            "lastModified": modified.strftime("%Y-%m-%dT%H:%M:%SZ") if modified else None,
            **from_aws(flags, info, {}),
        }

    def delete(self, aws: Aws, id_: str, _: Values, /) -> None:
        """DeregisterResource."""
        with tolerating(_GONE):
            aws.client("lakeformation").deregister_resource(ResourceArn=id_)


class DataCellsFilter(Resource):
    """The rows and columns of a table that may be seen; fails to come where one of its name exists.

    Its id is ``database,name,catalog,table``.
    """

    kind = "aws:lakeformation/dataCellsFilter:DataCellsFilter"
    kept = frozenset(("timeouts",))
    _id_parts = ("databaseName", "name", "tableCatalogId", "tableName")

    @property
    def _table_data(self) -> Prop:
        return self.schema.inputs["tableData"]

    def create(self, aws: Aws, inputs: Values, /) -> str:
        """CreateDataCellsFilter."""
        aws.client("lakeformation").create_data_cells_filter(TableData=self._wanted(inputs))
        return ",".join(inputs["tableData"][part_] for part_ in self._id_parts)

    def read(self, aws: Aws, id_: str, _: Values, /) -> Values | None:
        """GetDataCellsFilter; gone with its table."""
        client = aws.client("lakeformation")
        answer = found(lambda: client.get_data_cells_filter(**_named(id_)), _GONE)
        if answer is None:
            return None
        table_data = from_aws(self._table_data, answer["DataCellsFilter"], {})
        if not table_data.get("columnNames"):
            table_data.pop("columnNames", None)
        return {"tableData": table_data}

    def update(self, aws: Aws, _: str, update: Update, /) -> None:
        """UpdateDataCellsFilter replaces rows and columns as a whole."""
        aws.client("lakeformation").update_data_cells_filter(TableData=self._wanted(update.new))

    def delete(self, aws: Aws, id_: str, _: Values, /) -> None:
        """DeleteDataCellsFilter."""
        with tolerating(_GONE):
            aws.client("lakeformation").delete_data_cells_filter(**_named(id_))

    def _wanted(self, inputs: Values) -> dict[str, Any]:
        wanted: dict[str, Any] = to_aws(self._table_data, inputs["tableData"], {})
        return wanted


def _named(id_: str) -> dict[str, str]:
    database, name, catalog, table = id_parts(id_, ",", "database", "name", "catalog", "table")
    return {"DatabaseName": database, "Name": name, "TableCatalogId": catalog, "TableName": table}
