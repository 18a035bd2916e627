"""Grants are kept, listed and revoked as Lake Formation does it."""

from __future__ import annotations

import pytest

from tests.local.aws.account import ACCOUNT, ANALYST, DATABASE, TABLE, Account, Json, cells, columns, principal, refused

NOTHING_REVOKED = "No permissions revoked. Grantee has no permissions and no grantable permissions on resource."


def test_select_on_a_table_is_kept_on_its_columns_and_the_rest_on_the_table(sales: Account) -> None:
    sales.grant(TABLE, "SELECT", "DESCRIBE")
    assert sales.held() == [("analyst", TABLE, ["DESCRIBE"]), ("analyst", columns(), ["SELECT"])]


def test_a_grant_on_all_columns_is_a_grant_on_the_table(sales: Account) -> None:
    sales.grant(columns(), "SELECT", "ALTER")
    assert sales.held() == [("analyst", TABLE, ["ALTER"]), ("analyst", columns(), ["SELECT"])]


def test_all_tables_of_a_database_are_named_so(sales: Account) -> None:
    every: Json = {"Table": {"DatabaseName": "sales", "TableWildcard": {}}}
    sales.grant(every, "SELECT", "DESCRIBE")
    named = {"DatabaseName": "sales", "Name": "ALL_TABLES"}
    assert sales.held(Resource=every) == [
        ("analyst", {"Table": {**named, "TableWildcard": {}}}, ["DESCRIBE"]),
        ("analyst", {"TableWithColumns": {**named, "ColumnWildcard": {}}}, ["SELECT"]),
    ]
    sales.revoke(every, "SELECT", "DESCRIBE")
    assert sales.held() == []


def test_the_catalog_is_the_accounts_where_none_is_named(sales: Account) -> None:
    sales.grant(DATABASE, "DESCRIBE")
    listed = sales.lake.list_permissions(CatalogId=ACCOUNT)["PrincipalResourcePermissions"]
    assert [entry["Resource"] for entry in listed] == [{"Database": {"CatalogId": ACCOUNT, "Name": "sales"}}]
    sales.revoke({"Database": {"CatalogId": ACCOUNT, "Name": "sales"}}, "DESCRIBE", CatalogId=ACCOUNT)
    assert sales.held() == []


def test_each_kind_of_resource_is_listed_by_itself(sales: Account) -> None:
    location = {"DataLocation": {"ResourceArn": "arn:aws:s3:::acme-sales"}}
    everything = [
        ({"Catalog": {}}, "CREATE_DATABASE"),
        (DATABASE, "DESCRIBE"),
        (location, "DATA_LOCATION_ACCESS"),
        (cells(), "SELECT"),
    ]
    sales.make_filter()
    for resource, permission in everything:
        sales.grant(resource, permission)
    for resource, permission in everything:
        ((_, found, permissions),) = sales.held(Resource=resource, Principal=principal(ANALYST))
        assert (found.keys(), permissions) == (resource.keys(), [permission])


def test_a_table_lists_the_grants_on_its_columns_and_on_request_those_on_its_filters(sales: Account) -> None:
    other = sales.role("other")
    sales.make_filter()
    sales.grant(columns("order_id"), "SELECT")
    sales.grant(cells(), "SELECT", to=other)
    sales.table("returns_v1")
    sales.grant({"Table": {"DatabaseName": "sales", "Name": "returns_v1"}}, "SELECT")

    named = ("analyst", columns("order_id"), ["SELECT"])
    filtered = {"DatabaseName": "sales", "TableName": "orders_v1", "Name": "masked"}
    masked = ("other", {"DataCellsFilter": filtered}, ["SELECT"])
    assert sales.held(Resource=TABLE) == [named]
    assert sales.held(Resource=TABLE, IncludeRelated="TRUE") == [named, masked]
    with refused("InvalidInputException", "Principal must not be specified"):
        sales.held(Resource=TABLE, Principal=principal(ANALYST), IncludeRelated="TRUE")


