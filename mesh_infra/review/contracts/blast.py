"""Who is made from a dataset, to any depth: what a change of it reaches."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from mesh_infra.spec.datasets import Datasets
from mesh_infra.spec.model import Contract, Spec, Status
from mesh_infra.spec.outline import Outline


@dataclass(frozen=True, slots=True)
class Affected:
    """A dataset that is made from another.

    ``depth`` is 1 where it consumes that one itself, more where it does so through ``via``, the dataset that it
    consumes. ``columns`` are those that it says it takes from there; empty where it does not say, which may be all.
    """

    contract: Outline
    depth: int
    via: Outline
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """``finance.monthly_revenue.v1``."""
        return full_name(self.contract)


def full_name(contract: Contract | Outline) -> str:
    """``sales.orders.v1``: a dataset's name in the whole mesh."""
    return f"{contract.domain}.{contract.id}"


def blast_radius(spec: Spec, contract: Contract, columns: Iterable[str] = ()) -> tuple[Affected, ...]:
    """The datasets of ``spec`` that consume ``contract``, the nearest first, each once.

    ``columns``: only what reaches those, as far as the consumers say what they take; without any, everything.
    """
    return Consumers(spec).of(contract, columns)


@dataclass(frozen=True, slots=True)
class _Reader:
    """A contract that consumes another, and the columns that it says it takes."""

    name: str
    contract: Outline
    columns: tuple[str, ...]


class Consumers:
    """Who consumes whom in a mesh; worked out once."""

    def __init__(self, spec: Spec) -> None:
        consuming = [outline for outline in spec.outlines if outline.consumes and outline.status != Status.RETIRED]
        datasets = Datasets(spec.outlines if consuming else ())
        self._direct: dict[str, list[_Reader]] = {}
        for contract in sorted(consuming, key=full_name):
            name = full_name(contract)
            for consumed in contract.consumes:
                for found in datasets.find(consumed.dataset, contract.domain):
                    self._direct.setdefault(full_name(found), []).append(_Reader(name, contract, consumed.columns))

    def of(self, contract: Contract, columns: Iterable[str] = ()) -> tuple[Affected, ...]:
        """As ``blast_radius``."""
        wanted = frozenset(columns)
        start = full_name(contract)
        seen = {start}
        found: list[Affected] = []
        waiting = deque([(start, contract.outline, 0)])
        while waiting:
            name, via, depth = waiting.popleft()
            for reader in self._direct.get(name, ()):
                spared = depth == 0 and wanted and reader.columns and wanted.isdisjoint(reader.columns)
                if spared or reader.name in seen:
                    continue
                seen.add(reader.name)
                found.append(Affected(reader.contract, depth + 1, via, reader.columns))
                waiting.append((reader.name, reader.contract, depth + 1))
        return tuple(found)
