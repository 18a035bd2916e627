"""A file of the mesh and where each of its values stands."""

from __future__ import annotations

from functools import lru_cache

from mesh_infra.spec.document import Document, Yaml, examine
from mesh_infra.spec.position import Loc, Position

__all__ = ["Loc", "Position", "Source"]


class Source:
    """One YAML file: ``path`` relative to the root of the mesh, in POSIX form, and its text.

    Positions are found by a second parse of the text on demand: most files are never asked, and only the documents of
    the files asked last are kept. ``parsed`` is what the text holds, where somebody knows that already; whoever reads
    the file takes it.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.parsed: dict[str, Yaml] | None = None
        self._values: dict[Loc, Position] = {}

    @property
    def document(self) -> Document:
        """The text parsed with care: every value's position, and what our YAML does not allow."""
        return _document(self)

    def value(self, loc: Loc) -> Position:
        """Where the value at ``loc`` begins; the nearest enclosing value where ``loc`` is not in the file.

        What was asked once is kept: the same lines are wanted for every environment, and for both sides of a review.
        """
        if loc not in self._values:
            self._values[loc] = self._value(loc)
        return self._values[loc]

    def _value(self, loc: Loc) -> Position:
        places = self.document.places
        while loc and loc not in places:
            loc = loc[:-1]
        return places[loc].value if loc in places else Position(1, 1)

    def key(self, loc: Loc) -> Position:
        """Where the key that leads to ``loc`` stands; as ``value`` where ``loc`` ends in an index or is not there."""
        place = self.document.places.get(loc)
        return place.key if place is not None and place.key is not None else self.value(loc)

    def has(self, loc: Loc) -> bool:
        """Whether a value at ``loc`` is in the file."""
        return loc in self.document.places

    def written(self, loc: Loc) -> str | None:
        """The text of the scalar at ``loc`` as it is written (``1.10``, where the value is 1.1); None if it is none."""
        place = self.document.places.get(loc)
        return None if place is None else place.written


@lru_cache(maxsize=8)
def _document(source: Source) -> Document:
    return examine(source.text)
