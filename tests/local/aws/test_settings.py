"""The data lake settings, and what a new account does with them."""

from __future__ import annotations

import pytest

from tests.local.aws.account import ACCOUNT, DATABASE, TABLE, Account, Json, principal, refused

EVERYBODY = "IAM_ALLOWED_PRINCIPALS"
DEFAULTS = [{"Principal": principal(EVERYBODY), "Permissions": ["ALL"]}]


def settings(account: Account) -> Json:
    found: Json = account.lake.get_data_lake_settings()["DataLakeSettings"]
    return found


def put(account: Account, **values: object) -> None:
    account.lake.put_data_lake_settings(DataLakeSettings=values)


def test_in_a_new_account_iam_alone_decides(account: Account) -> None:
    found = settings(account)
    assert found["DataLakeAdmins"] == []
    assert found["CreateDatabaseDefaultPermissions"] == found["CreateTableDefaultPermissions"] == DEFAULTS
    assert found["Parameters"]["CROSS_ACCOUNT_VERSION"] == "1"
    assert account.held() == [(EVERYBODY, {"Catalog": {}}, ["CREATE_DATABASE"])]


def test_the_settings_are_replaced_as_a_whole(account: Account) -> None:
    admin, reader = account.role("admin"), account.role("reader")
    put(
        account,
        DataLakeAdmins=[principal(admin)],
        ReadOnlyAdmins=[principal(reader)],
        CreateTableDefaultPermissions=DEFAULTS,
        Parameters={"CROSS_ACCOUNT_VERSION": "4", "SET_CONTEXT": "FALSE"},
        TrustedResourceOwners=["999999999999"],
        AllowExternalDataFiltering=True,
    )
    found = settings(account)
    assert found["DataLakeAdmins"] == [principal(admin)]
    assert found["ReadOnlyAdmins"] == [principal(reader)]
    assert found["CreateDatabaseDefaultPermissions"] == []
    assert found["Parameters"] == {"CROSS_ACCOUNT_VERSION": "4", "SET_CONTEXT": "FALSE"}
    put(account)
    cleared = settings(account)
    assert not any(cleared[name] for name in cleared.keys() - {"Parameters"})
    assert cleared["Parameters"]["CROSS_ACCOUNT_VERSION"] == "1"


def test_what_is_read_can_be_put_back(account: Account) -> None:
    before = settings(account)
    put(account, **before)
    assert settings(account) == before


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"DataLakeAdmins": [principal(f"arn:aws:iam::{ACCOUNT}:role/gone")]}, "Invalid principal"),
        ({"DataLakeAdmins": [principal(f"arn:aws:iam::9999999999{n:02}:role/a") for n in range(31)]}, "at most 30"),
        ({"Parameters": {"CROSS_ACCOUNT_VERSION": "9"}}, "CROSS_ACCOUNT_VERSION"),
        ({"Parameters": {"OTHER": "1"}}, "OTHER"),
        ({"CreateTableDefaultPermissions": [{**DEFAULTS[0], "Permissions": ["SELECT"]}]}, "CreateTableDefault"),
        ({"CreateDatabaseDefaultPermissions": [{**DEFAULTS[0], "Principal": principal(ACCOUNT)}]}, "CreateDatabase"),
    ],
)
def test_settings_that_lake_formation_refuses(values: Json, message: str, account: Account) -> None:
    before = settings(account)
    with refused("InvalidInputException", message):
        put(account, **values)
    assert settings(account) == before


def test_with_the_defaults_everybody_gets_what_is_created(account: Account) -> None:
    account["glue"].create_database(DatabaseInput={"Name": "sales"})
    account.table()
    assert account.held(Resource=DATABASE) == [(EVERYBODY, DATABASE, ["ALL"])]
    assert account.held(Resource=TABLE) == [(EVERYBODY, TABLE, ["ALL"])]
    assert account["glue"].get_database(Name="sales")["Database"]["CreateTableDefaultPermissions"] == DEFAULTS


def test_without_them_nobody_does(account: Account) -> None:
    account.govern()
    account["glue"].create_database(DatabaseInput={"Name": "sales"})
    account.table()
    assert account.held() == []
    assert account["glue"].get_database(Name="sales")["Database"]["CreateTableDefaultPermissions"] == []


def test_a_database_keeps_the_defaults_that_it_was_created_with(account: Account) -> None:
    account["glue"].create_database(DatabaseInput={"Name": "sales"})
    account.govern()
    account["glue"].update_database(Name="sales", DatabaseInput={"Name": "sales", "Description": "Orders"})
    account.table()
    assert account.held(Resource=TABLE) == [(EVERYBODY, TABLE, ["ALL"])]


def test_a_database_may_say_its_defaults_itself(account: Account) -> None:
    account["glue"].create_database(DatabaseInput={"Name": "sales", "CreateTableDefaultPermissions": []})
    account.table()
    assert account.held(Resource=TABLE) == []


def test_everybodys_grants_can_be_revoked(account: Account) -> None:
    account["glue"].create_database(DatabaseInput={"Name": "sales"})
    for resource, permission in (({"Catalog": {}}, "CREATE_DATABASE"), (DATABASE, "ALL")):
        account.revoke(resource, permission, of=EVERYBODY)
    assert account.held() == []
