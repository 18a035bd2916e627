"""`pulumi preview` by the real CLI, on a local AWS."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mesh_infra.checks import check_mesh
from mesh_infra.manifest.build import build_manifest
from mesh_infra.resources.declare import declare
from tests.bench import generate, measure
from tests.bench.literal import literal_program
from tests.bench.measure import Figure
from tests.engine.harness import LocalMesh, local_mesh

CONTRACTS = 100

RUNS = 4
"""Of each program in turn; the best counts."""


def one_domain(folder: Path, _size: int) -> Iterator[Figure]:
    """A domain with many contracts, not deployed yet, against a program that registers the same from literals."""
    source = generate.generate(folder / "source", CONTRACTS, most_domains=1)
    (folder / "mesh").mkdir()
    with local_mesh(folder / "mesh", source) as mesh:
        literal = _literal(mesh, folder / "literal")
        ours, theirs = _registered(mesh.previewed()), _registered(mesh.previewed(literal))
        if ours != theirs:
            differing = sorted(urn for urn in ours.keys() | theirs.keys() if ours.get(urn) != theirs.get(urn))
            raise RuntimeError(f"the programs register other things: {differing[:3]}")
        taken = [(measure.spent(mesh.previewed), measure.spent(lambda: mesh.previewed(literal))) for _ in range(RUNS)]
    best = [measure.least(run[side] for run in taken) for side in range(2)]
    yield Figure(
        f"pulumi preview of a domain with {CONTRACTS} contracts, {len(ours):,} resources",
        best[0].seconds,
        "a program that registers the same from literals",
        best[1].seconds,
        1.15,
        f"of processor time {best[0].processor / best[1].processor:.2f} times",
    )


def _literal(mesh: LocalMesh, folder: Path) -> Path:
    """The same project and stack, with another program."""
    folder.mkdir()
    for file in mesh.root.glob("Pulumi*.yaml"):
        shutil.copy(file, folder)
    spec, findings = check_mesh(mesh.root)
    if spec is None:
        raise RuntimeError(f"the generated mesh has errors: {findings[:3]}")
    manifest = build_manifest(spec, "local")
    (folder / "__main__.py").write_text(literal_program(manifest, declare(manifest)), encoding="utf-8")
    return folder


def _registered(preview: str) -> dict[str, tuple[Any, ...]]:
    """What the engine was given: by URN the inputs, the parent and the dependencies."""
    states = (step["newState"] for step in json.loads(preview)["steps"])
    return {
        state["urn"]: (state.get("inputs"), state.get("parent"), sorted(state.get("dependencies", ())))
        for state in states
    }
