"""Lake Formation: registered locations, permissions and data cells filters."""

from __future__ import annotations

from mesh_infra.aws.resources.props import flag, many, obj, region, text, unordered
from mesh_infra.aws.schema import Prop, ResourceSchema

RESOURCE = ResourceSchema(
    "aws:lakeformation/resource:Resource",
    inputs={
        "arn": text(required=True, replaces=True),
        "hybridAccessEnabled": flag(computed=True, replaces=True),
        "region": region(),
        "roleArn": text(computed=True, replaces=True),
        "useServiceLinkedRole": flag(replaces=True),
        "withFederation": flag(computed=True, replaces=True),
        "withPrivilegedAccess": flag(replaces=True),
    },
    outputs=("lastModified",),
)

_PERMISSIONS = (
    *("ALL", "ALTER", "ASSOCIATE", "CREATE_CATALOG", "CREATE_DATABASE", "CREATE_LF_TAG", "CREATE_LF_TAG_EXPRESSION"),
    *("CREATE_TABLE", "DATA_LOCATION_ACCESS", "DELETE", "DESCRIBE", "DROP", "EXECUTE"),
    *("GRANT_WITH_LF_TAG_EXPRESSION", "INSERT", "SELECT", "SUPER_USER"),
)


def _catalog() -> Prop:
    return text(computed=True, replaces=True)


PERMISSIONS = ResourceSchema(
    "aws:lakeformation/permissions:Permissions",
    inputs={
        "principal": text(required=True, replaces=True),
        "permissions": unordered(text(values=_PERMISSIONS), required=True, replaces=True),
        "permissionsWithGrantOptions": unordered(text(values=_PERMISSIONS), computed=True, replaces=True),
        "catalogId": text(replaces=True),
        "region": region(),
        "catalogResource": flag(replaces=True),
        # Its fields do not replace, and nothing can be updated: the change of a name is planned as an update and
        # refused when it is applied, while the old grant stays in force.
        "dataCellsFilter": obj(
            {
                "databaseName": text(required=True),
                "name": text(required=True),
                "tableCatalogId": text(required=True),
                "tableName": text(required=True),
            },
            replaces_as_whole=True,
        ),
        "dataLocation": obj({"arn": text(required=True), "catalogId": _catalog()}, replaces=True),
        "database": obj({"name": text(required=True), "catalogId": _catalog()}, replaces=True),
        "lfTag": obj(
            {"key": text(required=True), "values": unordered(text(), required=True), "catalogId": _catalog()},
            replaces=True,
        ),
        "lfTagPolicy": obj(
            {
                "expressions": unordered(
                    obj({"key": text(required=True), "values": unordered(text(), required=True)}),
                    required=True,
                    replaces=True,
                ),
                "resourceType": text(required=True, replaces=True, values=("DATABASE", "TABLE")),
                "catalogId": text(computed=True),
            },
            replaces_as_whole=True,
        ),
        "table": obj(
            {
                "databaseName": text(required=True),
                "catalogId": _catalog(),
                "name": text(computed=True),
                "wildcard": flag(),
            },
            replaces=True,
        ),
        "tableWithColumns": obj(
            {
                "databaseName": text(required=True),
                "name": text(required=True),
                "catalogId": _catalog(),
                "columnNames": unordered(text()),
                "excludedColumnNames": unordered(text()),
                "wildcard": flag(),
            },
            replaces=True,
        ),
    },
    exactly_one_of=(
        (
            "catalogResource",
            "dataCellsFilter",
            "dataLocation",
            "database",
            "lfTag",
            "lfTagPolicy",
            "table",
            "tableWithColumns",
        ),
    ),
)

DATA_CELLS_FILTER = ResourceSchema(
    "aws:lakeformation/dataCellsFilter:DataCellsFilter",
    inputs={
        "region": region(),
        "tableData": obj(
            {
                "databaseName": text(required=True, replaces=True),
                "name": text(required=True, replaces=True),
                "tableCatalogId": text(required=True, replaces=True),
                "tableName": text(required=True, replaces=True),
                "rowFilter": obj(
                    {"allRowsWildcard": obj({}), "filterExpression": text(computed=True)},
                    required=True,
                    exactly_one_of=(("allRowsWildcard", "filterExpression"),),
                ),
                "columnNames": unordered(text(), computed=True),
                "columnWildcard": obj({"excludedColumnNames": many(text())}),
                "versionId": text(computed=True),
            },
            required=True,
            exactly_one_of=(("columnNames", "columnWildcard"),),
        ),
        "timeouts": obj({"create": text()}),
    },
)