def test_tables_and_their_columns_are_one_type_without_filters(sales: Account) -> None:
    sales.make_filter()
    sales.grant(TABLE, "SELECT", "DESCRIBE")
    sales.grant(DATABASE, "DESCRIBE")
    sales.grant(cells(), "SELECT", to=sales.role("other"))
    assert len(sales.held()) == 4
    assert sales.held(ResourceType="TABLE") == sales.held(Resource=TABLE)
    assert sales.held(ResourceType="DATABASE") == sales.held(Resource=DATABASE)
    assert sales.held(ResourceType="CATALOG") == []


def test_a_principal_is_listed_with_a_resource_only(sales: Account) -> None:
    with refused("InvalidInputException", "Resource is mandatory if Principal is set in the input."):
        sales.held(Principal=principal(ANALYST))
    assert sales.held(Principal=principal(ANALYST), Resource=TABLE) == []


def test_columns_are_listed_by_their_table_only(sales: Account) -> None:
    with refused("InvalidInputException", "table with columns"):
        sales.held(Resource=columns("order_id"))


@pytest.mark.parametrize("resource", [DATABASE, TABLE, cells()], ids=lambda resource: next(iter(resource)))
def test_what_is_not_there_cannot_be_listed(resource: Json, account: Account) -> None:
    with refused("EntityNotFoundException"):
        account.held(Resource=resource)


def test_lists_come_in_pages(sales: Account) -> None:
    for number in range(5):
        sales.grant(DATABASE, "DESCRIBE", to=sales.role(f"role-{number}"))
    request: Json = {"MaxResults": 2}
    pages = [sales.lake.list_permissions(**request)]
    while "NextToken" in pages[-1]:
        pages.append(sales.lake.list_permissions(**request, NextToken=pages[-1]["NextToken"]))
    entries = [[entry["Principal"] for entry in page["PrincipalResourcePermissions"]] for page in pages]
    assert [len(page) for page in entries] == [2, 2, 1]
    roles = [principal(f"arn:aws:iam::{ACCOUNT}:role/role-{number}") for number in range(5)]
    assert [entry for page in entries for entry in page] == roles
    for wrong in ({"MaxResults": 1001}, {"NextToken": "x"}):
        with refused("InvalidInputException"):
            sales.lake.list_permissions(**wrong)


def test_grants_are_merged_and_can_be_revoked_together(sales: Account) -> None:
    sales.grant(TABLE, "SELECT")
    sales.grant(TABLE, "DESCRIBE")
    sales.grant(TABLE, "ALTER", "SELECT")
    sales.revoke(TABLE, "SELECT", "DESCRIBE", "ALTER")
    assert sales.held() == []


def test_the_order_of_columns_means_nothing(sales: Account) -> None:
    sales.grant(columns("email", "order_id"), "SELECT")
    sales.grant(columns("order_id", "email"), "SELECT")
    assert sales.held() == [("analyst", columns("email", "order_id"), ["SELECT"])]
    sales.revoke(columns("order_id", "email"), "SELECT")
    assert sales.held() == []


def test_excluded_columns_are_kept_as_such(sales: Account) -> None:
    sales.grant(columns(excluded=["order_id", "email"]), "SELECT")
    assert sales.held(Resource=TABLE) == [("analyst", columns(excluded=["email", "order_id"]), ["SELECT"])]
    sales.revoke(columns(excluded=["email", "order_id"]), "SELECT")
    assert sales.held() == []


def test_what_is_not_held_cannot_be_revoked(sales: Account) -> None:
    sales.grant(TABLE, "DESCRIBE")
    for resource, permission in ((TABLE, "SELECT"), (DATABASE, "DESCRIBE"), (columns("email"), "SELECT")):
        with refused("InvalidInputException", NOTHING_REVOKED):
            sales.revoke(resource, permission)
    assert sales.held() == [("analyst", TABLE, ["DESCRIBE"])]


