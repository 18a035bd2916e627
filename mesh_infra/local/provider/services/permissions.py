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

from mesh_infra.aws.lakeformation import IAM_ALLOWED_PRINCIPALS
from mesh_infra.aws.resources.check import UNKNOWN
from mesh_infra.local.provider.connection import Aws, code, found
from mesh_infra.local.provider.resource import Resource
from mesh_infra.local.provider.shape import to_aws
from mesh_infra.local.provider.wire import Values

from botocore.exceptions import ClientError

_PRINCIPAL = re.compile(rf"{IAM_ALLOWED_PRINCIPALS}|\d{{12}}(:IAMPrincipals)?|arn:[a-z-]+:[a-z0-9-]+:.+")
_NAMES = {"arn": "ResourceArn"}
_GRANTED_ON = {
    "catalogResource": "Catalog",
    "dataCellsFilter": "DataCellsFilter",
    "dataLocation": "DataLocation",
    "database": "Database",
    "table": "Table",
    "tableWithColumns": "TableWithColumns",
}


class Permissions(Resource):
    """What a principal may do with one thing. Nothing of it changes in place, and it cannot be imported."""

    token = "aws:lakeformation/permissions:Permissions"
    importable = False
    unsupported = frozenset(("lfTag", "lfTagPolicy"))

    def refusals(self, new: Values, old: Values) -> Iterator[str]:  # noqa: ARG002 - the old inputs do not matter
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

    def create(self, aws: Aws, inputs: Values) -> str:
        """GrantPermissions; what is granted already is no error. The id is a checksum of the request."""
        request = self._request(inputs)
        aws.client("lakeformation").grant_permissions(**request)
        return str(zlib.crc32(json.dumps(request, sort_keys=True).encode()))

    def read(self, aws: Aws, id_: str, known: Values) -> Values | None:  # noqa: ARG002 - the id says nothing
        """ListPermissions of the principal on the thing; None where nothing of the grant is left."""
        kind = next(name for name in _GRANTED_ON if known.get(name))
        wanted = self._resource(known)
        entries = list(self._listed(aws, known, wanted))
        mine = [entry for entry in entries if _belongs(wanted, entry["Resource"])]
        if not mine:
            return None
        return {
            "catalogId": known.get("catalogId"),
            "catalogResource": kind == "catalogResource",
            "permissions": _union(entry["Permissions"] for entry in mine),
            "permissionsWithGrantOptions": _union(entry.get("PermissionsWithGrantOption", []) for entry in mine),
            "principal": mine[0]["Principal"]["DataLakePrincipalIdentifier"],
            **({kind: self._observed(aws, known, kind)} if kind != "catalogResource" else {}),
        }

    def delete(self, aws: Aws, id_: str, state: Values) -> None:  # noqa: ARG002 - the id says nothing
        """RevokePermissions; nothing left to revoke, also for want of the table or the column, counts as success."""
        try:
            aws.client("lakeformation").revoke_permissions(**self._request(state))
        except ClientError as error:
            if not _nothing_to_revoke(error):
                raise
