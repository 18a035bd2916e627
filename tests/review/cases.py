"""Changes of a mesh in folders: BASE and HEAD, and the whole review of the way between them.

BASE is the mesh in ``cases/review/mesh`` with the case's ``base`` laid over it, HEAD is BASE with its ``head`` laid
over it; an empty file stands for one that is not there.
"""

from __future__ import annotations

import shutil
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from mesh_infra.checks import check_files
from mesh_infra.review.modules import read_modules
from mesh_infra.review.sides import EMPTY, Side
from mesh_infra.spec.files import MESH_FILE, read_files
from mesh_infra.spec.load import ReadContracts, load_partial
from mesh_infra.spec.tree import Disk

FOLDER = Path(__file__).parents[1] / "cases" / "review"
MESH = FOLDER / "mesh"
CASES = tuple(sorted(case for group in FOLDER.iterdir() if group != MESH for case in group.iterdir()))

AS_OF = date(2026, 1, 15)
"""The day on which accepted findings are judged."""

_READ: ReadContracts = {}
"""Nearly all contracts are the same in nearly all cases."""


def name_of(case: Path) -> str:
    """``access/pii-dropped``."""
    return case.relative_to(FOLDER).as_posix()


@cache
def both_sides(case: Path) -> tuple[Side, Side]:
    """The sides of a case as `mesh diff main` has them; a BASE without mesh.yaml is an empty mesh."""
    with TemporaryDirectory() as folder:
        head = Path(folder)
        lay_over(head, MESH, case / "base", case / "head")
        files = read_files(head)
        _, findings = check_files(files, None, _READ, AS_OF, head)
        spec = load_partial(files, _READ).comparable
        modules = read_modules(Disk(head), spec.mesh) if spec else {}
    return _base(case / "base"), Side("the working tree", spec, findings, modules)


@cache
def _base(layer: Path) -> Side:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        lay_over(root, MESH, layer)
        if not (root / MESH_FILE).exists():
            return Side("main", EMPTY, ())
        loaded = load_partial(read_files(root), _READ)
        modules = read_modules(Disk(root), loaded.comparable.mesh) if loaded.comparable else {}
    return Side("main", loaded.comparable, loaded.findings, modules, loaded.mesh)


def lay_over(root: Path, *layers: Path) -> None:
    """Copy the layers over each other into ``root``; a file that is empty in one of them is not there."""
    for layer in layers:
        if layer.exists():
            shutil.copytree(layer, root, dirs_exist_ok=True)
    for file in list(root.rglob("*.yaml")):
        if not file.stat().st_size:
            file.unlink()
