"""What of a review matters first, and how much there is of everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import TypeVar

from mesh_infra.findings import Finding, Severity
from mesh_infra.review.model import AccessChange, ContractChange, Impact, InfrastructureChange, Review

URGENT = frozenset((Impact.CRITICAL, Impact.HIGH))

T = TypeVar("T")
C = TypeVar("C", AccessChange, ContractChange)


@dataclass(frozen=True, slots=True)
class Parts:
    """The changes of a review by how much they matter, each kind in its own order but the worst first.

    ``exposing`` are the contract changes that endanger data, ``breaking`` those that break consumers, both less what an
    error names already.
    """

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    urgent_access: tuple[AccessChange, ...]
    other_access: tuple[AccessChange, ...]
    exposing: tuple[ContractChange, ...]
    breaking: tuple[ContractChange, ...]
    other_contracts: tuple[ContractChange, ...]
    lost: tuple[InfrastructureChange, ...]
    drift: tuple[InfrastructureChange, ...]
    infrastructure: tuple[InfrastructureChange, ...]


def parts_of(review: Review) -> Parts:
    """Sort a review for its readers."""
    errors, warnings = _split(review.findings, lambda finding: finding.severity is Severity.ERROR)
    urgent_access, other_access = _split(_worst_first(review.access), lambda change: change.severity in URGENT)
    told = _told(errors)
    contracts = [change for change in _worst_first(review.contracts) if change.message not in told]
    exposing, harmless = _split(contracts, lambda change: change.severity is Impact.CRITICAL)
    breaking, other_contracts = _split(harmless, lambda change: change.breaking)
    return Parts(
        errors=errors,
        warnings=warnings,
        urgent_access=urgent_access,
        other_access=other_access,
        exposing=exposing,
        breaking=breaking,
        other_contracts=other_contracts,
        lost=tuple(change for change in review.infrastructure if change.data_loss),
        drift=tuple(change for change in review.infrastructure if change.drift),
        infrastructure=review.infrastructure,
    )


def approvers_of(review: Review) -> tuple[str, ...]:
    """Who must agree to whatever is more than ``info``, loses data or is warned of, each once, however many."""
    changes: tuple[ContractChange | AccessChange, ...] = (*review.contracts, *review.access)
    names = (change.approvers for change in changes if change.severity is not Impact.INFO)
    lost = (change.approvers for change in review.infrastructure if change.data_loss)
    return tuple(sorted({*review.approvers, *chain.from_iterable((*names, *lost))}))


def summary_of(review: Review) -> str:
    """One sentence: what is wrong or dangerous, then how much changes; ``nothing changes`` where nothing does.

    Where nothing could be compared it says that instead: nobody shall take it for no changes.
    """
    parts = parts_of(review)
    critical, high = (sum(c.severity is level for c in review.access) for level in (Impact.CRITICAL, Impact.HIGH))
    alarms = _counted(
        (len(parts.errors), "error", "errors"),
        (critical, "critical change of access", "critical changes of access"),
        (high, "high-severity change of access", "high-severity changes of access"),
        (len(parts.exposing), "column no longer protected", "columns no longer protected"),
        (sum(change.breaking for change in review.contracts), "breaking change", "breaking changes"),
        (len(parts.lost), "resource loses data", "resources lose data"),
        (len(parts.drift), "resource has drifted", "resources have drifted"),
        (len(parts.warnings), "warning", "warnings"),
    )
    return f"{alarms}; {_totals(review)}" if alarms else _totals(review)


def plural(number: int, what: str) -> str:
    """``1 warning``, ``2 warnings``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _counted(*counts: tuple[int, str, str]) -> str:
    return ", ".join(f"{number} {one if number == 1 else many}" for number, one, many in counts if number)


def _totals(review: Review) -> str:
    if not review.compared:
        return "nothing could be compared"
    kinds = {"contracts": review.contracts, "access": review.access, "infrastructure": review.infrastructure}
    numbers = {name: len(changes) for name, changes in kinds.items() if changes}
    if not numbers:
        return "nothing changes"
    (first, number), *others = numbers.items()
    head = f"{plural(number, 'change')} in {first}"
    return ", ".join((head, *(f"{number} in {name}" for name, number in others)))


def reaches(review: Review, limit: Impact) -> bool:
    """Whether a change of contracts or access is at least as severe as ``limit``; to lose data is critical.

    What could not be compared may be anything, so it reaches every limit.
    """
    if not review.compared or any(change.data_loss for change in review.infrastructure):
        return True
    reached = {*map(attrgetter("severity"), (*review.contracts, *review.access))}
    return not reached.isdisjoint(list(Impact)[: list(Impact).index(limit) + 1])


def _worst_first(changes: Iterable[C]) -> list[C]:
    order = list(Impact)
    return sorted(changes, key=lambda change: order.index(change.severity))


def _split(items: Iterable[T], first: Callable[[T], bool]) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """The items for which ``first`` holds, and the others."""
    these: list[T] = []
    those: list[T] = []
    for item in items:
        (these if first(item) else those).append(item)
    return tuple(these), tuple(those)


def _told(errors: Iterable[Finding]) -> frozenset[str]:
    """What errors say, with and without what introduces it: ``breaks consumers: column 'x' is removed``."""
    return frozenset(text for error in errors for text in (error.message, error.message.partition(": ")[2]))
