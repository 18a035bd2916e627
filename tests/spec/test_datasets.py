"""Finding datasets by the names that contracts give them."""

from __future__ import annotations

import pytest

from mesh_infra.spec.datasets import Datasets
from mesh_infra.spec.model import Column, Contract
from mesh_infra.spec.source import Source
from mesh_infra.spec.types import STRING


def contract(domain: str, dataset: str, version: str = "v1") -> Contract:
    path = f"contracts/{domain}/{dataset}.{version}.yaml"
    return Contract(
        domain=domain,
        dataset=dataset,
        version=version,
        owner="team@company.com",
        columns=(Column(name="id", type=STRING),),
        source=Source(path, ""),
    )


DATASETS = Datasets(
    [
        contract("sales", "orders", "v1"),
        contract("sales", "orders", "2.0.1"),
        contract("sales", "customers"),
        contract("support", "customers"),
        contract("support", "tickets"),
    ]
)


@pytest.mark.parametrize(
    ("reference", "domain", "found"),
    [
        ("orders", "sales", ["sales.orders.v1", "sales.orders.v2"]),
        ("orders", "support", ["sales.orders.v1", "sales.orders.v2"]),
        ("orders.v2", "support", ["sales.orders.v2"]),
        ("sales.orders.v1", "support", ["sales.orders.v1"]),
        ("support.orders", "sales", []),
        ("orders.v3", "sales", []),
        ("customers", "sales", ["sales.customers.v1"]),
        ("customers", "support", ["support.customers.v1"]),
        ("customers", "finance", ["sales.customers.v1", "support.customers.v1"]),
        ("support.customers", "sales", ["support.customers.v1"]),
        ("nothing", "sales", []),
    ],
)
def test_find(reference: str, domain: str, found: list[str]) -> None:
    assert [f"{c.domain}.{c.id}" for c in DATASETS.find(reference, domain)] == found


def test_names() -> None:
    assert DATASETS.names("sales") == {"orders", "customers"}
    assert DATASETS.names("finance") == frozenset()
    assert DATASETS.all_names == {"orders", "customers", "tickets"}
