"""What is certainly gone from a column, and what may still be in it."""

from __future__ import annotations

import pytest

from mesh_infra.review.contracts.leaving import Leaving
from mesh_infra.review.contracts.nesting import find_moves
from mesh_infra.review.contracts.nodes import nodes_of
from mesh_infra.spec.model import Column
from mesh_infra.spec.types import array_of, struct_of
from tests.review.contracts.build import column

EMAIL, X, Y = column("email", pii=True), column("x"), column("y", "int")


def struct(*fields: Column, name: str = "c") -> Column:
    return Column(name=name, type=struct_of([(one.name, one.type) for one in fields]), fields=fields)


def listed(*fields: Column) -> Column:
    items = struct(*fields, name="items")
    return Column(name="c", type=array_of(items.type), items=items)


def gone(old: Column, new: Column, before: tuple[Column, ...] = (), after: tuple[Column, ...] = ()) -> set[str]:
    olds, news = nodes_of((old, *before)), nodes_of((new, *after))
    return set(Leaving(olds, news, find_moves(olds, news)).gone(olds[0], news[0]))


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        (struct(EMAIL, X), struct(X), {"c.email"}),
        (struct(EMAIL, Y), struct(column("y", "bigint")), {"c.email"}),
        (listed(EMAIL, X), listed(X), {"c[].email"}),
        (struct(struct(EMAIL, X, name="in"), Y), struct(struct(X, name="in"), Y), {"c.in.email"}),
        (struct(struct(EMAIL, X, name="in"), Y), struct(Y), {"c.in", "c.in.email", "c.in.x"}),
    ],
)
def test_gone(old: Column, new: Column, paths: set[str]) -> None:
    assert gone(old, new) == paths


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(struct(EMAIL, X), struct(column("reply_to"), X), id="something came in its place"),
        pytest.param(struct(EMAIL, X), struct(column("e_mail", pii=True), X), id="renamed"),
        pytest.param(struct(EMAIL, X), struct(X, column("z", "int")), id="something of another type came"),
        pytest.param(struct(EMAIL, X), column("c"), id="all of it as text"),
        pytest.param(struct(EMAIL, X), column("c", "map<string,string>"), id="all of it as a map"),
        pytest.param(struct(EMAIL, X), struct(column("x", "json")), id="maybe in another field"),
        pytest.param(struct(EMAIL, X), struct(struct(column("e"), name="x")), id="maybe inside another field"),
        pytest.param(
            struct(struct(X, name="in"), EMAIL), struct(struct(X, column("email"), name="in")), id="deeper in it"
        ),
        pytest.param(listed(EMAIL, X), struct(X), id="no list any more"),
    ],
)
def test_in_doubt_it_is_there(old: Column, new: Column) -> None:
    assert gone(old, new) == set()


def test_what_came_elsewhere_may_be_it() -> None:
    old, new, other = struct(EMAIL, X), struct(X), struct(Y, name="d")
    assert gone(old, new, (other,), (struct(Y, column("email"), name="d"),)) == set()
    assert gone(old, new, (other,), (struct(Y, EMAIL, name="d"),)) == {"c.email"}
    assert gone(old, new, (other,), (struct(Y, column("note"), name="d"),)) == {"c.email"}
    assert gone(old, new, (), (column("user_email", "varchar(9)"),)) == set()
    assert gone(struct(struct(EMAIL, name="in"), X), new, (), (column("email", "varchar(9)"),)) == set()


def test_what_has_become_a_column_is_looked_at_there() -> None:
    for column_ in (EMAIL, column("email", pii=False)):
        assert gone(struct(EMAIL, X), struct(X), (), (column_,)) == {"c.email"}
        # Unless something came in its place: the column may have nothing but the name of what was there.
        assert gone(struct(EMAIL, X), struct(X, column("user_email")), (), (column_,)) == set()
