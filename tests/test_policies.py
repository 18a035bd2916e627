"""The IAM policies in docs/: they allow every call of a deployment, and nothing that reads data."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import botocore.session
import cfnlint.data.AdditionalSpecs
import pytest
from botocore import xform_name

from mesh_infra import aws as aws_package
from mesh_infra.aws.policies import KEY_ADMINISTRATION
from mesh_infra.checks import check_mesh
from mesh_infra.local.provider import services as provider_services
from mesh_infra.manifest.build import build_manifest

ROOT = Path(__file__).parents[1]
PACKAGE = Path(aws_package.__file__).parents[1]
PROVIDER = Path(provider_services.__file__).parent
POLICIES = ("deployer-policy.json", "preview-policy.json")
LARGEST = 6144
"""Characters of a managed policy without white space (IAM, "IAM and AWS STS quotas")."""

SOURCES: Mapping[Path, tuple[str, ...]] = {
    PROVIDER / "athena.py": ("athena",),
    PROVIDER / "glue.py": ("glue",),
    PROVIDER / "iam.py": ("iam",),
    PROVIDER / "kms.py": ("kms",),
    PROVIDER / "lakeformation.py": ("lakeformation",),
    PROVIDER / "permissions.py": ("lakeformation",),
    PROVIDER / "s3.py": ("s3",),
    PROVIDER / "s3_settings.py": ("s3",),
    PROVIDER.parent / "functions.py": ("sts",),
    PACKAGE / "resources/narrow.py": ("lakeformation",),
    PACKAGE / "resources/recover.py": ("glue", "athena", "iam", "kms", "lakeformation", "s3"),
}
"""Where a deployment calls AWS, and which services it calls there; of two that know an operation the first is meant."""

# S3 User Guide, "Required permissions for Amazon S3 API operations", where action and operation have other names.
S3_ACTIONS = {
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
NOT_ALLOWED = {
    "iam:DeleteRolePermissionsBoundary": "no role of ours has a boundary, and to take one off is not the deployer's",
    "iam:PutRolePermissionsBoundary": "as above",
    "iam:DetachRolePolicy": "only with forceDetachPolicies, which no role of ours has",
    "s3:DeleteObjects": "only with forceDestroy, which buckets of the local environment alone have",
    "s3:ListObjectVersions": "as above",
}
"""What the provider can call and a deployment on AWS never does."""

# Real pulumi-aws calls more than the provider that stands in for it (terraform-provider-aws 6.58, internal/service).
REAL_PROVIDER = {
    "glue:GetPartitionIndexes": "reading a table",
    "iam:ListAttachedRolePolicies": "reading a role",
    "iam:ListInstanceProfilesForRole": "deleting a role",
    "iam:ListRolePolicies": "reading a role",
    "iam:UpdateRoleDescription": "changing a role's description, which it does by an operation of its own",
    "s3:GetAccelerateConfiguration": "reading a bucket",
    "s3:GetBucketAcl": "reading a bucket",
    "s3:GetBucketCORS": "reading a bucket",
    "s3:GetBucketLogging": "reading a bucket",
    "s3:GetBucketObjectLockConfiguration": "reading a bucket",
    "s3:GetBucketRequestPayment": "reading a bucket",
    "s3:GetBucketWebsite": "reading a bucket",
    "s3:GetReplicationConfiguration": "reading a bucket",
    "s3:ListTagsForResource": "reading a bucket's tags through S3 Control",
    "s3:TagResource": "making a bucket with its tags",
    "s3:UntagResource": "changing a bucket's tags through S3 Control",
}
BESIDE_A_CALL = {
    "iam:PassRole": "registering a location with its role",
    "kms:TagResource": "making a key with its tags",
}

Statement = dict[str, Any]
SESSION = botocore.session.Session()


def statements(name: str) -> list[Statement]:
    document = json.loads((ROOT / "docs" / name).read_text(encoding="utf-8"))
    assert document["Version"] == "2012-10-17"
    found: list[Statement] = document["Statement"]
    return found


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def actions(name: str) -> list[str]:
    return [action for statement in statements(name) for action in listed(statement["Action"])]


def operations(path: Path) -> Iterator[str]:
    """The AWS operations that a module calls by boto3, ``service:Operation``: methods and paginators of clients."""
    known = {
        (xform_name(operation), service): operation
        for service in SOURCES[path]
        for operation in SESSION.get_service_model(service).operation_names
    }
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        names = [node.func.attr]
        if node.func.attr == "get_paginator":
            names = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        for name in names:
            yield from [f"{service}:{known[name, service]}" for service in SOURCES[path] if (name, service) in known][
                :1
            ]


def action_of(operation: str) -> str:
    service, _, name = operation.partition(":")
    return f"s3:{S3_ACTIONS.get(name, name)}" if service == "s3" else operation


def called() -> set[str]:
    return {operation for path in SOURCES for operation in operations(path)}


def resources() -> dict[str, str]:
    """For each service the ARN of something that the sample mesh has, by the type that its actions are about."""
    spec, _ = check_mesh(ROOT)
    assert spec is not None
    manifest = build_manifest(spec, "dev")
    account, region = manifest.account, manifest.region
    domain, dataset = next((domain, domain.datasets[0]) for domain in manifest.domains if domain.datasets)
    assert manifest.platform is not None
    role = next(role for role in manifest.platform.roles if role.iam_role and role.workgroup)
    return {
        "catalog": f"arn:aws:glue:{region}:{account}:catalog",
        "database": f"arn:aws:glue:{region}:{account}:database/{domain.database}",
        "table": f"arn:aws:glue:{region}:{account}:table/{domain.database}/{dataset.table}",
        "bucket": f"arn:aws:s3:::{domain.bucket}",
        "results": f"arn:aws:s3:::{manifest.platform.results_bucket}",
        "alias": f"arn:aws:kms:{region}:{account}:{domain.key_alias}",
        "role": f"arn:aws:iam::{account}:role/{role.iam_role}",
        "registration": domain.registration.role_arn,
        "workgroup": f"arn:aws:athena:{region}:{account}:workgroup/{role.workgroup}",
    }


def filled(text: str) -> str:
    values = {
        "{prefix}": "acme-mesh-dev",
        "{database_prefix}": "acme_mesh_dev",
        "{account}": "111122223333",
        "{region}": "eu-west-1",
        "{environment}": "dev",
    }
    for name, value in values.items():
        text = text.replace(name, value)
    assert "{" not in text
    return text


def allowed(name: str, action: str, arn: str = "*") -> bool:
    return any(
        any(fnmatchcase(action, pattern) for pattern in listed(statement["Action"]))
        and any(fnmatchcase(arn, filled(pattern)) for pattern in listed(statement["Resource"]))
        for statement in statements(name)
    )


def anywhere(name: str, action: str) -> bool:
    return any(fnmatchcase(action, pattern) for pattern in actions(name))


def test_the_calls_are_found() -> None:
    """Were a module to call AWS in another way than those that are looked for, this would notice."""
    found = called()
    assert len(found) > 80
    assert {"s3:CreateBucket", "athena:ListTagsForResource", "sts:GetCallerIdentity", "s3:ListObjectVersions"} <= found
    modules = {path for path in PROVIDER.glob("*.py") if path.name != "__init__.py"}
    assert modules <= SOURCES.keys()


@pytest.mark.parametrize("operation", sorted(called()))
def test_every_call_of_the_provider_is_allowed(operation: str) -> None:
    assert anywhere("deployer-policy.json", action_of(operation)) is (operation not in NOT_ALLOWED)


@pytest.mark.parametrize("action", sorted(REAL_PROVIDER))
def test_so_is_what_the_real_provider_calls_besides(action: str) -> None:
    assert anywhere("deployer-policy.json", action)


def test_nothing_else_is_allowed() -> None:
    needed = {action_of(operation) for operation in called()} | REAL_PROVIDER.keys() | BESIDE_A_CALL.keys()
    # The pre-flight check (resources/account.py) asks for the settings.
    needed.add("lakeformation:GetDataLakeSettings")
    assert [
        pattern for pattern in actions("deployer-policy.json") if not any(fnmatchcase(a, pattern) for a in needed)
    ] == []


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        ("bucket", "s3:CreateBucket"),
        ("results", "s3:PutBucketPolicy"),
        ("catalog", "glue:CreateDatabase"),
        ("database", "glue:UpdateDatabase"),
        ("table", "glue:UpdateTable"),
        ("alias", "kms:CreateAlias"),
        ("role", "iam:PutRolePolicy"),
        ("registration", "iam:PassRole"),
        ("workgroup", "athena:UpdateWorkGroup"),
    ],
)
def test_what_the_mesh_is_called_fits_the_policy(kind: str, action: str) -> None:
    assert allowed("deployer-policy.json", action, resources()[kind])


@pytest.mark.parametrize(
    ("action", "arn"),
    [
        ("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/mesh-deployer"),
        ("iam:PassRole", "arn:aws:iam::111122223333:role/acme-mesh-dev-marketing"),
        ("s3:PutBucketPolicy", "arn:aws:s3:::acme-mesh-prod-sales-111122223333"),
        ("glue:DeleteTable", "arn:aws:glue:eu-west-1:111122223333:table/other/orders"),
        ("athena:DeleteWorkGroup", "arn:aws:athena:eu-west-1:111122223333:workgroup/primary"),
    ],
)
def test_what_is_not_of_the_mesh_is_out_of_reach(action: str, arn: str) -> None:
    assert not allowed("deployer-policy.json", action, arn)


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize(
    "action",
    [
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:DeleteObject",
        "s3:PutObject",
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "kms:CreateGrant",
        "lakeformation:GetDataAccess",
        "lakeformation:PutDataLakeSettings",
        "athena:StartQueryExecution",
        "athena:GetQueryResults",
        "iam:AttachRolePolicy",
        "sts:AssumeRole",
    ],
)
def test_data_is_out_of_reach(name: str, action: str) -> None:
    assert not anywhere(name, action)


def test_keys_let_the_deployer_do_what_its_policy_allows() -> None:
    """A key's policy hands on to IAM only what it lists."""
    handed_on = {*KEY_ADMINISTRATION, "kms:CreateKey"}
    assert {action for action in actions("deployer-policy.json") if action.startswith("kms:")} <= handed_on


