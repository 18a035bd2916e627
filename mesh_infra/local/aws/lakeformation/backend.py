"""Lake Formation's state in an account and region."""

from __future__ import annotations

from types import ModuleType
from typing import Any, cast

from moto.lakeformation import urls
from moto.lakeformation.models import LakeFormationBackend, lakeformation_backends

from mesh_infra.aws.lakeformation import IAM_ALLOWED_PRINCIPALS
from mesh_infra.local.aws.lakeformation import filters, rules, settings
from mesh_infra.local.aws.lakeformation.catalog import DataCatalog
from mesh_infra.local.aws.lakeformation.filters import CellsFilter, Filters
from mesh_infra.local.aws.lakeformation.grants import Grant, Grants
from mesh_infra.local.aws.lakeformation.registrations import Registrations
from mesh_infra.local.aws.lakeformation.resources import Catalog, Database, Filter, Resource, Table, filter_of


class LocalLakeFormation(LakeFormationBackend):
    """Keeps what Lake Formation keeps, and refuses what it refuses."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.catalog = DataCatalog(account_id, region_name)
        self.held = Grants()
        # "Change the default settings": in a new account IAM alone says who creates databases.
        self.held.add(IAM_ALLOWED_PRINCIPALS, Catalog(account_id), {"CREATE_DATABASE"}, frozenset())
        self.filters = Filters()
        self.registrations = Registrations(account_id, self.partition)
        self.lake_settings = settings.of_a_new_account()

    @property
    def _url_module(self) -> ModuleType:
        return urls

    def grant(self, principal: str, resource: Resource, permissions: list[str], grantable: list[str]) -> None:
        """GrantPermissions. Raises AWS's errors for what is not there, not allowed, or not a principal."""
        rules.check_principal(principal, self.account_id)
        rules.check_permissions(resource, set(permissions), set(grantable))
        self._check_there(resource)
        table = resource if isinstance(resource, Table) else getattr(resource, "table", None)
        if table is not None:
            beside = [grant for grant in self.held.at(table) if grant.principal == principal]
            rules.check_beside(beside, resource, set(permissions))
        self.held.add(principal, resource, set(permissions), set(grantable))

    def revoke(self, principal: str, resource: Resource, permissions: list[str], grantable: list[str]) -> None:
        """RevokePermissions. The principal need not exist any more: a role that was deleted keeps its grants."""
        self._check_there(resource)
        self.held.take(principal, resource, set(permissions), set(grantable))

    def granted_on(self, resource: Resource) -> list[Grant]:
        """The grants on a resource, for a table with those on its columns. Raises where the resource is not there."""
        self._check_there(resource)
        if isinstance(resource, Filter):
            return [grant for grant in self.held.at(resource.table) if grant.resource == resource]
        return [grant for grant in self.held.at(resource) if not isinstance(grant.resource, Filter)]

    def granted_on_filters(self, table: Table) -> list[Grant]:
        """The grants on the data cells filters of a table."""
        return [grant for grant in self.held.at(table) if isinstance(grant.resource, Filter)]

    def parse_filter(self, data: dict[str, Any]) -> CellsFilter:
        """The data cells filter of a request. Raises where Lake Formation refuses it, or its table is not there."""
        table = filter_of(data, self.account_id).table
        return filters.parse(data, self.catalog.columns(table), self.account_id)

    def delete_filter(self, key: Filter) -> None:
        """DeleteDataCellsFilter: the grants on it go too."""
        self.filters.delete(key)
        self.held.forget(key)

    def get_data_lake_settings(self, catalog_id: str) -> dict[str, Any]:
        """The settings; ``catalog_id`` can only be that of the account."""
        del catalog_id
        return self.lake_settings

    def put_data_lake_settings(self, catalog_id: str, settings_: dict[str, Any]) -> None:
        """Replaces the settings as a whole."""
        del catalog_id
        self.lake_settings = settings.parse(settings_, self.account_id)

    def created(self, resource: Database | Table, defaults: list[dict[str, Any]]) -> None:
        """A database or table has come, with the default permissions of where it was created."""
        for default in defaults:
            principal = default["Principal"]["DataLakePrincipalIdentifier"]
            self.held.add(principal, resource, set(default["Permissions"]), frozenset())

    def deleted(self, gone: Database | Table) -> None:
        """A database or table has gone, and with it its filters and every grant on it."""
        self.filters.forget(gone)
        self.held.forget(gone)

    def _check_there(self, resource: Resource) -> None:
        self.catalog.check(resource)
        if isinstance(resource, Filter):
            self.filters.get(resource)


def lake_formation(account: str, region: str) -> LocalLakeFormation:
    """The Lake Formation of an account and region, for other services' extensions."""
    return cast("LocalLakeFormation", lakeformation_backends[account][region])
