"""Columns that hold what was sensitive before, under whatever name and in whatever version of the dataset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mesh_infra.review.contracts.levels import pair_up, without
from mesh_infra.review.contracts.nesting import find_moves
from mesh_infra.review.contracts.nodes import nodes_of
from mesh_infra.spec.model import Classification, Contract, Spec
from mesh_infra.spec.outline import DatasetKey


class Heirs:
    """BASE's contracts, asked for what became of their sensitive columns in one HEAD."""

    def __init__(self, base: Spec) -> None:
        self._classes: Mapping[str, Classification] = base.mesh.classifications
        self._by_name: dict[str, list[Contract]] = {}
        self._known: dict[DatasetKey, frozenset[str]] = {}
        for contract in base.contracts:
            self._by_name.setdefault(contract.dataset, []).append(contract)

    def of(self, head: Contract) -> frozenset[str]:
        """The columns of ``head`` that hold what was sensitive in BASE.

        A new major version, and a dataset that moved to another domain, hold what the others of its name hold.
        """
        if head.key not in self._known:
            inherited = (column for base in self._ancestors(head) for column in self._inherited(base, head))
            self._known[head.key] = frozenset(inherited)
        return self._known[head.key]

    def _ancestors(self, head: Contract) -> Iterable[Contract]:
        named = self._by_name.get(head.dataset, [])
        same = [c for c in named if (c.domain, c.major) == (head.domain, head.major)]
        return same or named

    def _inherited(self, base: Contract, head: Contract) -> Iterator[str]:
        sensitive = {column.name for column in base.columns if column.is_sensitive(self._classes)}
        if not sensitive or base is head:
            yield from sensitive
            return
        olds, news = nodes_of(base.columns), nodes_of(head.columns)
        moves = find_moves(olds, news)
        level = pair_up(without(olds, moves.old_paths), without(news, moves.new_paths))
        for old, new in (*level.kept, *moves.pairs):
            if old.column in sensitive:
                yield new.column
