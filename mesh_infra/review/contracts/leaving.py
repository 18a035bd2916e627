"""What is certainly no longer in a column that stays, and so hides it no more.

In doubt it still is. A part of a column is gone where all of this holds:

- what it lay in is still the struct, list or map that it was, and no longer has it, under another name neither;
- nothing has come in the column, or become nested in it: that may be the same data under a name that tells nothing;
- it has become a column of its own, which is looked at by itself, or nothing that has come elsewhere in the table,
  unless it is personal data, is called like it, or like what was in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mesh_infra.review.contracts.levels import pair_up, without
from mesh_infra.review.contracts.nesting import Moves
from mesh_infra.review.contracts.nodes import Node
from mesh_infra.review.contracts.renames import similar_names


@dataclass(frozen=True, slots=True)
class Leaving:
    """The columns of both sides, of which some moved."""

    olds: Sequence[Node]
    news: Sequence[Node]
    moves: Moves

    def gone(self, old: Node, new: Node) -> frozenset[str]:
        """The paths of what was in ``old`` and is not in ``new``, which are one column."""
        left = [node for node, _ in self.moves.pairs if not node.top and node.column == old.name]
        removed: list[Node] = []
        if self._may_hold_them(old, new, removed):
            return frozenset()
        if removed:
            came = list(self._came())
            left.extend(node for node in removed if not _is_among(node, came))
        return frozenset(part.path for node in left for part in node.walk())

    def _may_hold_them(self, old: Node, new: Node, removed: list[Node]) -> bool:
        """Whether anything in ``new`` may be what was ``removed`` from ``old``, which is collected meanwhile."""
        if old.type.name == "struct" == new.type.name:
            olds, news = without(old.children, self.moves.old_paths), without(new.children, self.moves.new_paths)
            level = pair_up(olds, news)
            removed.extend(level.removed)
            return bool(level.added) or any(self._may_hold_them(*pair, removed) for pair in level.kept)
        if old.type.name == new.type.name:
            pairs = zip(old.children, new.children, strict=True)
            return any(self._may_hold_them(*pair, removed) for pair in pairs)
        return not (old.type.primitive and new.type.primitive) or new.type.name == "json"

    def _came(self) -> Iterator[str]:
        """The names of what is new in the table and not marked as personal data."""
        known = {part.path for node in self.olds for part in node.walk()} | self.moves.new_paths
        for node in self.news:
            for part in node.walk():
                if part.path not in known and not (part.said and part.said.pii):
                    yield part.name


def _is_among(node: Node, names: Sequence[str]) -> bool:
    own = [part.name for part in node.walk() if not part.name.startswith("[")]
    return any(one == other or similar_names(one, other) for one in own for other in names)
