"""A file of the mesh and where each of its values stands."""

from __future__ import annotations

from dataclasses import dataclass

Loc = tuple[str | int, ...]
"""The way to a value inside a YAML document: ``("schema", 2, "type")``."""


@dataclass(frozen=True, slots=True)
class Position:
    """A line and a column, both counted from 1."""

    line: int
    column: int


class Source:
    """One YAML file: ``path`` relative to the root of the mesh, in POSIX form, and its text.

    Positions are found by a second parse of the text on first demand: most files are never asked.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    def value(self, loc: Loc) -> Position:
        """Where the value at ``loc`` begins; the nearest enclosing value where ``loc`` is not in the file."""
        raise NotImplementedError

    def key(self, loc: Loc) -> Position:
        """Where the key that leads to ``loc`` stands; as ``value`` where ``loc`` ends in an index."""
        raise NotImplementedError
