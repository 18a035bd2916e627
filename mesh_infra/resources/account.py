"""The AWS account before the first deployment: Lake Formation's settings, read, merged and written back.

The settings are one object for an account and region, and writing it clears whatever is left out: so they are no Pulumi
resource. ``mesh bootstrap`` writes them, and every deployment checks them first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from mesh_infra.aws.lakeformation import IAM_ALLOWED_PRINCIPALS
from mesh_infra.errors import AccountNotReady
from mesh_infra.manifest.model import Manifest

CROSS_ACCOUNT_VERSION = "CROSS_ACCOUNT_VERSION"
LEAST_CROSS_ACCOUNT_VERSION = 3
"""Lake Formation, "Updating cross-account data sharing version settings": 3 is the first for direct IAM principals."""

MOST_ADMINS = 30
"""Lake Formation, "Service quotas": data lake administrators."""


@dataclass(frozen=True, slots=True)
class AccountState:
    """What the account says: ``caller`` is an ARN, ``settings`` the DataLakeSettings as the API returns them.

    ``everybody_creates``: IAM_ALLOWED_PRINCIPALS may create databases, which Lake Formation then does not govern.
    """

    account: str
    caller: str
    settings: Mapping[str, Any]
    everybody_creates: bool


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One thing that the environment wants different: in words, with its value now and the one wanted."""

    setting: str
    now: str
    wanted: str


def read_account(session: boto3.Session, manifest: Manifest) -> AccountState:
    """Ask AWS who we are and how Lake Formation is set up.

    Raises ``AccountNotReady`` where AWS cannot be reached, refuses, or is another account than the environment's.
    """
    try:
        identity = session.client("sts").get_caller_identity()
        if identity["Account"] != manifest.account:
            raise AccountNotReady(
                f"these AWS credentials belong to account {identity['Account']}, "
                f"the environment '{manifest.environment}' is account {manifest.account}",
                "use the credentials of its deployer, or name the right stack",
            )
        client = session.client("lakeformation")
        settings = client.get_data_lake_settings(CatalogId=manifest.account)["DataLakeSettings"]
        grants = client.list_permissions(
            CatalogId=manifest.account,
            Principal={"DataLakePrincipalIdentifier": IAM_ALLOWED_PRINCIPALS},
            Resource={"Catalog": {}},
        )["PrincipalResourcePermissions"]
    except (BotoCoreError, ClientError) as error:
        raise AccountNotReady(f"AWS cannot be asked: {error}", "check the credentials and their permissions") from None
    creates = any("CREATE_DATABASE" in grant["Permissions"] for grant in grants)
    return AccountState(identity["Account"], identity["Arn"], settings, creates)


def missing_settings(state: AccountState, manifest: Manifest) -> tuple[SettingChange, ...]:
    """What ``mesh bootstrap`` would change; nothing where the account is ready."""
    changes = []
    admins = _admins(state.settings)
    absent = [arn for arn in manifest.lake_formation_admins if arn not in admins]
    if absent:
        changes.append(SettingChange("data lake administrators", _words(admins), _words([*admins, *absent])))
    for field, what in _DEFAULTS.items():
        holders = [entry["Principal"]["DataLakePrincipalIdentifier"] for entry in state.settings.get(field) or ()]
        if holders:
            changes.append(SettingChange(f"default permissions of new {what}", _words(holders), "nobody"))
    version = _version(state.settings)
    if version < LEAST_CROSS_ACCOUNT_VERSION:
        changes.append(SettingChange("cross-account version", str(version), str(LEAST_CROSS_ACCOUNT_VERSION)))
    if state.everybody_creates:
        changes.append(SettingChange("who may create databases", "everybody whom IAM lets", "whom Lake Formation lets"))
    return tuple(changes)


_DEFAULTS = {"CreateDatabaseDefaultPermissions": "databases", "CreateTableDefaultPermissions": "tables"}


def write_settings(session: boto3.Session, state: AccountState, manifest: Manifest) -> None:
    """Write the merged settings: every field that was read goes back, changed only where the environment wants it.

    Raises ``AccountNotReady`` where there would be too many administrators or AWS refuses.
    """
    admins = _admins(state.settings)
    admins += [arn for arn in manifest.lake_formation_admins if arn not in admins]
    if len(admins) > MOST_ADMINS:
        raise AccountNotReady(
            f"the account would have {len(admins)} data lake administrators, Lake Formation takes {MOST_ADMINS}",
            "remove one in the Lake Formation console first",
        )
    version = max(_version(state.settings), LEAST_CROSS_ACCOUNT_VERSION)
    merged = {
        **state.settings,
        "DataLakeAdmins": [{"DataLakePrincipalIdentifier": arn} for arn in admins],
        "Parameters": {**(state.settings.get("Parameters") or {}), CROSS_ACCOUNT_VERSION: str(version)},
        **{field: [] for field in _DEFAULTS},
    }
    client = session.client("lakeformation")
    try:
        client.put_data_lake_settings(CatalogId=manifest.account, DataLakeSettings=merged)
        if state.everybody_creates:
            client.revoke_permissions(
                CatalogId=manifest.account,
                Principal={"DataLakePrincipalIdentifier": IAM_ALLOWED_PRINCIPALS},
                Resource={"Catalog": {}},
                Permissions=["CREATE_DATABASE"],
            )
    except (BotoCoreError, ClientError) as error:
        raise AccountNotReady(f"Lake Formation refuses the settings: {error}") from None


def check_account(session: boto3.Session, manifest: Manifest, *, deploying: bool = True) -> None:
    """The pre-flight check of a deployment, or of the preview of one.

    Raises ``AccountNotReady`` where the account is not bootstrapped, or where we deploy and are not the deployer:
    whoever creates a table holds every permission on it implicitly (Lake Formation, "Implicit permissions").
    """
    state = read_account(session, manifest)
    if deploying and not is_role(state.caller, manifest.deployer):
        raise AccountNotReady(
            f"we are {state.caller}, but the deployer of '{manifest.environment}' is {manifest.deployer}",
            "assume that role: whoever creates the tables can read all of them",
        )
    changes = missing_settings(state, manifest)
    if changes:
        words = "; ".join(f"{change.setting}: {change.now}, wanted: {change.wanted}" for change in changes)
        raise AccountNotReady(
            f"Lake Formation is not set up for '{manifest.environment}': {words}",
            f"run 'mesh bootstrap --env {manifest.environment}' as a data lake administrator",
        )


def is_role(caller: str, principal: str) -> bool:
    """Whether a caller's ARN, which for a role is that of its session, is ``principal``.

    IAM, "IAM identifiers": the ARN of a session has the role's name without its path.
    """
    if caller == principal:
        return True
    session = caller.split(":", 5)
    role = principal.split(":", 5)
    if session[4:5] != role[4:5] or not session[5].startswith("assumed-role/") or not role[5].startswith("role/"):
        return False
    return session[5].split("/")[1] == role[5].rsplit("/", 1)[-1]


def _admins(settings: Mapping[str, Any]) -> list[str]:
    return [admin["DataLakePrincipalIdentifier"] for admin in settings.get("DataLakeAdmins") or ()]


def _version(settings: Mapping[str, Any]) -> int:
    return int((settings.get("Parameters") or {}).get(CROSS_ACCOUNT_VERSION, "1"))


def _words(values: list[str]) -> str:
    return ", ".join(values) or "nobody"
