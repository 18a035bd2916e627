"""Who is made from a dataset."""

from __future__ import annotations

from mesh_infra.review.contracts import blast_radius
from mesh_infra.spec.model import Status
from tests.review.contracts.build import column, contract, spec

ORDERS = contract(columns=(column("id"), column("amount")))


def _radius(*others: object, columns: tuple[str, ...] = ()) -> list[tuple[str, int, str, tuple[str, ...]]]:
    whole = spec(ORDERS, *others)  # type: ignore[arg-type]  # built by contract() in every test
    return [(a.contract.dataset, a.depth, a.via.dataset, a.columns) for a in blast_radius(whole, ORDERS, columns)]


def test_to_any_depth_with_the_columns_that_are_said() -> None:
    assert _radius(
        contract("daily", consumes=("orders:amount",)),
        contract("monthly", consumes=("daily",)),
        contract("yearly", consumes=("sales.monthly.v1:id",)),
        contract("elsewhere"),
    ) == [
        ("daily", 1, "orders", ("amount",)),
        ("monthly", 2, "daily", ()),
        ("yearly", 3, "monthly", ("id",)),
    ]


def test_a_circle_ends() -> None:
    first = contract("daily", consumes=("orders", "monthly"))
    assert _radius(first, contract("monthly", consumes=("daily",))) == [
        ("daily", 1, "orders", ()),
        ("monthly", 2, "daily", ()),
    ]


def test_who_takes_other_columns_is_spared_with_all_behind_it() -> None:
    daily = contract("daily", consumes=("orders:amount",))
    monthly = contract("monthly", consumes=("daily",))
    whole = contract("whole", consumes=("orders",))
    assert [name for name, *_ in _radius(daily, monthly, whole, columns=("id",))] == ["whole"]


def test_a_retired_dataset_is_not_made_any_more() -> None:
    assert _radius(contract("daily", consumes=("orders",), status=Status.RETIRED)) == []


def test_another_major_version_is_another_dataset() -> None:
    second = contract(version="v2")
    assert _radius(second, contract("daily", consumes=("orders.v2",))) == []
