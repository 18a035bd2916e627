"""Which contract of HEAD is which of BASE: by domain, dataset and major version, never by the name of the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mesh_infra.spec.model import Contract, Spec

Both = tuple[Contract, Contract]


@dataclass(frozen=True, slots=True)
class Pairing:
    """``kept`` and ``moved`` are pairs of BASE's and HEAD's; what moved lies in another domain now.

    ``same`` are one object on both sides: a contract whose file did not change is read once.
    """

    same: tuple[Contract, ...]
    kept: tuple[Both, ...]
    moved: tuple[Both, ...]
    removed: tuple[Contract, ...]
    added: tuple[Contract, ...]


def pair_contracts(base: Spec, head: Spec) -> Pairing:
    """Find every contract of BASE in HEAD; it has moved where it is gone from one domain and new in one other."""
    same = set(map(id, base.contracts)) & set(map(id, head.contracts))
    before = {c.key: c for c in base.contracts if id(c) not in same}
    after = {c.key: c for c in head.contracts if id(c) not in same}
    gone = [contract for key, contract in before.items() if key not in after]
    come = [contract for key, contract in after.items() if key not in before]
    moved = _moved(gone, come)
    left = {id(contract) for both in moved for contract in both}
    return Pairing(
        same=tuple(contract for contract in head.contracts if id(contract) in same),
        kept=tuple((before[key], contract) for key, contract in after.items() if key in before),
        moved=moved,
        removed=tuple(contract for contract in gone if id(contract) not in left),
        added=tuple(contract for contract in come if id(contract) not in left),
    )


def _moved(gone: Iterable[Contract], come: Iterable[Contract]) -> tuple[Both, ...]:
    old, new = _alone(gone), _alone(come)
    return tuple((old[key], new[key]) for key in old if key in new)


def _alone(contracts: Iterable[Contract]) -> dict[tuple[str, int], Contract]:
    """Those that are the only ones of their dataset and major."""
    found: dict[tuple[str, int], list[Contract]] = {}
    for contract in contracts:
        found.setdefault((contract.dataset, contract.major), []).append(contract)
    return {key: same[0] for key, same in found.items() if len(same) == 1}
