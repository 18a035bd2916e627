"""Glue's names: folded to lower case when they are stored (Glue web API reference, DatabaseInput and TableInput)."""

from __future__ import annotations

from tests.local.aws.account import Account, refused, table_input


def test_names_are_folded_to_lower_case(account: Account) -> None:
    glue = account["glue"]
    glue.create_database(DatabaseInput={"Name": "Sales"})
    glue.create_table(DatabaseName="sales", TableInput=table_input("Orders_V1"))
    assert glue.get_database(Name="sales")["Database"]["Name"] == "sales"
    assert glue.get_table(DatabaseName="sales", Name="orders_v1")["Table"]["Name"] == "orders_v1"
    with refused("AlreadyExistsException"):
        glue.create_database(DatabaseInput={"Name": "SALES"})
    with refused("AlreadyExistsException"):
        glue.create_table(DatabaseName="sales", TableInput=table_input("orders_v1"))
