"""What Lake Formation refuses to grant."""

from __future__ import annotations

import pytest

from tests.local.aws.account import ACCOUNT, ANALYST, DATABASE, TABLE, Account, Json, cells, columns, principal, refused

INVALID = "Permissions modification is invalid"


@pytest.mark.parametrize(
    ("resource", "permissions"),
    [
        (DATABASE, ["SELECT"]),
        (DATABASE, ["DESCRIBE", "CREATE_DATABASE"]),
        (TABLE, ["CREATE_TABLE"]),
        ({"Catalog": {}}, ["CREATE_TABLE"]),
        (columns("order_id"), ["SELECT", "DESCRIBE"]),
        (columns("order_id"), ["DESCRIBE"]),
        (columns(excluded=["email"]), ["SELECT", "ALTER"]),
        (cells(), ["SELECT", "INSERT"]),
        ({"DataLocation": {"ResourceArn": "arn:aws:s3:::x"}}, ["SELECT"]),
        ({"TableWithColumns": {"DatabaseName": "sales", "Name": "ALL_TABLES", "ColumnNames": ["a"]}}, ["SELECT"]),
    ],
)
def test_permissions_that_do_not_fit_the_resource(resource: Json, permissions: list[str], sales: Account) -> None:
    sales.make_filter()
    with refused("InvalidInputException", INVALID):
        sales.grant(resource, *permissions)
    assert sales.held() == []


PARTS = (columns("order_id"), columns(excluded=["email"]), cells())
WHOLES = ("ALL", "ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT")


@pytest.mark.parametrize("part", PARTS, ids=["named", "excluded", "filter"])
@pytest.mark.parametrize("whole", WHOLES)
def test_a_part_of_a_table_and_the_whole_of_it_exclude_each_other(part: Json, whole: str, sales: Account) -> None:
    sales.make_filter()
    sales.grant(part, "SELECT")
    with refused("InvalidInputException", INVALID):
        sales.grant(TABLE, whole)
    sales.revoke(part, "SELECT")
    sales.grant(TABLE, whole)
    with refused("InvalidInputException", INVALID):
        sales.grant(part, "SELECT")
    assert sales.held() == [("analyst", TABLE, [whole])]


def test_another_principal_or_table_does_not_matter(sales: Account) -> None:
    sales.table("returns_v1")
    sales.grant(columns("order_id"), "SELECT")
    sales.grant(TABLE, "ALTER", to=sales.role("producer"))
    sales.grant({"Table": {"DatabaseName": "sales", "Name": "returns_v1"}}, "ALTER")
    assert len(sales.held()) == 3


def test_a_whole_table_may_be_selected_beside_a_part_of_it(sales: Account) -> None:
    sales.make_filter()
    sales.grant(cells(), "SELECT")
    sales.grant(columns("order_id"), "SELECT")
    sales.grant(TABLE, "SELECT")
    assert len(sales.held()) == 3


@pytest.mark.parametrize(
    ("resource", "code", "message"),
    [
        ({"Database": {"Name": "gone"}}, "EntityNotFoundException", "Database gone not found"),
        ({"Table": {"DatabaseName": "gone", "Name": "x"}}, "EntityNotFoundException", "Database gone not found"),
        ({"Table": {"DatabaseName": "gone", "TableWildcard": {}}}, "EntityNotFoundException", "Database gone"),
        ({"Table": {"DatabaseName": "sales", "Name": "gone"}}, "EntityNotFoundException", "Table gone not found"),
        ({"Table": {**TABLE["Table"], "CatalogId": "999999999999"}}, "EntityNotFoundException", "sales not found"),
        (cells("gone"), "EntityNotFoundException", "gone not found"),
        (columns("order_id", "gone"), "InvalidInputException", "cannot grant/revoke permission on non-existent column"),
        (columns(excluded=["gone"]), "InvalidInputException", "cannot grant/revoke permission on non-existent column"),
    ],
)
def test_what_is_not_there_can_be_neither_granted_nor_revoked(
    resource: Json, code: str, message: str, sales: Account
) -> None:
    permission = "DESCRIBE" if "Database" in resource else "SELECT"
    with refused(code, message):
        sales.grant(resource, permission)
    with refused(code, message):
        sales.revoke(resource, permission)


