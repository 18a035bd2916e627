"""Where something in a manifest comes from. Apart from the manifest's own models, which a check does without."""

from __future__ import annotations

from collections.abc import Callable


class Origin:
    """The line of YAML that something comes from; ``path`` is relative to the root of the mesh.

    Given as a function, the line is found when it is asked for: it takes a second parse of the file, which is most of
    the work in a large mesh, where few lines are ever shown.
    """

    __slots__ = ("_line", "path")

    def __init__(self, path: str, line: int | Callable[[], int]) -> None:
        self.path = path
        self._line = line

    @property
    def line(self) -> int:
        """The line, from 1."""
        if not isinstance(self._line, int):
            self._line = self._line()
        return self._line

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Origin) and self.path == other.path and self.line == other.line

    def __hash__(self) -> int:
        return hash(self.path)

    def __repr__(self) -> str:
        return f"Origin({self.path!r}, {self.line})"
