"""Which column that is gone and which new one are the same column under another name.

The rule, in words. Four signs speak for it:

- *place*: both stand between the same neighbours, as the same one there;
- *name*: at least half of their words are the same (``user_email``, ``email``), or they differ by a letter or two
  (``adress``, ``address``), and their digits are the same;
- *description*: both have one, and its words are the same;
- *marks*: both are marked in a way that sets columns apart (primary key, unique, ``pii``, a classification), alike.

Two signs make a rename where type and protection are the same; three where either differs, since that is as much a new
column. A pair counts only where each is the other's best, alone: of two candidates neither is taken. Where more than
64 columns are gone or new the table is another one, and no renames are looked for.

The rule is the same in both directions: what renames ``a`` to ``b`` renames ``b`` to ``a``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from mesh_infra.review.contracts.nodes import Node

MOST = 64
"""Columns gone or new beyond which no renames are looked for."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    node: Node
    spot: tuple[str, str, int]


def find_renames(olds: Sequence[Node], news: Sequence[Node]) -> tuple[tuple[Node, Node], ...]:
    """The pairs among the columns of a table, or the fields of a struct, that have been renamed."""
    before, after = {node.name for node in olds}, {node.name for node in news}
    gone = list(_candidates(olds, before - after))
    come = list(_candidates(news, after - before))
    if not gone or not come or max(len(gone), len(come)) > MOST:
        return ()
    signs = {(o.node.name, n.node.name): _signs(o, n) for o in gone for n in come}
    best = _best(signs)
    return tuple(
        (old.node, new.node)
        for old in gone
        for new in come
        if (pair := (old.node.name, new.node.name)) in best and signs[pair] >= (2 if _alike(old.node, new.node) else 3)
    )


def _candidates(nodes: Sequence[Node], names: Collection[str]) -> Iterator[_Candidate]:
    """The nodes called one of ``names``, each with its neighbours that stay and its number between them."""
    following, after = {}, ""
    for node in reversed(nodes):
        following[node.name] = after
        after = after if node.name in names else node.name
    before, number = "", 0
    for node in nodes:
        if node.name in names:
            yield _Candidate(node, (before, following[node.name], number))
            number += 1
        else:
            before, number = node.name, 0


def _best(signs: Mapping[tuple[str, str], int]) -> set[tuple[str, str]]:
    """The pairs with more signs than any other pair of either of the two."""
    counts: dict[tuple[int, str], list[int]] = {}
    for pair, count in signs.items():
        for side, name in enumerate(pair):
            counts.setdefault((side, name), []).append(count)
    alone = {key: max(found) for key, found in counts.items() if found.count(max(found)) == 1}
    return {pair for pair, count in signs.items() if count == alone.get((0, pair[0])) == alone.get((1, pair[1]))}


def _signs(old: _Candidate, new: _Candidate) -> int:
    return sum(
        (
            old.spot == new.spot,
            _similar_names(old.node.name, new.node.name),
            bool(_description(old.node)) and _description(old.node) == _description(new.node),
            bool(_marks(old.node)) and _marks(old.node) == _marks(new.node),
        )
    )


def _alike(old: Node, new: Node) -> bool:
    return old.type == new.type and _protection(old) == _protection(new)


def _similar_names(old: str, new: str) -> bool:
    if re.findall(r"\d+", old) != re.findall(r"\d+", new):
        return False
    one, other = set(old.split("_")) - {""}, set(new.split("_")) - {""}
    if 2 * len(one & other) >= len(one | other):
        return True
    # In one order, since the ratio depends on it.
    first, second = sorted((old, new))
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.quick_ratio() >= 0.85 and matcher.ratio() >= 0.85


def _description(node: Node) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", node.said.description.casefold())) if node.said else ()


def _marks(node: Node) -> tuple[bool, bool, bool, str] | None:
    if node.said is None:
        return None
    marks = (node.said.primary_key, node.said.unique, bool(node.said.pii), node.said.classification or "")
    return marks if any(marks) else None


def _protection(node: Node) -> tuple[bool, str]:
    return (bool(node.said.pii), node.said.classification or "") if node.said else (False, "")
