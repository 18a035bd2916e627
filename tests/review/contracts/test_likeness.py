"""What is called like something that was sensitive, and what is not taken for it."""

from __future__ import annotations

import pytest

from mesh_infra.review.contracts.likeness import find_likeness
from mesh_infra.review.contracts.nodes import nodes_of
from mesh_infra.spec.model import Classification, Column
from mesh_infra.spec.types import array_of, struct_of
from tests.review.contracts.build import column

CLASSES = {"restricted": Classification(sensitive=True), "internal": Classification(sensitive=False)}
REF, SHOWN, X = column("ref", pii=True), column("ref"), column("x")


def struct(name: str, *fields: Column, **said: object) -> Column:
    return column(name, "string", **said).model_copy(
        update={"type": struct_of([(one.name, one.type) for one in fields]), "fields": fields}
    )


def listed(name: str, items: Column) -> Column:
    return Column(name=name, type=array_of(items.type), items=items)


def found(base: tuple[Column, ...], head: tuple[Column, ...]) -> dict[str, str]:
    """What of HEAD is called like what of BASE, where columns of one name are pairs."""
    olds, news = nodes_of(base), nodes_of(head)
    pairs = [(old, new) for old in olds for new in news if old.name == new.name]
    likeness = find_likeness(olds, news, pairs, CLASSES, CLASSES)
    return {node.path: old.path for column in news for node, old in likeness.found(column)}


@pytest.mark.parametrize(
    ("base", "head", "like"),
    [
        pytest.param((struct("a", REF),), (struct("b", SHOWN),), {"b.ref": "a.ref"}, id="in another struct"),
        pytest.param((REF, X), (struct("x", SHOWN),), {"x.ref": "ref"}, id="where there was a value"),
        pytest.param((REF,), (struct("b", column("ref", "int")),), {"b.ref": "ref"}, id="of another type"),
        pytest.param(
            (REF,), (struct("b", SHOWN), struct("c", SHOWN)), {"b.ref": "ref", "c.ref": "ref"}, id="in two places"
        ),
        pytest.param(
            (struct("a", REF),),
            (listed("b", struct("items", SHOWN)),),
            {"b[].ref": "a.ref"},
            id="in the items of a list",
        ),
        pytest.param(
            (struct("a", SHOWN, X, pii=True),), (struct("b", X),), {"b.x": "a.x"}, id="part of what was sensitive"
        ),
        pytest.param(
            (struct("a", column("x", classification="restricted")),), (struct("b", X),), {"b.x": "a.x"}, id="classified"
        ),
        pytest.param((struct("a", REF),), (struct("b", column("a")),), {"b.a": "a"}, id="written as text"),
        pytest.param(
            (listed("refs", REF),), (struct("b", column("refs", "array<string>")),), {"b.refs": "refs"}, id="a list"
        ),
        pytest.param((REF, struct("b", column("ref", "int"))), (struct("b", SHOWN),), {"b.ref": "ref"}, id="retyped"),
        pytest.param(
            (REF, struct("b", SHOWN, column("y", pii=True))), (struct("b", SHOWN),), {"b.ref": "ref"}, id="was hidden"
        ),
    ],
)
def test_what_may_be_the_same(base: tuple[Column, ...], head: tuple[Column, ...], like: dict[str, str]) -> None:
    assert found(base, head) == like


@pytest.mark.parametrize(
    ("base", "head"),
    [
        pytest.param((struct("a", REF),), (struct("a", REF), struct("b", SHOWN)), id="it is where it was"),
        pytest.param((struct("a", REF), struct("b", SHOWN)), (struct("b", SHOWN),), id="shown before"),
        pytest.param((struct("a", REF),), (struct("b", X),), id="nothing of its name"),
        pytest.param((struct("a", REF, X),), (struct("b", X),), id="what was beside it"),
        pytest.param((struct("a", REF, X),), (struct("b", struct("a", X)),), id="a struct that had it"),
        pytest.param((struct("a", column("x", classification="internal")),), (struct("b", X),), id="a harmless class"),
        pytest.param((listed("a", REF),), (listed("b", X),), id="items have no name"),
    ],
)
def test_what_is_not(base: tuple[Column, ...], head: tuple[Column, ...]) -> None:
    assert found(base, head) == {}
