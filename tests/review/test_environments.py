"""Which environment is which."""

from __future__ import annotations

import pytest

from mesh_infra.review.environments import PairOfNames, pair_environments
from mesh_infra.spec.model import Environment, Mesh
from mesh_infra.spec.source import Source


def mesh(**prefixes: str) -> Mesh:
    """Environments that differ in the prefix of their names alone."""
    environments = {
        name: Environment(prefix=prefix, account="111122223333", region="eu-west-1", deployer="arn:x")
        for name, prefix in prefixes.items()
    }
    return Mesh(organization="acme", environments=environments, source=Source("mesh.yaml", ""))


@pytest.mark.parametrize(
    ("base", "head", "pairs"),
    [
        (mesh(dev="a", prod="b"), mesh(prod="b", dev="a"), [("dev", "dev"), ("prod", "prod")]),
        (mesh(dev="a"), mesh(test="a"), [("dev", "test")]),
        (mesh(dev="a"), mesh(dev="b"), [("dev", "dev")]),
        (mesh(dev="a"), mesh(test="b"), [("dev", None), (None, "test")]),
        (mesh(dev="a", prod="b"), mesh(dev="b", prod="a"), [("dev", "prod"), ("prod", "dev")]),
        (mesh(dev="a", prod="b"), mesh(prod="a"), [("dev", "prod"), ("prod", None)]),
        (mesh(dev="a", test="a"), mesh(test="a", other="a"), [("test", "test"), ("dev", "other")]),
        (mesh(dev="a"), mesh(dev="a", other="a"), [("dev", "dev"), (None, "other")]),
    ],
)
def test_by_home_then_by_name(base: Mesh, head: Mesh, pairs: list[PairOfNames]) -> None:
    assert list(pair_environments(base, head)) == pairs
