"""Which columns are renamed, and which are others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mesh_infra.review.contracts.nodes import nodes_of
from mesh_infra.review.contracts.renames import MOST, find_renames
from mesh_infra.spec.model import Column
from tests.review.contracts.build import column

A, Z = column("a"), column("z")


def _renames(olds: Sequence[Column], news: Sequence[Column]) -> list[tuple[str, str]]:
    return [(old.name, new.name) for old, new in find_renames(nodes_of(olds), nodes_of(news))]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(column("user_email"), column("email"), id="place and half of the words"),
        pytest.param(column("adress"), column("address"), id="place and all but a letter"),
        pytest.param(
            column("total", description="In EUR"), column("gross", description="in EUR."), id="place and description"
        ),
        pytest.param(column("nr", primary_key=True), column("key", primary_key=True), id="place and marks"),
        pytest.param(
            column("order_id", "int", primary_key=True, description="On the invoice"),
            column("number", "string", primary_key=True, description="On the invoice"),
            id="another type, but place, description and marks",
        ),
        pytest.param(
            column("user_mail", pii=True, description="Of the buyer"),
            column("mail", description="Of the buyer"),
            id="no longer personal, but place, name and description",
        ),
    ],
)
def test_renamed(old: Column, new: Column) -> None:
    assert _renames((A, old, Z), (A, new, Z)) == [(old.name, new.name)]
    assert _renames((A, new, Z), (A, old, Z)) == [(new.name, old.name)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(column("discount", "int"), column("quantity", "int"), id="place alone"),
        pytest.param(column("customer_id"), column("customer_city"), id="a third of the words"),
        pytest.param(column("address_1"), column("address_2"), id="another number"),
        pytest.param(column("amount_eur"), column("amount_usd"), id="another unit"),
        pytest.param(column("amount", "int"), column("net_amount", "string"), id="another type, two signs"),
        pytest.param(column("email", pii=True), column("email_hash"), id="no longer personal, two signs"),
    ],
)
def test_not_renamed(old: Column, new: Column) -> None:
    assert _renames((A, old, Z), (A, new, Z)) == []
    assert _renames((A, new, Z), (A, old, Z)) == []


def test_elsewhere_it_takes_name_and_description() -> None:
    old, new = column("user_email", description="Of the buyer"), column("email", description="Of the buyer")
    assert _renames((A, old, Z), (A, Z, new)) == [("user_email", "email")]
    assert _renames((A, column("user_email"), Z), (A, Z, column("email"))) == []


def test_of_two_candidates_neither_is_taken() -> None:
    old = column("note", description="Of the buyer")
    news = (column("note_one", description="Of the buyer"), A, Z, column("note_two", description="Of the buyer"))
    assert _renames((A, old, Z), news) == []


def test_several_in_one_place_keep_their_order() -> None:
    olds = (A, column("net_amount", "int"), column("gross_amount", "int"), Z)
    news = (A, column("net", "int"), column("gross", "int"), Z)
    assert _renames(olds, news) == [("net_amount", "net"), ("gross_amount", "gross")]


def test_another_table_altogether() -> None:
    olds = [column(f"user_column_{'x' * n}") for n in range(1, MOST + 2)]
    news = [column(f"column_{'x' * n}") for n in range(1, MOST + 2)]
    assert _renames(olds, news) == []
    assert len(_renames(olds[:3], news[:3])) == 3