def test_revoking_some_leaves_the_others(sales: Account) -> None:
    sales.grant(TABLE, "SELECT", "DESCRIBE")
    sales.revoke(TABLE, "SELECT", "INSERT")
    assert sales.held() == [("analyst", TABLE, ["DESCRIBE"])]


def test_the_grant_option_is_kept_beside_and_revoked_by_itself(sales: Account) -> None:
    sales.grant(DATABASE, "DESCRIBE", "ALTER", PermissionsWithGrantOption=["DESCRIBE"])

    def grantable() -> list[list[str]]:
        listed = sales.lake.list_permissions(Resource=DATABASE)["PrincipalResourcePermissions"]
        return [entry["PermissionsWithGrantOption"] for entry in listed]

    assert grantable() == [["DESCRIBE"]]
    sales.revoke(DATABASE, PermissionsWithGrantOption=["DESCRIBE"])
    assert grantable() == [[]]
    assert sales.held() == [("analyst", DATABASE, ["ALTER", "DESCRIBE"])]
    sales.revoke(DATABASE, "ALTER", "DESCRIBE")
    assert sales.held() == []


def test_a_batch_does_what_it_can_and_lists_the_rest(sales: Account) -> None:
    gone = {"Table": {"DatabaseName": "sales", "Name": "gone"}}
    entries = [
        {"Id": str(number), "Principal": principal(ANALYST), "Resource": resource, "Permissions": ["SELECT"]}
        for number, resource in enumerate((TABLE, gone))
    ]
    failures = sales.lake.batch_grant_permissions(Entries=entries)["Failures"]
    assert [(failure["RequestEntry"]["Id"], failure["Error"]["ErrorCode"]) for failure in failures] == [
        ("1", "EntityNotFoundException")
    ]
    assert sales.held() == [("analyst", columns(), ["SELECT"])]
    assert sales.lake.batch_revoke_permissions(Entries=entries[:1])["Failures"] == []
    assert sales.held() == []


def test_grants_go_with_their_table_and_do_not_come_back(sales: Account) -> None:
    sales.make_filter()
    sales.grant(columns("order_id"), "SELECT")
    sales.grant(cells(), "SELECT")
    sales.grant(DATABASE, "DESCRIBE")
    sales["glue"].delete_table(DatabaseName="sales", Name="orders_v1")
    assert sales.held() == [("analyst", DATABASE, ["DESCRIBE"])]
    sales.table()
    assert sales.held(Resource=TABLE, IncludeRelated="TRUE") == []


def test_grants_go_with_tables_deleted_in_a_batch(sales: Account) -> None:
    sales.grant(TABLE, "SELECT")
    sales["glue"].batch_delete_table(DatabaseName="sales", TablesToDelete=["orders_v1"])
    assert sales.held() == []


def test_grants_go_with_their_database(sales: Account) -> None:
    sales.grant(DATABASE, "DESCRIBE")
    sales.grant(TABLE, "SELECT", "DESCRIBE")
    sales["glue"].delete_database(Name="sales")
    assert sales.held() == []
    with refused("EntityNotFoundException"):
        sales["glue"].get_table(DatabaseName="sales", Name="orders_v1")


def test_grants_go_with_their_filter(sales: Account) -> None:
    sales.make_filter()
    sales.grant(cells(), "SELECT")
    sales.lake.delete_data_cells_filter(**cells()["DataCellsFilter"])
    sales.make_filter()
    assert sales.held(Resource=cells()) == []


def test_a_role_that_is_made_again_has_its_old_grants(sales: Account) -> None:
    sales.grant(TABLE, "SELECT")
    sales["iam"].delete_role(RoleName="analyst")
    assert sales.held(Principal=principal(ANALYST), Resource=TABLE) == [("analyst", columns(), ["SELECT"])]
    sales.revoke(TABLE, "SELECT")
    assert sales.held() == []
