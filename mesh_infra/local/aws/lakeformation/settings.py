"""The account's data lake settings: one object, always replaced as a whole.

Source: Lake Formation API reference, DataLakeSettings and PutDataLakeSettings; "Service quotas" for the administrators.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.lakeformation.exceptions import InvalidInput

from mesh_infra.aws.lakeformation import IAM_ALLOWED_PRINCIPALS
from mesh_infra.local.aws.lakeformation.rules import check_principal

Settings = dict[str, Any]

_EVERYBODY = [
    {"Principal": {"DataLakePrincipalIdentifier": IAM_ALLOWED_PRINCIPALS}, "Permissions": ["ALL"]},
]
_DEFAULTS = ("CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions")
_PRINCIPALS = ("DataLakeAdmins", "ReadOnlyAdmins")
_OTHER_LISTS = ("TrustedResourceOwners", "ExternalDataFilteringAllowList", "AuthorizedSessionTagValueList")
_FLAGS = ("AllowExternalDataFiltering", "AllowFullTableExternalDataAccess")
_PARAMETERS = {"CROSS_ACCOUNT_VERSION": "1", "SET_CONTEXT": "TRUE"}
_VALUES = {
    "CROSS_ACCOUNT_VERSION": ("1", "2", "3", "4", "5"),
    "SET_CONTEXT": ("TRUE", "FALSE"),
    "SET_SOURCE_IDENTITY": ("TRUE", "FALSE"),
}
_MOST_ADMINS = 30


def of_a_new_account() -> Settings:
    """What AWS begins with: everybody whom IAM lets in may do everything with what is created from then on."""
    return {**_completed({}), **{name: list(_EVERYBODY) for name in _DEFAULTS}}


def parse(given: Mapping[str, Any], account: str) -> Settings:
    """The settings that a request puts; what it does not say is cleared.

    Raises ``InvalidInput`` for what AWS refuses.
    """
    for name in _DEFAULTS:
        if given.get(name) not in (None, [], _EVERYBODY):
            raise InvalidInput(f"{name} must be empty or grant ALL to {IAM_ALLOWED_PRINCIPALS}")
    for name in _PRINCIPALS:
        for principal in given.get(name) or ():
            check_principal(principal["DataLakePrincipalIdentifier"], account)
    if len(given.get("DataLakeAdmins") or ()) > _MOST_ADMINS:
        raise InvalidInput(f"There may be at most {_MOST_ADMINS} data lake administrators")
    for key, value in (given.get("Parameters") or {}).items():
        if value not in _VALUES.get(key, ()):
            raise InvalidInput(f"Invalid value {value} of the parameter {key}")
    return _completed(given)


def _completed(given: Mapping[str, Any]) -> Settings:
    lists = {name: list(given.get(name) or []) for name in (*_PRINCIPALS, *_DEFAULTS, *_OTHER_LISTS)}
    flags = {name: bool(given.get(name)) for name in _FLAGS}
    return {**lists, **flags, "Parameters": {**_PARAMETERS, **(given.get("Parameters") or {})}}
