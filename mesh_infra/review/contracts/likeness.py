"""What is called like something that was sensitive and is so no longer where it was: it may be the same data.

Pairs of old and new find what moves with its name and type (``nesting``) or is renamed in its place (``renames``). Data
that goes its own way, into a struct that is called otherwise or split, into a list, or with another type, still has its
name, and a name is all that is left to know it by. So a column of HEAD is in doubt where something in it has the name

- of what was sensitive in BASE by itself, or lay in what was sensitive as a whole,
- or, unless it is a struct itself, of what had something sensitive in it: that may be written as text now,

if that is not sensitive in HEAD where BASE had it. What BASE showed in the same place already is in no doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mesh_infra.review.contracts.nodes import Node
from mesh_infra.spec.model import Classification

_Classes = Mapping[str, Classification]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What was sensitive and is not where it was, by its name: ``marked``, or ``around`` what was marked.

    ``shown``: where HEAD has what BASE showed.
    """

    marked: Mapping[str, Node]
    around: Mapping[str, Node]
    shown: frozenset[str]

    def __bool__(self) -> bool:
        """Whether there is anything to be called like."""
        return bool(self.marked or self.around)

    def found(self, column: Node) -> Iterator[tuple[Node, Node]]:
        """What in a column of HEAD is called like what was sensitive: it, and what it is called like."""
        for node in column.walk():
            old = self.marked.get(node.name)
            if old is None and not any(_has_name(part) for child in node.children for part in child.walk()):
                old = self.around.get(node.name)
            if old is not None and node.path not in self.shown:
                yield node, old


def find_likeness(
    olds: Sequence[Node], news: Sequence[Node], pairs: Iterable[tuple[Node, Node]], old: _Classes, new: _Classes
) -> Likeness:
    """What is called like something sensitive of ``olds``; ``pairs`` are the columns and moves found already."""
    before = _Sensitive(olds, old)
    if not before.marked:
        return Likeness({}, {}, frozenset())
    after = _Sensitive(news, new)
    still = {node.path for node in (*after.marked, *after.around)}
    marked, around = (
        {node.name: node for node in reversed(nodes) if node.path not in still and _has_name(node)}
        for nodes in (before.marked, before.around)
    )
    # Nearly always nothing has left.
    hidden = {node.column for node in before.marked}
    return Likeness(marked, around, frozenset(_shown(pairs, hidden) if marked or around else ()))


class _Sensitive:
    """What is sensitive in a table by itself or as a part of what is, and what merely has something sensitive in it."""

    def __init__(self, columns: Iterable[Node], classes: _Classes) -> None:
        self.marked: list[Node] = []
        self.around: list[Node] = []
        for column in columns:
            self._read(column, classes)

    def _read(self, node: Node, classes: _Classes) -> bool:
        if is_sensitive(node, classes):
            self.marked.extend(node.walk())
            return True
        inside = [self._read(child, classes) for child in node.children]
        if any(inside):
            self.around.append(node)
        return any(inside)


def is_sensitive(node: Node, classes: _Classes) -> bool:
    """Whether a column or field is sensitive by what is said of it alone."""
    if node.said is None:
        return False
    classification = node.said.classification
    known = classes.get(classification) if classification is not None else None
    return bool(node.said.pii) or (known is not None and known.sensitive)


def _shown(pairs: Iterable[tuple[Node, Node]], hidden: set[str]) -> Iterator[str]:
    """Where HEAD has what stood in columns that were not hidden, under the same name and, of values, type."""
    for old, new in pairs:
        if old.column in hidden:
            continue
        before = {node.path.removeprefix(old.path): node for node in old.walk()}
        for node in new.walk():
            same = before.get(node.path.removeprefix(new.path))
            if same and same.name == node.name and (node.type == same.type or _is_nested(node, same)):
                yield node.path


def _is_nested(one: Node, other: Node) -> bool:
    return one.type.name == other.type.name and bool(one.children)


def _has_name(node: Node) -> bool:
    return not node.name.startswith("[")