def test_keys_carry_the_tag_that_they_are_known_by() -> None:
    spec, _ = check_mesh(ROOT)
    assert spec is not None
    assert build_manifest(spec, "dev").tags["mesh:environment"] == "dev"


def test_who_previews_changes_nothing() -> None:
    reads = ("Describe", "Get", "List")
    for action in actions("preview-policy.json"):
        assert action.partition(":")[2].startswith(reads)
        assert action in actions("deployer-policy.json")


def test_who_previews_reads_all_that_is_there() -> None:
    reading = {action_of(operation) for operation in called()} | REAL_PROVIDER.keys()
    for action in sorted(reading):
        if action.partition(":")[2].startswith(("Describe", "Get", "List")) and action not in NOT_ALLOWED:
            needed = action != "iam:ListInstanceProfilesForRole"  # deleting alone
            assert anywhere("preview-policy.json", action) is needed, action


@pytest.mark.parametrize("name", POLICIES)
def test_the_actions_exist_and_are_about_what_they_are_allowed_on(name: str) -> None:
    """By AWS's service authorization reference, which cfn-lint carries."""
    known = json.loads((Path(cfnlint.data.AdditionalSpecs.__file__).parent / "Policies.json").read_text())
    for statement in statements(name):
        for action in listed(statement["Action"]):
            service, _, operation = action.lower().partition(":")
            matching = [
                entry for known_as, entry in known[service]["Actions"].items() if fnmatchcase(known_as, operation)
            ]
            assert matching, action
            if statement["Resource"] != "*":
                # IAM ignores a statement that names resources for an action that knows none.
                assert all(entry.get("Resources") for entry in matching), action


@pytest.mark.parametrize("name", POLICIES)
def test_it_is_a_managed_policy(name: str) -> None:
    document = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert len(json.dumps(json.loads(document), separators=(",", ":"))) < LARGEST
    assert len({statement["Sid"] for statement in statements(name)}) == len(statements(name))
