"""Data cells filters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.aws.account import ACCOUNT, TABLE, Account, Json, cells, refused


def found(sales: Account, name: str = "masked") -> Json:
    answer: Json = sales.lake.get_data_cells_filter(**cells(name)["DataCellsFilter"])["DataCellsFilter"]
    return answer


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"RowFilter": {"FilterExpression": "order_id = '1'"}},
        {"ColumnNames": None, "ColumnWildcard": {}},
        {"ColumnNames": None, "ColumnWildcard": {"ExcludedColumnNames": ["email"]}},
        {"ColumnNames": ["order_id", "day"]},
        {"ColumnNames": ['"order_id"."zip"']},
    ],
)
def test_a_filter_is_kept_as_it_was_put(changes: dict[str, Any], sales: Account) -> None:
    sales.make_filter(**changes)
    kept = found(sales)
    assert kept.pop("VersionId")
    assert kept == sales.filter(**changes)


def test_filters_are_listed_by_their_table_in_pages(sales: Account) -> None:
    sales.table("returns_v1")
    for name in ("a", "b", "c"):
        sales.make_filter(name)
    sales.make_filter("d", TableName="returns_v1")

    def names(**request: object) -> list[str]:
        return [kept["Name"] for kept in sales.lake.list_data_cells_filter(**request)["DataCellsFilters"]]

    assert names() == ["a", "b", "c", "d"]
    assert names(Table={**TABLE["Table"], "CatalogId": ACCOUNT}) == ["a", "b", "c"]
    first = sales.lake.list_data_cells_filter(Table=TABLE["Table"], MaxResults=2)
    assert names(Table=TABLE["Table"], NextToken=first["NextToken"]) == ["c"]


def test_an_update_replaces_rows_and_columns_and_makes_a_new_version(sales: Account) -> None:
    sales.make_filter()
    before = found(sales)
    changed = sales.filter(ColumnNames=["order_id"], RowFilter={"FilterExpression": "amount > '1'"})
    sales.lake.update_data_cells_filter(TableData=changed)
    after = found(sales)
    assert after.pop("VersionId") != before["VersionId"]
    assert after == changed


def test_a_filter_cannot_be_made_twice(sales: Account) -> None:
    sales.make_filter()
    with refused("AlreadyExistsException"):
        sales.make_filter(ColumnNames=["order_id"])
    assert found(sales)["ColumnNames"] == ["order_id", "amount"]


def test_what_is_not_there_can_be_neither_read_nor_changed_nor_deleted(sales: Account) -> None:
    with refused("EntityNotFoundException", "Data cells filter masked not found"):
        found(sales)
    with refused("EntityNotFoundException"):
        sales.lake.update_data_cells_filter(TableData=sales.filter())
    with refused("EntityNotFoundException"):
        sales.lake.delete_data_cells_filter(**cells()["DataCellsFilter"])
    with refused("EntityNotFoundException", "Table gone not found"):
        sales.make_filter(TableName="gone")
    with refused("EntityNotFoundException", "Database gone not found"):
        sales.make_filter(DatabaseName="gone")
    with refused("InvalidInputException", "TableName must be given"):
        sales.lake.delete_data_cells_filter(DatabaseName="sales", Name="masked")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ColumnNames": ["order_id", "gone"]}, "Column gone does not exist"),
        ({"ColumnNames": None, "ColumnWildcard": {"ExcludedColumnNames": ["gone"]}}, "Column gone does not exist"),
        ({"ColumnNames": ["order_id", "order_id"]}, "more than once"),
        ({"ColumnNames": ['"gone"."zip"']}, "does not exist"),
        ({"ColumnNames": ['"order_id"."2"."3"."4"."5"."6"']}, "deeper than 5"),
        ({"ColumnNames": None}, "Exactly one of ColumnNames and ColumnWildcard"),
        ({"ColumnWildcard": {}}, "Exactly one of ColumnNames and ColumnWildcard"),
        ({"RowFilter": None}, "exactly one of FilterExpression and AllRowsWildcard"),
        ({"RowFilter": {}}, "exactly one of FilterExpression and AllRowsWildcard"),
        ({"RowFilter": {"FilterExpression": "a = 1", "AllRowsWildcard": {}}}, "exactly one of FilterExpression"),
        ({"RowFilter": {"FilterExpression": "a" * 2049}}, "at most 2048 characters"),
        ({"Name": "a\nb"}, "one line"),
        ({"Name": "a" * 256}, "1 to 255 characters"),
    ],
)
def test_a_filter_that_lake_formation_refuses(changes: dict[str, Any], message: str, sales: Account) -> None:
    with refused("InvalidInputException", message):
        sales.make_filter(**changes)
    assert sales.lake.list_data_cells_filter()["DataCellsFilters"] == []


def test_tables_with_reserved_columns_have_no_filters(sales: Account) -> None:
    sales.table("versions_v1", "order_id", "xmin")
    with refused("InvalidInputException", "column xmin"):
        sales.make_filter(TableName="versions_v1", ColumnNames=["order_id"])


def test_filters_go_with_their_table_and_database(sales: Account) -> None:
    sales.make_filter()
    sales["glue"].delete_table(DatabaseName="sales", Name="orders_v1")
    sales.table()
    assert sales.lake.list_data_cells_filter()["DataCellsFilters"] == []
    sales.make_filter()
    sales["glue"].delete_database(Name="sales")
    assert sales.lake.list_data_cells_filter()["DataCellsFilters"] == []
