"""Lake Formation: grants, as AWS keeps and lists them.

AWS keeps SELECT on a table as SELECT on all its columns, and the other permissions of a grant on columns on the table
(terraform-provider-aws, internal/service/lakeformation/filter.go): what was granted must be put together again.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from mesh_infra.aws.lakeformation import IAM_ALLOWED_PRINCIPALS
from mesh_infra.aws.resources.check import UNKNOWN
from mesh_infra.local.provider.connection import Aws, Client, code
from mesh_infra.local.provider.resource import Resource
from mesh_infra.local.provider.shape import to_aws
from mesh_infra.local.provider.wire import Values

_PRINCIPAL = re.compile(rf"{IAM_ALLOWED_PRINCIPALS}|\d{{12}}(:IAMPrincipals)?|arn:[a-z-]+:[a-z0-9-]+:.+")
_ALL_TABLES = "ALL_TABLES"
_ON = {
    "catalogResource": "Catalog",
    "dataCellsFilter": "DataCellsFilter",
    "dataLocation": "DataLocation",
    "database": "Database",
    "table": "Table",
    "tableWithColumns": "TableWithColumns",
}
"""What a grant is on: the input and AWS's name for it."""


class Permissions(Resource):
    """What a principal may do with one thing. Nothing of it changes in place, and it cannot be imported."""

    kind = "aws:lakeformation/permissions:Permissions"
    importable = False
    unsupported = frozenset(("lfTag", "lfTagPolicy"))

    def refusals(self, new: Values, _: Values, /) -> Iterator[str]:
        """Principals that are none, and tables of which neither name nor columns are said."""
        principal = new["principal"]
        if principal != UNKNOWN and not _PRINCIPAL.fullmatch(principal):
            yield (
                f"input 'principal' must be the ARN of a principal, an account id or {IAM_ALLOWED_PRINCIPALS}, "
                f"not '{principal}'"
            )
        for name, groups in (("table", ("name", "wildcard")), ("tableWithColumns", ("columnNames", "wildcard"))):
            given = new.get(name, UNKNOWN)
            if given != UNKNOWN and not any(given.get(group) for group in groups):
                yield f"input '{name}' needs '{groups[0]}' or '{groups[1]}: true'"

    def create(self, aws: Aws, inputs: Values, /) -> str:
        """GrantPermissions; what is granted already is no error. The id is a checksum of the request."""
        request = self._request(inputs)
        aws.client("lakeformation").grant_permissions(**request)
        return str(zlib.crc32(json.dumps(request, sort_keys=True).encode()))

    def read(self, aws: Aws, _: str, known: Values, /) -> Values | None:
        """ListPermissions of the principal on the thing; None where nothing of the grant is left."""
        on, wanted = _granted_on(known), self._resource(known)
        mine = [
            entry
            for entry in _listed(aws.client("lakeformation"), known, wanted)
            if entry["Principal"]["DataLakePrincipalIdentifier"] == known["principal"]
            and _belongs(entry["Resource"], wanted)
        ]
        if not mine:
            return None
        observed = {
            "catalogId": known.get("catalogId"),
            "catalogResource": on == "catalogResource",
            "permissions": _union(entry.get("Permissions", []) for entry in mine),
            "permissionsWithGrantOptions": _union(entry.get("PermissionsWithGrantOption", []) for entry in mine),
            "principal": known["principal"],
        }
        if on == "catalogResource":
            return observed
        catalogs = (next(iter(entry["Resource"].values())).get("CatalogId") for entry in mine)
        catalog = next(filter(None, catalogs), None)
        in_catalog = {"catalogId": catalog} if catalog and "catalogId" in self.schema.inputs[on].fields else {}
        return {**observed, on: {**in_catalog, **known[on]}}

    def delete(self, aws: Aws, _: str, state: Values, /) -> None:
        """RevokePermissions; that there is nothing to revoke, be it for want of the table or column, is success."""
        try:
            aws.client("lakeformation").revoke_permissions(**self._request(state))
        except ClientError as error:
            if not _nothing_to_revoke(error):
                raise

    def _request(self, values: Values) -> dict[str, Any]:
        optional = {
            "CatalogId": values.get("catalogId"),
            "PermissionsWithGrantOption": values.get("permissionsWithGrantOptions"),
        }
        return {
            "Principal": {"DataLakePrincipalIdentifier": values["principal"]},
            "Resource": self._resource(values),
            "Permissions": values["permissions"],
            **{name: value for name, value in optional.items() if value},
        }

    def _resource(self, values: Values) -> dict[str, Any]:
        """What the grant is on, as AWS takes it."""
        on = _granted_on(values)
        if on == "catalogResource":
            return {"Catalog": {}}
        wanted = to_aws(self.schema.inputs[on], values[on], {"arn": "ResourceArn"})
        excluded = wanted.pop("ExcludedColumnNames", [])
        if wanted.pop("Wildcard", False):
            wanted["TableWildcard" if on == "table" else "ColumnWildcard"] = {}
        if excluded:
            wanted["ColumnWildcard"] = {"ExcludedColumnNames": excluded}
        return {_ON[on]: wanted}


