"""Where the values of a contract stand in a file of the Open Data Contract Standard.

Rules, reviews and manifests ask for places as our own format has them (``("schema", 2, "pii")``); here they become
places of the standard (``("schema", 0, "properties", 2, "tags", 1)``).
"""

from __future__ import annotations

from collections.abc import Mapping

from mesh_infra.spec.document import Document
from mesh_infra.spec.source import Loc, Position, Source


def is_odcs(data: Mapping[str, object]) -> bool:
    """Whether a file is written in the standard, as its first keys say, rather than in our own format."""
    return "apiVersion" in data or "kind" in data


class OdcsSource(Source):
    """One table of a file: ``places`` leads from places of our format to those of the standard.

    What is not in it stands below its nearest parent that is, under the same keys.
    """

    def __init__(self, whole: Source, places: Mapping[Loc, Loc]) -> None:
        super().__init__(whole.path, whole.text)
        self.whole = whole
        self._places = dict(places)

    @property
    def document(self) -> Document:
        """That of the whole file."""
        return self.whole.document

    def value(self, loc: Loc) -> Position:
        """Where the value at ``loc`` begins; the nearest enclosing value where the file does not say it."""
        return self.whole.value(self.place(loc))

    def key(self, loc: Loc) -> Position:
        """Where the key that leads to ``loc`` stands; as ``value`` where there is none."""
        return self.whole.key(self.place(loc))

    def has(self, loc: Loc) -> bool:
        """Whether the file says something at ``loc``."""
        return self.whole.has(self.place(loc))

    def written(self, loc: Loc) -> str | None:
        """The text of the scalar at ``loc`` as it is written; None if it is none."""
        return self.whole.written(self.place(loc))

    def place(self, loc: Loc) -> Loc:
        """Where ``loc`` is in the file."""
        for length in range(len(loc), -1, -1):
            found = self._places.get(loc[:length])
            if found is not None:
                return (*found, *loc[length:])
        return loc
