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
            similar_names(old.node.name, new.node.name),
            bool(_description(old.node)) and _description(old.node) == _description(new.node),
            bool(_marks(old.node)) and _marks(old.node) == _marks(new.node),
        )
    )


def _alike(old: Node, new: Node) -> bool:
    return old.type == new.type and _protection(old) == _protection(new)


def similar_names(old: str, new: str) -> bool:
    """Whether two names differ so little that this speaks for a rename."""
    if _digits(old) != _digits(new):
        return False
    one, other = words_of(old), words_of(new)
    return 2 * len(one & other) >= len(one | other) or _spelled_alike(old, new)


def contains_name(one: str, other: str) -> bool:
    """Whether all words of ``one`` name stand in the ``other``, each but for a letter or two, with one more at most."""
    few, many = words_of(one), words_of(other)
    found = all(word in many or any(_is_misspelt(word, each) for each in many) for word in few)
    return found and 0 < len(few) <= len(many) <= len(few) + 1


def words_of(name: str) -> set[str]:
    """What a name says, in whichever order."""
    return set(name.split("_")) - {""}


def _spelled_alike(one: str, other: str) -> bool:
    matcher = _matcher(one, other)
    return matcher.quick_ratio() >= 0.85 and matcher.ratio() >= 0.85


def _is_misspelt(one: str, other: str) -> bool:
    """Whether a word is another one but for a letter or two: in a long one alone the ratio would let pass more."""
    if _digits(one) != _digits(other) or not _spelled_alike(one, other):
        return False
    same = sum(block.size for block in _matcher(one, other).get_matching_blocks())
    return max(len(one), len(other)) - same <= 2


def _matcher(one: str, other: str) -> SequenceMatcher[str]:
    # In one order, since the ratio depends on it.
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second, autojunk=False)


def _digits(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def _description(node: Node) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", node.said.description.casefold())) if node.said else ()


def _marks(node: Node) -> tuple[bool, bool, bool, str] | None:
    if node.said is None:
        return None
    marks = (node.said.primary_key, node.said.unique, bool(node.said.pii), node.said.classification or "")
    return marks if any(marks) else None


def _protection(node: Node) -> tuple[bool, str]:
    return (bool(node.said.pii), node.said.classification or "") if node.said else (False, "")
