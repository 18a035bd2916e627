"""The findings about some files of a mesh, out of those about all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from mesh_infra.errors import UsageError
from mesh_infra.findings import Finding, printable
from mesh_infra.spec.problems import nearest


def select(findings: Iterable[Finding], root: Path, paths: Sequence[Path]) -> tuple[Finding, ...]:
    """The findings about files at or below one of ``paths``; all of them where there are no paths.

    Raises ``UsageError`` for a path that is not there or not in the mesh at ``root``.
    """
    if not paths:
        return tuple(findings)
    wanted = [_inside(root, path) for path in paths]
    return tuple(f for f in findings if any(w in ("", f.path) or f.path.startswith(f"{w}/") for w in wanted))


def _inside(root: Path, path: Path) -> str:
    if not path.exists():
        near = _near(path)
        hint = f"did you mean '{printable(str(near))}'?" if near else "name files or folders of the mesh"
        raise UsageError(f"there is no '{printable(str(path))}'", hint)
    absolute, base = path.resolve(), root.resolve()
    if not absolute.is_relative_to(base):
        raise UsageError(
            f"'{printable(str(path))}' is not in the mesh", f"name files or folders in '{printable(str(root))}'"
        )
    return absolute.relative_to(base).as_posix().removeprefix(".")


def _near(path: Path) -> Path | None:
    """What is there instead of ``path`` under names much like those in it; None where a name is like no other."""
    found = Path(path.anchor)
    for part in path.parts[bool(path.anchor) :]:
        name: str | None = part
        if not (found / part).exists():
            name = nearest(part, _names_in(found))
        if name is None:
            return None
        found /= name
    return found


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(entry.name for entry in folder.iterdir())
    except OSError:
        return frozenset()
