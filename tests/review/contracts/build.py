"""Meshes of a few contracts, for what one test is about."""

from __future__ import annotations

from collections.abc import Sequence

from mesh_infra.spec.model import Column, Consumed, Contract, Domain, Environment, Mesh, Spec
from mesh_infra.spec.source import Source
from mesh_infra.spec.types import parse_type

MESH = Mesh(
    organization="acme",
    environments={
        "dev": Environment(
            prefix="acme", account="111122223333", region="eu-west-1", deployer="arn:aws:iam::111122223333:role/d"
        )
    },
    source=Source("mesh.yaml", ""),
)


def column(name: str, kind: str = "string", **said: object) -> Column:
    return Column.model_validate({"name": name, "type": parse_type(kind), **said})


def contract(
    dataset: str = "orders", columns: Sequence[Column] = (), consumes: Sequence[str] = (), **said: object
) -> Contract:
    """A contract of the domain sales, which may consume others: ``orders``, or ``orders:id,amount`` with columns."""
    taken = (text.partition(":") for text in consumes)
    return Contract.model_validate(
        {
            "domain": "sales",
            "dataset": dataset,
            "version": "v1",
            "owner": "team-sales@company.com",
            "columns": tuple(columns) or (column("id"),),
            "consumes": tuple(
                Consumed(dataset=name, columns=tuple(names.split(",")) if names else ()) for name, _, names in taken
            ),
            "source": Source(f"contracts/sales/{dataset}.yaml", ""),
            **said,
        }
    )


def spec(*contracts: Contract) -> Spec:
    domains = tuple(
        Domain(domain=name, owner=f"team-{name}@company.com", source=Source(f"domains/{name}.yaml", ""))
        for name in sorted({c.domain for c in contracts})
    )
    return Spec(MESH, domains, contracts)
