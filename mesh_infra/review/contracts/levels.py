"""The columns of a table, or the fields of a struct, on both sides: which is which."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from mesh_infra.review.contracts.nodes import Node
from mesh_infra.review.contracts.renames import find_renames


@dataclass(frozen=True, slots=True)
class Level:
    """``kept`` are pairs of old and new, renamed ones among them, in HEAD's order; the rest is gone or has come."""

    kept: tuple[tuple[Node, Node], ...]
    removed: tuple[Node, ...]
    added: tuple[Node, ...]

    @property
    def renames(self) -> dict[str, str]:
        """Old names of what is called otherwise now."""
        return {old.name: new.name for old, new in self.kept if old.name != new.name}


@dataclass(frozen=True, slots=True)
class Order:
    """What happens to the order of columns that are read by position.

    ``inserted`` are the new ones that have an old one behind them, ``moved`` the old ones that stand elsewhere now.
    """

    inserted: tuple[Node, ...]
    moved: tuple[Node, ...]


def pair_up(olds: Sequence[Node], news: Sequence[Node]) -> Level:
    """Find every old node among the new ones, by its name or under another."""
    known = {node.name: node for node in olds} | {new.name: old for old, new in find_renames(olds, news)}
    kept = [(known[new.name], new) for new in news if new.name in known]
    found = {old.name for old, _ in kept}
    come = {new.name for _, new in kept}
    return Level(
        kept=tuple(kept),
        removed=tuple(old for old in olds if old.name not in found),
        added=tuple(new for new in news if new.name not in come),
    )


def order_of(level: Level, olds: Sequence[Node], news: Sequence[Node]) -> Order:
    """What happens to the order of ``olds``, which may be some of the level's nodes only."""
    before = {node.name: index for index, node in enumerate(olds)}
    after = {node.name for node in news}
    kept = [(before[old.name], new) for old, new in level.kept if old.name in before and new.name in after]
    stay = set(_longest_rising([index for index, _ in kept]))
    last = kept[-1][1].name if kept else ""
    names = [node.name for node in news]
    end = names.index(last) if last else -1
    added = {node.name for node in level.added}
    return Order(
        inserted=tuple(node for node in news[: end + 1] if node.name in added),
        moved=tuple(new for index, new in kept if index not in stay),
    )


def _longest_rising(numbers: Sequence[int]) -> Iterator[int]:
    """A longest rising subsequence of different numbers (patience sorting), from its end."""
    tops: list[int] = []
    top_at: list[int] = []
    previous: list[int] = []
    for at, number in enumerate(numbers):
        pile = bisect_left(tops, number)
        previous.append(top_at[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [number]
        top_at[pile : pile + 1] = [at]
    at = top_at[-1] if top_at else -1
    while at >= 0:
        yield numbers[at]
        at = previous[at]


def without(nodes: Sequence[Node], paths: Collection[str]) -> tuple[Node, ...]:
    """The nodes but those at ``paths``."""
    return tuple(node for node in nodes if node.path not in paths)
