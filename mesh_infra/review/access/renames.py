"""Columns whose data a reader knows already, under another name or in another place."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from mesh_infra.review.contracts.levels import pair_up, without
from mesh_infra.review.contracts.nesting import find_moves
from mesh_infra.review.contracts.nodes import Node, nodes_of
from mesh_infra.review.contracts.protection import sensitive_part
from mesh_infra.review.contracts.renames import contains_name
from mesh_infra.spec.model import Classification, Contract


@dataclass(frozen=True, slots=True)
class Known:
    """Columns of BASE in which a column of HEAD was, all that is sensitive of it at least; ``renamed``: and no more."""

    columns: frozenset[str]
    renamed: bool


def known_columns(
    base: Contract, head: Contract, classes: Mapping[str, Classification], *, alone: bool
) -> Mapping[str, Known]:
    """Columns of ``head`` that are plainly renamed, hold what was a column, or were a field.

    ``classes`` are those of ``head``. Where it is not ``alone``, what has come beside what moved into a column may be
    sensitive by the word of another version, so no such column is known.

    That two columns stand at the same place and are both personal data may make a rename for whoever reads the files.
    It does not make them the same data: their descriptions must be the same, or where one has none, the words of one
    name all stand in the other, each but for a letter or two. What moves keeps its name and type (``find_moves``).
    """
    olds, news = nodes_of(base.columns), nodes_of(head.columns)
    moves = find_moves(olds, news)
    level = pair_up(without(olds, moves.old_paths), without(news, moves.new_paths))
    found = {
        new.name: Known(frozenset({old.name}), renamed=True)
        for old, new in level.kept
        if old.name != new.name and _plainly_the_same(old, new)
    }
    came = {node.path: node for node in level.added} | {new.path: new for _, new in moves.pairs if new.top}
    sources = {new.path: old.column for old, new in moves.pairs}
    for column in came.values():
        leaves = [node for node in column.walk() if not node.children]
        sensitive = {leaf.path for leaf in leaves if not alone or sensitive_part(leaf, column, classes)}
        columns = set(_sources(column, sources, sensitive))
        if columns and "" not in columns:
            found[column.name] = Known(frozenset(columns), renamed=False)
    return found


def _sources(node: Node, moved: Mapping[str, str], sensitive: Container[str]) -> Iterator[str]:
    """The columns in which was what ``moved`` into ``node``; empty for what is ``sensitive`` and did not move."""
    if node.path in moved:
        yield moved[node.path]
    elif node.children:
        for child in node.children:
            yield from _sources(child, moved, sensitive)
    elif node.path in sensitive:
        yield ""


def _plainly_the_same(old: Node, new: Node) -> bool:
    if old.type != new.type:
        return False
    if _said(old) and _said(new):
        return _said(old) == _said(new)
    return contains_name(old.name, new.name) or contains_name(new.name, old.name)


def _said(node: Node) -> str:
    return " ".join(node.said.description.split()).casefold() if node.said else ""
