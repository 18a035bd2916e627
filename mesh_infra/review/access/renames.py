"""Columns that a reader knows already, under another name."""

from __future__ import annotations

from collections.abc import Mapping

from mesh_infra.review.contracts.levels import pair_up, without
from mesh_infra.review.contracts.nesting import find_moves
from mesh_infra.review.contracts.nodes import Node, nodes_of
from mesh_infra.spec.model import Contract


def old_names(base: Contract, head: Contract) -> Mapping[str, str]:
    """What columns of ``head`` were called in ``base`` that are plainly renamed, and nothing else.

    That two columns stand at the same place and are both personal data may make a rename for whoever reads the files.
    It does not make them the same data: the words of one name must all stand in the other, or the descriptions be the
    same.
    """
    olds, news = nodes_of(base.columns), nodes_of(head.columns)
    moves = find_moves(olds, news)
    level = pair_up(without(olds, moves.old_paths), without(news, moves.new_paths))
    return {new.name: old.name for old, new in level.kept if old.name != new.name and _plainly_the_same(old, new)}


def _plainly_the_same(old: Node, new: Node) -> bool:
    if old.type != new.type:
        return False
    one, other = set(old.name.split("_")) - {""}, set(new.name.split("_")) - {""}
    return one <= other or other <= one or (bool(_said(old)) and _said(old) == _said(new))


def _said(node: Node) -> str:
    return " ".join(node.said.description.split()).casefold() if node.said else ""