def _granted_on(values: Values) -> str:
    return next(name for name in _ON if values.get(name))


def _listed(client: Client, known: Values, wanted: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The grants of the principal on the thing; columns cannot be asked for, so that the whole table is."""
    if columns := wanted.get("TableWithColumns"):
        wanted = {"Table": {key: columns[key] for key in ("CatalogId", "DatabaseName", "Name") if key in columns}}
    request = {"Principal": {"DataLakePrincipalIdentifier": known["principal"]}, "Resource": wanted}
    if "catalogId" in known:
        request["CatalogId"] = known["catalogId"]
    try:
        while True:
            answer = client.list_permissions(**request)
            yield from answer["PrincipalResourcePermissions"]
            if not answer.get("NextToken"):
                return
            request["NextToken"] = answer["NextToken"]
    except ClientError as error:
        if not _does_not_exist(error):
            raise


def _belongs(listed: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether what AWS lists is (a part of) what was granted."""
    ((kind, thing),) = wanted.items()
    match kind:
        case "Table":
            return _same_table(listed.get("Table"), thing) or _is_all_columns(listed.get("TableWithColumns"), thing)
        case "TableWithColumns":
            return _same_table(listed.get("Table"), thing) or _same_columns(listed.get("TableWithColumns"), thing)
        case _:
            found = listed.get(kind)
            return found is not None and all(found.get(key) == thing[key] for key in thing.keys() - {"CatalogId"})


def _same_table(listed: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> bool:
    if listed is None or listed["DatabaseName"] != wanted["DatabaseName"]:
        return False
    if "TableWildcard" in wanted:
        return "TableWildcard" in listed or listed.get("Name") == _ALL_TABLES
    return bool(listed.get("Name") == wanted["Name"])


def _is_all_columns(listed: Mapping[str, Any] | None, table: Mapping[str, Any]) -> bool:
    if listed is None or not _same_table(listed, table) or "ColumnWildcard" not in listed:
        return False
    return not listed["ColumnWildcard"].get("ExcludedColumnNames")


def _same_columns(listed: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> bool:
    if listed is None or not _same_table(listed, wanted):
        return False
    return _columns(listed) == _columns(wanted)


def _columns(thing: Mapping[str, Any]) -> tuple[bool, frozenset[str]]:
    """The columns named or left out, and which of the two it is."""
    if "ColumnWildcard" in thing:
        return True, frozenset(thing["ColumnWildcard"].get("ExcludedColumnNames") or ())
    return False, frozenset(thing.get("ColumnNames") or ())


def _union(permissions: Iterable[Iterable[str]]) -> list[str]:
    return sorted({permission for some in permissions for permission in some})


def _does_not_exist(error: ClientError) -> bool:
    return code(error) == "EntityNotFoundException" or "Resource does not exist" in str(error)


def _nothing_to_revoke(error: ClientError) -> bool:
    reasons = ("No permissions revoked", "non-existent column")
    return _does_not_exist(error) or any(reason in str(error) for reason in reasons)
