"""`mesh diff`, as a whole process: one edit in a large mesh against the same in a small one."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.bench import generate, measure
from tests.bench.measure import Figure

SMALL = 100


def one_contract(folder: Path, size: int) -> Iterator[Figure]:
    """A pull request that edits one contract."""
    small, large = (_committed(folder / f"contract-{count}", count) for count in (SMALL, size))
    for root in (small, large):
        _edit(generate.any_contract(root), "permission: read_masked", "permission: read")
    first = [measure.mesh(root, "diff", "HEAD") for root in (small, large)]
    second = [measure.mesh(root, "diff", "HEAD", runs=5) for root in (small, large)]
    what, baseline = f"mesh diff of one contract among {size:,}", f"the same among {SMALL:,}"
    yield Figure(f"{what}, first run", first[1], baseline, first[0])
    yield Figure(f"{what}, later runs", second[1], baseline, second[0], 1.5, "target in seconds: 1")


def mesh_yaml(folder: Path, size: int) -> Iterator[Figure]:
    """A pull request that edits what every contract hangs on."""
    root = _committed(folder / "mesh-yaml", size)
    _edit(root / "mesh.yaml", "internal: {sensitive: false}", "internal: {sensitive: true}")
    checked = measure.mesh(root, "check")
    compared = measure.mesh(root, "diff", "HEAD")
    yield Figure(f"mesh diff of mesh.yaml among {size:,} contracts", compared, "mesh check of it", checked, 2)


def _committed(root: Path, size: int) -> Path:
    generate.generate(root, size)
    for args in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "The mesh"]):
        settings = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(root), *settings, *args], check=True)
    return root


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise ValueError(f"{path} has no {old!r}")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
