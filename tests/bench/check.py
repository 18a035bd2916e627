"""`mesh check`: of a large mesh in one process, and of the sample mesh as a whole process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from mesh_infra.checks import check_mesh
from mesh_infra.findings import has_errors
from tests.bench import generate, measure
from tests.bench.measure import Figure

SAMPLE = Path(__file__).parents[2]


def large(folder: Path, size: int) -> Iterator[Figure]:
    """All contracts checked against all contracts merely parsed."""
    root = generate.generate(folder / "check", size)
    parsed = measure.in_own_process(_parse, root)
    checked = measure.in_own_process(_check, root)
    baseline = f"yaml.load with CSafeLoader of the same {size:,} files"
    yield Figure(
        f"mesh check of {size:,} contracts, in one process",
        checked.first,
        baseline,
        parsed.first,
        0.6,
        f"memory {checked.mebibytes:,.0f} MiB",
    )
    yield Figure("the same a second time", checked.second, baseline, parsed.first, 0.1)


def sample(_folder: Path, _size: int) -> Iterator[Figure]:
    """What a user of a small mesh waits for."""
    imports = measure.python("-c", "import yaml, pydantic", runs=5)
    checked = measure.mesh(SAMPLE, "check", runs=5)
    yield Figure(
        "mesh check of the sample mesh, as a process", checked, "python -c 'import yaml, pydantic'", imports, 2
    )


def _parse(root: Path) -> None:
    for path in sorted((root / "contracts").glob("*/*.yaml")):
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _check(root: Path) -> None:
    _, findings = check_mesh(root)
    if has_errors(findings):
        raise RuntimeError(f"the generated mesh has errors: {findings[:3]}")
