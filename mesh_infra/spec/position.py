"""Places in a file of the mesh."""

from __future__ import annotations

from dataclasses import dataclass

Loc = tuple[str | int, ...]
"""The way to a value inside a YAML document: ``("schema", 2, "type")``."""


@dataclass(frozen=True, slots=True)
class Position:
    """A line and a column, both counted from 1."""

    line: int
    column: int
