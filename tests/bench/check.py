"""`mesh check`: of a large mesh in one process, and of the sample mesh as a whole process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import yaml

from mesh_infra.cache import FOLDER, user_cache
from mesh_infra.checks import check_only
from mesh_infra.findings import has_errors
from mesh_infra.survey import processors
from tests.bench import generate, measure
from tests.bench.measure import Figure

SAMPLE = Path(__file__).parents[2]

_RUNS = 7


def large(folder: Path, size: int) -> Iterator[Figure]:
    """All contracts checked against all contracts merely parsed."""
    root = generate.generate(folder / "check", size)
    parsed = measure.in_own_process(_parse, root)
    checked = measure.in_own_process(_check, root)
    baseline = f"yaml.load with CSafeLoader of the same {size:,} files"
    yield Figure(
        f"mesh check of {size:,} contracts for the first time",
        checked.first,
        baseline,
        parsed.first,
        0.6,
        f"memory {checked.mebibytes:,.0f} MiB",
    )
    yield Figure("the same a second time", checked.second, baseline, parsed.first, 0.1)


def sample(folder: Path, _size: int) -> Iterator[Figure]:
    """What a user of a small mesh waits for: after an edit, and where nothing has changed."""
    baseline = "python -c 'import yaml, pydantic'"
    edited, again, imports = [], [], []
    for run in range(_RUNS):
        os.environ[FOLDER] = str(folder / f"cache-{run}")
        edited.append(measure.mesh(SAMPLE, "check"))
        again.append(measure.mesh(SAMPLE, "check"))
        imports.append(measure.python("-c", "import yaml, pydantic"))
    what = "mesh check of the sample mesh, as a process"
    yield Figure(f"{what}, nothing of it known", min(edited), baseline, min(imports))
    yield Figure(f"{what}, nothing changed since", min(again), baseline, min(imports), 2)


def _parse(root: Path) -> None:
    for path in sorted((root / "contracts").glob("*/*.yaml")):
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _check(root: Path) -> None:
    findings = check_only(root, cache=user_cache(root), processes=processors()).findings
    if has_errors(findings):
        raise RuntimeError(f"the generated mesh has errors: {findings[:3]}")
