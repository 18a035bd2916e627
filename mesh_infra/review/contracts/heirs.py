"""Columns that hold what was sensitive before, under whatever name and in whatever version or copy of the dataset.

What a contract of HEAD inherits is a function of that contract and of BASE's contracts of the same dataset name:

- from its own version in BASE, what was sensitive there;
- from the other majors of its dataset, the columns and fields that its own version does not have yet;
- where nobody was served its own version so far (it is new, or a draft) everything from the other majors, and from the
  datasets of that name in all domains: data is copied more often than it is made twice.

A contract that does not change inherits nothing but what is sensitive in it: the rest was decided before. So a review
needs the contracts of other domains only for what is new or becomes served (``namesakes``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from mesh_infra.review.contracts.leaving import Leaving
from mesh_infra.review.contracts.levels import pair_up, without
from mesh_infra.review.contracts.likeness import find_likeness
from mesh_infra.review.contracts.nesting import find_moves
from mesh_infra.review.contracts.nodes import Node, nodes_of
from mesh_infra.review.contracts.protection import sensitive_part
from mesh_infra.spec.model import Classification, Contract, Spec
from mesh_infra.spec.outline import DatasetKey


def namesakes(base: Iterable[Contract], head: Iterable[Contract]) -> frozenset[str]:
    """The names under which datasets of any domain are looked at, to tell what these contracts of HEAD hold.

    ``base`` holds at least BASE's contracts of the same keys.
    """
    before = {contract.key: contract for contract in base}
    return frozenset(
        contract.dataset
        for contract in head
        if (own := before.get(contract.key)) is not contract and (own is None or not own.status.is_served)
    )


@dataclass(slots=True)
class _Held:
    """The contract that each sensitive column comes from, its own version first."""

    columns: dict[str, Contract] = field(default_factory=dict)

    def add(self, columns: Iterable[str], origin: Contract) -> None:
        for name in columns:
            self.columns.setdefault(name, origin)


class Heirs:
    """BASE's contracts, asked for what became of their sensitive columns in one HEAD."""

    def __init__(self, base: Spec) -> None:
        self._classes: Mapping[str, Classification] = base.mesh.classifications
        self._by_name: dict[str, list[Contract]] = {}
        self._known: dict[DatasetKey, Mapping[str, Contract]] = {}
        for contract in base.contracts:
            self._by_name.setdefault(contract.dataset, []).append(contract)

    def of(self, head: Contract) -> frozenset[str]:
        """The columns of ``head`` that hold what was sensitive in BASE."""
        return frozenset(self._origins(head))

    def unmarked(self, head: Contract, classes: Mapping[str, Classification]) -> Mapping[str, Contract]:
        """The columns of ``head`` that are not sensitive by ``classes``, but in other versions or copies of it in BASE.

        Each with the contract in which it is, in the order of the table.
        """
        origins = self._origins(head)
        return {
            column.name: origins[column.name]
            for column in head.columns
            if column.name in origins and origins[column.name].key != head.key and not column.is_sensitive(classes)
        }

    def has_versions_beside(self, head: Contract) -> bool:
        """Whether BASE has other major versions of a dataset."""
        named = self._by_name.get(head.dataset, ())
        return any(one.domain == head.domain and one.key != head.key for one in named)

    def _origins(self, head: Contract) -> Mapping[str, Contract]:
        if head.key not in self._known:
            self._known[head.key] = self._found(head).columns
        return self._known[head.key]

    def _found(self, head: Contract) -> _Held:
        named = self._by_name.get(head.dataset, [])
        own = next((contract for contract in named if contract.key == head.key), None)
        held = _Held()
        if own is not None:
            held.add(self._inherited(own, head), own)
        if own is head:
            return held
        # The same domain's first, to be named as where a column comes from.
        others = sorted((c for c in named if c is not own), key=lambda c: (c.domain != head.domain, c.key))
        if own is None or not own.status.is_served:
            for other in others:
                held.add(self._inherited(other, head), other)
            return held
        others = [other for other in others if other.domain == head.domain]
        new = _paths(head) - _paths(own) if others else frozenset()
        if new:
            for other in others:
                held.add(self._inherited(other, head, new), other)
        return held

    def _inherited(self, base: Contract, head: Contract, new: frozenset[str] | None = None) -> Iterator[str]:
        """The columns of ``head`` that hold what is sensitive in ``base``; where given, only by what is at ``new``."""
        sensitive = {column.name for column in base.columns if column.is_sensitive(self._classes)}
        if not sensitive or base is head:
            yield from sensitive
            return
        olds, news = nodes_of(base.columns), nodes_of(head.columns)
        before = {node.name: node for node in olds}
        moves = find_moves(olds, news)
        level = pair_up(without(olds, moves.old_paths), without(news, moves.new_paths))
        leaving = Leaving(olds, news, moves)
        for old, after in (*level.kept, *moves.pairs):
            if old.column not in sensitive:
                continue
            gone = leaving.gone(old, after) if old.top and after.top else frozenset[str]()
            if not sensitive_part(old, before[old.column], self._classes, gone):
                continue
            if new is None or after.path in new or not new.isdisjoint(self._inside(old, before[old.column], after)):
                yield after.column
        likeness = find_likeness(olds, news, (*level.kept, *moves.pairs), self._classes, self._classes)
        for column in news if likeness else ():
            if any(new is None or node.path in new for node, _ in likeness.found(column)):
                yield column.name

    def _inside(self, old: Node, column: Node, new: Node) -> Iterator[str]:
        """Where ``new`` would have what is sensitive in ``old``, a part of ``column``, if it has it."""
        for part in old.walk():
            if sensitive_part(part, column, self._classes):
                yield new.path + part.path.removeprefix(old.path)


def _paths(contract: Contract) -> frozenset[str]:
    return frozenset(node.path for column in nodes_of(contract.columns) for node in column.walk())
