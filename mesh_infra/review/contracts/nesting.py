"""Columns that move into a struct, or out of one.

A column that is gone has moved into a struct where exactly one field of its name and type has come, in a new struct or
in one that was there before; the same the other way round. Otherwise it is removed, and the field is another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mesh_infra.review.contracts.nodes import Node


@dataclass(frozen=True, slots=True)
class Moves:
    """What moved, as pairs of old and new; these paths of either side have been accounted for."""

    pairs: tuple[tuple[Node, Node], ...]

    @property
    def old_paths(self) -> frozenset[str]:
        """What moved, where BASE had it."""
        return frozenset(old.path for old, _ in self.pairs)

    @property
    def new_paths(self) -> frozenset[str]:
        """What moved, where HEAD has it."""
        return frozenset(new.path for _, new in self.pairs)


def find_moves(olds: Sequence[Node], news: Sequence[Node]) -> Moves:
    """The columns that became fields and the fields that became columns."""
    into = _found(olds, news)
    out_of = [(new, old) for old, new in _found(news, olds)]
    return Moves((*into, *out_of))


def _found(ones: Sequence[Node], others: Sequence[Node]) -> Iterator[tuple[Node, Node]]:
    """The columns of ``ones`` that are fields in ``others``, where they were none."""
    names = {node.name for node in others}
    gone = [node for node in ones if node.name not in names]
    if not gone:
        return
    fields = _new_fields(ones, others)
    for node in gone:
        same = [field for field in fields.get(node.name, ()) if field.type == node.type]
        if len(same) == 1:
            yield node, same[0]


def _new_fields(ones: Sequence[Node], others: Sequence[Node]) -> Mapping[str, list[Node]]:
    known = {inner.path for node in ones for inner in node.walk()}
    found: dict[str, list[Node]] = {}
    for node in others:
        for inner in node.walk():
            if not inner.top and inner.path not in known:
                found.setdefault(inner.name, []).append(inner)
    return found
