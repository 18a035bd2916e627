"""What it takes to deploy one grant more, after the whole sample mesh was deployed to a local AWS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.bench import measure
from tests.bench.measure import Figure
from tests.engine.harness import LocalMesh, local_mesh

ROLE, DATASET = "support", "sales_orders"


def one_grant(folder: Path, _size: int) -> Iterator[Figure]:
    """`make up`, `mesh grant`, `make up` again: seconds, and the calls that reached AWS."""
    with local_mesh(folder) as mesh:
        first, made = _up(mesh)
        granted = mesh.mesh("grant", ROLE, DATASET, "--masked")
        if granted.code:
            raise RuntimeError(granted.output)
        second, further = _up(mesh)
    yield Figure(
        f"deploying one grant: {_in_words(further)}",
        second,
        f"the first deployment of the sample mesh ({made.total():,} calls)",
        first,
    )


def _up(mesh: LocalMesh) -> tuple[float, Counter[str]]:
    before = len(mesh.calls())
    taken = measure.best(mesh.up, 1)
    return taken, Counter(map(_name, mesh.calls()[before:]))


def _name(call: Mapping[str, Any]) -> str:
    return f"{call['service']} {call['action']}"


def _in_words(calls: Counter[str]) -> str:
    named = ", ".join(f"{name} {number}" for name, number in sorted(calls.items()))
    return f"{calls.total():,} calls ({named})"
