"""Iceberg tables that Glue makes (Glue web API reference, CreateTable with CreateIcebergTableInput)."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.local.aws.account import Account, refused

LOCATION = "s3://acme-sales/orders/v1/"
WANTED: dict[str, Any] = {
    "Location": LOCATION,
    "Schema": {
        "Type": "struct",
        "Fields": [
            {"Id": 1, "Name": "order_id", "Type": "long", "Required": True, "Doc": "Its number"},
            {
                "Id": 2,
                "Name": "labels",
                "Type": {
                    "type": "map",
                    "key-id": 3,
                    "key": "string",
                    "value-id": 4,
                    "value-required": False,
                    "value": {
                        "type": "struct",
                        "fields": [{"id": 5, "name": "at", "required": False, "type": "timestamp"}],
                    },
                },
                "Required": False,
            },
        ],
    },
    "PartitionSpec": {"Fields": [{"Name": "order_id", "SourceId": 1, "Transform": "identity"}]},
}


def _create(account: Account, wanted: dict[str, Any], more: dict[str, Any]) -> None:
    glue = account["glue"]
    glue.create_table(
        DatabaseName="sales",
        OpenTableFormatInput={
            "IcebergInput": {"MetadataOperation": "CREATE", "Version": "2", "CreateIcebergTableInput": wanted}
        },
        **more,
    )


@pytest.fixture(autouse=True)
def _sales(account: Account) -> None:
    account["s3"].create_bucket(
        Bucket="acme-sales", CreateBucketConfiguration={"LocationConstraint": account["s3"].meta.region_name}
    )
    account["glue"].create_database(DatabaseInput={"Name": "sales"})


def test_the_catalog_shows_columns_in_hives_words_and_where_the_metadata_is(account: Account) -> None:
    _create(account, WANTED, {"Name": "Orders"})
    table = account["glue"].get_table(DatabaseName="sales", Name="orders")["Table"]
    assert table["TableType"] == "EXTERNAL_TABLE"
    assert table["PartitionKeys"] == []
    assert table["StorageDescriptor"]["Location"] == LOCATION
    assert [(c["Name"], c["Type"], c.get("Comment")) for c in table["StorageDescriptor"]["Columns"]] == [
        ("order_id", "bigint", "Its number"),
        ("labels", "map<string,struct<at:timestamp>>", None),
    ]
    parameters = table["Parameters"]
    assert parameters["table_type"] == "ICEBERG"
    bucket, _, key = parameters["metadata_location"].removeprefix("s3://").partition("/")
    metadata = json.loads(account["s3"].get_object(Bucket=bucket, Key=key)["Body"].read())
    assert key.startswith("orders/v1/metadata/00000-")
    assert (metadata["format-version"], metadata["last-column-id"], metadata["last-partition-id"]) == (2, 5, 1000)
    assert metadata["schemas"][0]["fields"][0] == {"id": 1, "name": "order_id", "required": True, "type": "long"}


@pytest.mark.parametrize(
    "more", [{}, {"Name": "orders", "TableInput": {"Name": "orders"}}], ids=["no name", "a description too"]
)
def test_a_name_and_nothing_else_goes_with_the_input(account: Account, more: dict[str, Any]) -> None:
    with refused("InvalidInputException"):
        _create(account, WANTED, more)


def _changed(fields: dict[str, Any]) -> dict[str, Any]:
    wanted = copy.deepcopy(WANTED)
    wanted["Schema"]["Fields"][1] |= fields
    return wanted


@pytest.mark.parametrize(
    "wanted",
    [
        _changed({"Id": 1}),
        _changed({"Id": 5}),
        _changed({"Name": "order_id"}),
        _changed({"Type": "bigint"}),
        _changed({"Type": {"type": "union"}}),
        {**WANTED, "PartitionSpec": {"Fields": [{"Name": "day", "SourceId": 9, "Transform": "identity"}]}},
        {**WANTED, "Schema": {"Fields": []}},
        {**WANTED, "Location": ""},
    ],
)
def test_what_iceberg_does_not_allow_is_refused(account: Account, wanted: dict[str, Any]) -> None:
    with refused("InvalidInputException"):
        _create(account, wanted, {"Name": "orders"})


def test_a_table_or_a_bucket_that_is_not_there_or_is(account: Account) -> None:
    with refused("NoSuchBucket"):
        _create(account, {**WANTED, "Location": "s3://nowhere/orders/"}, {"Name": "orders"})
    _create(account, WANTED, {"Name": "orders"})
    with refused("AlreadyExistsException"):
        _create(account, WANTED, {"Name": "ORDERS"})


def test_evolving_a_table_is_not_known_here(account: Account) -> None:
    _create(account, WANTED, {"Name": "orders"})
    update = {"Schema": WANTED["Schema"], "Location": LOCATION}
    with refused("NotImplemented"):
        account["glue"].update_table(
            DatabaseName="sales",
            Name="orders",
            UpdateOpenTableFormatInput={"UpdateIcebergInput": {"UpdateIcebergTableInput": {"Updates": [update]}}},
        )