def test_partition_keys_are_columns(sales: Account) -> None:
    sales.grant(columns("order_id", "day"), "SELECT")
    assert sales.held() == [("analyst", columns("day", "order_id"), ["SELECT"])]


@pytest.mark.parametrize(
    "resource",
    [
        {},
        {**DATABASE, **TABLE},
        {"Table": {"DatabaseName": "sales"}},
        {"Table": {"DatabaseName": "sales", "Name": "orders_v1", "TableWildcard": {}}},
        {"TableWithColumns": {"DatabaseName": "sales", "Name": "orders_v1"}},
        {"TableWithColumns": {**TABLE["Table"], "ColumnNames": ["email"], "ColumnWildcard": {}}},
    ],
)
def test_a_grant_is_on_one_thing(resource: Json, sales: Account) -> None:
    with refused("InvalidInputException", "exactly one"):
        sales.grant(resource, "SELECT")


@pytest.mark.parametrize(
    "name",
    [
        f"arn:aws:iam::{ACCOUNT}:role/gone",
        f"arn:aws:iam::{ACCOUNT}:role/path/analyst",
        f"arn:aws:iam::{ACCOUNT}:user/gone",
        f"arn:aws:iam::{ACCOUNT}:group/analysts",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/analyst/session",
        "analyst",
        "*",
    ],
)
def test_nobody_can_be_granted_anything(name: str, sales: Account) -> None:
    with refused("InvalidInputException", "Invalid principal"):
        sales.grant(DATABASE, "DESCRIBE", to=name)


@pytest.mark.parametrize(
    "name",
    [
        "IAM_ALLOWED_PRINCIPALS",
        f"{ACCOUNT}:IAMPrincipals",
        "999999999999",
        "arn:aws:iam::999999999999:role/somebody",
        "arn:aws:organizations::999999999999:organization/o-abcdefghij",
    ],
)
def test_principals_that_cannot_be_looked_up_are_accepted(name: str, sales: Account) -> None:
    sales.grant(DATABASE, "DESCRIBE", to=name)
    assert len(sales.held()) == 1


def test_users_and_roles_with_paths_are_found(sales: Account) -> None:
    sales["iam"].create_user(UserName="ann")
    sales["iam"].create_role(RoleName="deep", Path="/a/b/", AssumeRolePolicyDocument="{}")
    for name in ("user/ann", "role/a/b/deep"):
        sales.grant(DATABASE, "DESCRIBE", to=f"arn:aws:iam::{ACCOUNT}:{name}")
    assert len(sales.held()) == 2


def test_the_grant_option_needs_the_permission_and_columns_by_name(sales: Account) -> None:
    with refused("InvalidInputException", "subset"):
        sales.grant(TABLE, "DESCRIBE", PermissionsWithGrantOption=["SELECT"])
    with refused("InvalidInputException", INVALID):
        sales.grant(columns(excluded=["email"]), "SELECT", PermissionsWithGrantOption=["SELECT"])
    sales.grant(columns("order_id"), "SELECT", PermissionsWithGrantOption=["SELECT"])


def test_permissions_have_names(sales: Account) -> None:
    with refused("InvalidInputException", "[READ] are not all valid Lake Formation permissions"):
        sales.grant(TABLE, "SELECT", "READ")


def test_what_the_local_aws_does_not_know_is_said_at_once(sales: Account) -> None:
    tag = {"LFTag": {"TagKey": "pii", "TagValues": ["yes"]}}
    with refused("NotImplemented", "permissions on LFTag") as refusal:
        sales.grant(tag, "DESCRIBE")
    assert refusal.retries == 0
    with refused("NotImplemented", "conditions"):
        sales.grant(TABLE, "SELECT", Condition={"Expression": "context.iam.principalTags.a == 'b'"})
    assert sales.held(Principal=principal(ANALYST), Resource=TABLE) == []
