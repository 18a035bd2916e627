"""Locations registered with Lake Formation."""

from __future__ import annotations

import pytest

from tests.local.aws.account import ACCOUNT, Account, Json, refused

BUCKET = "arn:aws:s3:::acme-sales"


@pytest.fixture
def role(account: Account) -> str:
    return account.role("registration")


def register(account: Account, arn: str = BUCKET, **values: object) -> None:
    account.lake.register_resource(ResourceArn=arn, **values)


def described(account: Account, arn: str = BUCKET) -> Json:
    found: Json = account.lake.describe_resource(ResourceArn=arn)["ResourceInfo"]
    assert found.pop("LastModified")
    return found


def test_a_registration_keeps_its_flags(role: str, account: Account) -> None:
    register(account, RoleArn=role)
    plain = {"WithFederation": False, "HybridAccessEnabled": False, "WithPrivilegedAccess": False}
    assert described(account) == {"ResourceArn": BUCKET, "RoleArn": role, **plain}
    flags = {"WithFederation": True, "HybridAccessEnabled": True, "WithPrivilegedAccess": True}
    register(account, f"{BUCKET}/x", RoleArn=role, **flags)
    assert described(account, f"{BUCKET}/x") == {"ResourceArn": f"{BUCKET}/x", "RoleArn": role, **flags}


def test_lake_formation_has_a_role_of_its_own(account: Account) -> None:
    register(account, UseServiceLinkedRole=True)
    linked = "aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess"
    assert described(account)["RoleArn"] == f"arn:aws:iam::{ACCOUNT}:role/{linked}"


def test_a_location_is_registered_once(role: str, account: Account) -> None:
    register(account, RoleArn=role)
    with refused("AlreadyExistsException", "Resource is already registered"):
        register(account, RoleArn=role, HybridAccessEnabled=True)
    assert described(account)["HybridAccessEnabled"] is False


def test_a_registration_can_be_updated(role: str, account: Account) -> None:
    register(account, RoleArn=role, WithFederation=True)
    account.lake.update_resource(ResourceArn=BUCKET, RoleArn=account.role("other"), HybridAccessEnabled=True)
    found = described(account)
    assert found["RoleArn"].endswith("role/other")
    assert (found["HybridAccessEnabled"], found["WithFederation"]) == (True, True)


def test_registrations_are_listed_in_pages_and_end(role: str, account: Account) -> None:
    for name in ("a", "b", "c"):
        register(account, f"{BUCKET}/{name}", RoleArn=role)
    first = account.lake.list_resources(MaxResults=2)
    second = account.lake.list_resources(NextToken=first["NextToken"])
    found = [info["ResourceArn"] for page in (first, second) for info in page["ResourceInfoList"]]
    assert found == [f"{BUCKET}/{name}" for name in ("a", "b", "c")]
    account.lake.deregister_resource(ResourceArn=f"{BUCKET}/b")
    assert len(account.lake.list_resources()["ResourceInfoList"]) == 2


def test_what_is_not_registered_is_not_found(role: str, account: Account) -> None:
    for action in (account.lake.describe_resource, account.lake.deregister_resource):
        with refused("EntityNotFoundException"):
            action(ResourceArn=BUCKET)
    with refused("EntityNotFoundException"):
        account.lake.update_resource(ResourceArn=BUCKET, RoleArn=role)


def test_a_registration_needs_one_role_that_exists(role: str, account: Account) -> None:
    for values in ({}, {"RoleArn": role, "UseServiceLinkedRole": True}, {"UseServiceLinkedRole": False}):
        with refused("InvalidInputException", "Exactly one of RoleArn and UseServiceLinkedRole"):
            register(account, **values)
    with refused("EntityNotFoundException", "role/gone not found"):
        register(account, RoleArn=f"arn:aws:iam::{ACCOUNT}:role/gone")


def test_filters_of_the_list_are_not_known_here(account: Account) -> None:
    condition = {"Field": "ROLE_ARN", "ComparisonOperator": "EQ", "StringValueList": ["x"]}
    with refused("NotImplemented"):
        account.lake.list_resources(FilterConditionList=[condition])


@pytest.mark.parametrize(
    ("registered", "governed"),
    [(BUCKET, True), (f"{BUCKET}/", True), (f"{BUCKET}/orders_v1", True), (f"{BUCKET}/orders", False)],
)
def test_glue_says_whether_a_table_is_governed(registered: str, governed: bool, role: str, sales: Account) -> None:
    register(sales, registered, RoleArn=role)
    table = sales["glue"].get_table(DatabaseName="sales", Name="orders_v1")["Table"]
    assert table["IsRegisteredWithLakeFormation"] is governed
