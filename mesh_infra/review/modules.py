"""The files of an organisation's own rules as both sides of a review have them: compared, and never run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from mesh_infra.cache import digest
from mesh_infra.review.git_tree import Commit
from mesh_infra.spec.files import MAX_BYTES
from mesh_infra.spec.model import Mesh
from mesh_infra.spec.tree import Kind, Tree


def read_modules(tree: Tree, mesh: Mesh) -> Mapping[str, str]:
    """One name for what each file holds that mesh.yaml names; empty where there is no such file inside the mesh."""
    paths = [path for path in mesh.rule_modules if _is_inside(path)]
    if isinstance(tree, Commit):
        tree.look_at({str(way) for path in paths for way in _way(path)})
    return {path: _content(tree, path) if path in paths else "" for path in mesh.rule_modules}


def _is_inside(path: str) -> bool:
    """As ``mesh_infra.governance.own`` takes it: relative, and never upwards."""
    parts = PurePosixPath(path)
    return bool(path) and not (parts.is_absolute() or ".." in parts.parts or "\\" in path or "\0" in path)


def _way(path: str) -> Iterator[PurePosixPath]:
    """The folders that lead to a file, and the file."""
    file = PurePosixPath(path)
    yield from [*reversed(file.parents)][1:]
    yield file


def _content(tree: Tree, path: str) -> str:
    *folders, file = map(str, _way(path))
    try:
        entries = [tree.entry(folder) for folder in folders]
        # A link may lead out of the mesh, where nothing is read.
        if any(entry is None or entry.kind is not Kind.FOLDER for entry in entries):
            return ""
        entry = tree.entry(file)
        held = tree.read(file, MAX_BYTES) if entry and entry.kind is Kind.FILE else None
    except OSError:
        return ""
    # Python reads both ends of lines alike, and git may write either.
    return "" if held is None else digest(held.replace(b"\r\n", b"\n").decode("utf-8", "backslashreplace"))
