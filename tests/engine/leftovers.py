"""What of a mesh is on AWS, looked for with plain boto3: our own code must not be the judge of itself."""

from __future__ import annotations

from typing import Any

from tests.engine.harness import LocalMesh

DEPLOYER_SIDE = ("mesh-deployer", "mesh-local-admin")
"""Roles that the local AWS starts with: who deploys, and who bootstraps."""


def everything(mesh: LocalMesh) -> dict[str, list[str]]:
    """The names of all buckets, keys in use, aliases, databases, tables, filters, grants, roles, workgroups, …."""
    glue, lf, iam, kms = mesh.aws("glue"), mesh.aws("lakeformation"), mesh.aws("iam"), mesh.aws("kms")
    databases = [database["Name"] for database in glue.get_databases()["DatabaseList"]]
    tables = [
        f"{name}.{table['Name']}" for name in databases for table in glue.get_tables(DatabaseName=name)["TableList"]
    ]
    keys = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
    found = {
        "buckets": [bucket["Name"] for bucket in mesh.aws("s3").list_buckets()["Buckets"]],
        "keys": [key["KeyId"] for key in keys if key["KeyState"] != "PendingDeletion"],
        "aliases": [alias["AliasName"] for alias in kms.list_aliases()["Aliases"] if "/aws/" not in alias["AliasName"]],
        "databases": databases,
        "tables": tables,
        "filters": [
            f"{entry['TableName']}.{entry['Name']}" for entry in lf.list_data_cells_filter()["DataCellsFilters"]
        ],
        "grants": [_grant(entry) for entry in grants(mesh)],
        "roles": [role["RoleName"] for role in iam.list_roles()["Roles"] if role["RoleName"] not in DEPLOYER_SIDE],
        "workgroups": [
            group["Name"] for group in mesh.aws("athena").list_work_groups()["WorkGroups"] if group["Name"] != "primary"
        ],
        "locations": [entry["ResourceArn"] for entry in lf.list_resources()["ResourceInfoList"]],
    }
    return {what: sorted(names) for what, names in found.items()}


def grants(mesh: LocalMesh) -> list[dict[str, Any]]:
    """Every grant of Lake Formation."""
    found: list[dict[str, Any]] = []
    request: dict[str, str] = {}
    while True:
        page = mesh.aws("lakeformation").list_permissions(**request)
        found += page["PrincipalResourcePermissions"]
        if not page.get("NextToken"):
            return found
        request = {"NextToken": page["NextToken"]}


def _grant(entry: dict[str, Any]) -> str:
    principal = entry["Principal"]["DataLakePrincipalIdentifier"].rsplit("/", 1)[-1]
    kind, resource = next(iter(entry["Resource"].items()))
    where = ".".join(str(resource[part]) for part in ("DatabaseName", "TableName", "Name") if part in resource)
    return f"{principal} {kind} {where} {','.join(sorted(entry['Permissions']))}"
