"""Lake Formation's API: requests parsed, answers written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.lakeformation import urls
from moto.lakeformation.exceptions import InvalidInput
from moto.lakeformation.models import lakeformation_backends
from moto.lakeformation.responses import LakeFormationResponse

from mesh_infra.local.aws.errors import NotKnownHereError
from mesh_infra.local.aws.extension import Extension
from mesh_infra.local.aws.lakeformation.backend import LocalLakeFormation, lake_formation
from mesh_infra.local.aws.lakeformation.grants import Grant
from mesh_infra.local.aws.lakeformation.resources import (
    Catalog,
    Columns,
    Database,
    Filter,
    Location,
    Resource,
    Table,
    filter_of,
    parse,
)
from mesh_infra.local.aws.pages import page

_MOST_ENTRIES = 20
"""API reference, BatchGrantPermissions: up to 20 entries."""

_TYPES: Mapping[str, tuple[type[Resource], ...]] = {
    "CATALOG": (Catalog,),
    "DATABASE": (Database,),
    # Grants on data cells filters are not among them (seen on AWS; the API reference does not say).
    "TABLE": (Table, Columns),
    "DATA_LOCATION": (Location,),
}

Change = Callable[[str, Resource, list[str], list[str]], None]


class LocalLakeFormationResponse(LakeFormationResponse):
    """Each method is an action of the API; moto dispatches to it by its name."""

    @property
    def _backend(self) -> LocalLakeFormation:
        return lake_formation(self.current_account, self.region)

    @property
    def _request(self) -> dict[str, Any]:
        request: dict[str, Any] = json.loads(self.body or "{}")
        return request

    def grant_permissions(self) -> str:
        """GrantPermissions."""
        return self._change(self._backend.grant, self._request)

    def revoke_permissions(self) -> str:
        """RevokePermissions."""
        return self._change(self._backend.revoke, self._request)

    def batch_grant_permissions(self) -> str:
        """BatchGrantPermissions: what cannot be granted is listed, the rest is."""
        return self._batch(self._backend.grant)

    def batch_revoke_permissions(self) -> str:
        """BatchRevokePermissions: what cannot be revoked is listed, the rest is."""
        return self._batch(self._backend.revoke)

    def _change(self, change: Change, request: Mapping[str, Any]) -> str:
        if request.get("Condition"):
            raise NotKnownHereError("conditions on permissions")
        change(
            request["Principal"]["DataLakePrincipalIdentifier"],
            parse(request["Resource"], self.current_account),
            request.get("Permissions") or [],
            request.get("PermissionsWithGrantOption") or [],
        )
        return "{}"

    def _batch(self, change: Change) -> str:
        entries = self._request["Entries"]
        if len(entries) > _MOST_ENTRIES:
            raise InvalidInput(f"A batch may have at most {_MOST_ENTRIES} entries")
        failures = []
        for entry in entries:
            try:
                self._change(change, entry)
            except JsonRESTError as error:
                reason = {"ErrorCode": error.error_type, "ErrorMessage": error.message}
                failures.append({"RequestEntry": entry, "Error": reason})
        return json.dumps({"Failures": failures})

    def list_permissions(self) -> str:
        """ListPermissions, of a resource or of everything."""
        request = self._request
        principal = (request.get("Principal") or {}).get("DataLakePrincipalIdentifier")
        if principal and not request.get("Resource"):
            raise InvalidInput("Resource is mandatory if Principal is set in the input.")
        grants = self._of_type([grant for grant in self._listed(request) if principal in (None, grant.principal)])
        entries, next_page = page([grant.wire() for grant in grants], request)
        return json.dumps({"PrincipalResourcePermissions": entries, **next_page})

    def _listed(self, request: Mapping[str, Any]) -> list[Grant]:
        if not request.get("Resource"):
            return list(self._backend.held)
        resource = parse(request["Resource"], self.current_account)
        if isinstance(resource, Columns):
            # API reference, ListPermissions: "This operation does not support getting privileges on a table with
            # columns. Instead, call this operation on the table".
            raise InvalidInput("Listing the permissions on a table with columns is not supported; list the table's.")
        related = str(request.get("IncludeRelated", "FALSE")).upper() == "TRUE"
        if related and request.get("Principal"):
            raise InvalidInput("Principal must not be specified when requesting cell filter information.")
        filters = self._backend.granted_on_filters(resource) if related and isinstance(resource, Table) else []
        return [*self._backend.granted_on(resource), *filters]

    def _of_type(self, grants: list[Grant]) -> list[Grant]:
        wanted = self._request.get("ResourceType")
        if wanted is None:
            return grants
        if wanted not in _TYPES:
            raise NotKnownHereError(f"permissions on {wanted}")
        return [grant for grant in grants if isinstance(grant.resource, _TYPES[wanted])]

    def create_data_cells_filter(self) -> str:
        """CreateDataCellsFilter."""
        self._backend.filters.create(self._backend.parse_filter(self._request["TableData"]))
        return "{}"

    def update_data_cells_filter(self) -> str:
        """UpdateDataCellsFilter: replaces rows and columns."""
        self._backend.filters.get(filter_of(self._request["TableData"], self.current_account))
        self._backend.filters.replace(self._backend.parse_filter(self._request["TableData"]))
        return "{}"

    def get_data_cells_filter(self) -> str:
        """GetDataCellsFilter."""
        return json.dumps({"DataCellsFilter": self._backend.filters.get(self._named_filter()).wire()})

    def delete_data_cells_filter(self) -> str:
        """DeleteDataCellsFilter."""
        self._backend.delete_filter(self._named_filter())
        return "{}"

    def list_data_cells_filter(self) -> str:
        """ListDataCellsFilter, of a table or of everything."""
        request = self._request
        found = list(self._backend.filters)
        if request.get("Table"):
            table = parse({"Table": request["Table"]}, self.current_account)
            found = [cells_filter for cells_filter in found if cells_filter.key.table == table]
        entries, next_page = page([cells_filter.wire() for cells_filter in found], request)
        return json.dumps({"DataCellsFilters": entries, **next_page})

    def _named_filter(self) -> Filter:
        missing = [name for name in ("DatabaseName", "TableName", "Name") if not self._request.get(name)]
        if missing:
            raise InvalidInput(f"{missing[0]} must be given")
        return filter_of(self._request, self.current_account)

    def register_resource(self) -> str:
        """RegisterResource."""
        self._backend.registrations.register(self._request)
        return "{}"

    def update_resource(self) -> str:
        """UpdateResource."""
        self._backend.registrations.update(self._request)
        return "{}"

    def describe_resource(self) -> str:
        """DescribeResource."""
        return json.dumps({"ResourceInfo": self._backend.registrations.get(self._request["ResourceArn"]).wire()})

    def deregister_resource(self) -> str:
        """DeregisterResource."""
        self._backend.registrations.deregister(self._request["ResourceArn"])
        return "{}"

    def list_resources(self) -> str:
        """ListResources."""
        if self._request.get("FilterConditionList"):
            raise NotKnownHereError("ListResources with a FilterConditionList")
        found = [registered.wire() for registered in self._backend.registrations]
        entries, next_page = page(found, self._request)
        return json.dumps({"ResourceInfoList": entries, **next_page})


EXTENSION = Extension(
    urls,
    LocalLakeFormationResponse,
    backends=lakeformation_backends,
    backend=LocalLakeFormation,
    paths=(
        "{0}/CreateDataCellsFilter$",
        "{0}/DeleteDataCellsFilter$",
        "{0}/GetDataCellsFilter$",
        "{0}/UpdateDataCellsFilter$",
        "{0}/UpdateResource$",
    ),
)
