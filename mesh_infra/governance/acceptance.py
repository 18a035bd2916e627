"""Findings that a contract accepts for a time: ``accept: [{rule, reason, until}]``.

Findings of its own, neither of which can be switched off: ``accept-rule`` (a rule that is not there, says nothing about
contracts, or cannot be lowered) and the warning ``accept-unused`` (there is nothing to accept).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from mesh_infra.findings import Finding, Severity
from mesh_infra.governance.rule import AnyRule
from mesh_infra.spec.model import Accepted, Contract
from mesh_infra.spec.problems import did_you_mean, quoted


@dataclass(frozen=True, slots=True)
class Acceptances:
    """What one contract accepts: by rule the last day, and whether that has passed."""

    current: Mapping[str, str] = field(default_factory=dict)
    expired: Mapping[str, str] = field(default_factory=dict)

    def names(self, rule: str) -> bool:
        """Whether findings of ``rule`` are or were accepted."""
        return rule in self.current or rule in self.expired

    def applied(self, finding: Finding) -> Iterator[Finding]:
        """The finding as it counts: an accepted error is a warning, an accepted warning nothing.

        After the last day it is what it was, and says so.
        """
        if finding.rule in self.current:
            if finding.severity is Severity.ERROR:
                message = f"{finding.message} (accepted until {self.current[finding.rule]})"
                yield replace(finding, severity=Severity.WARNING, message=message)
        elif finding.rule in self.expired:
            yield replace(finding, message=f"{finding.message} (accepted only until {self.expired[finding.rule]})")
        else:
            yield finding


def is_current(accepted: Accepted, as_of: date | None) -> bool:
    """Whether an acceptance holds on a day, its last one included; on no day none does."""
    return as_of is not None and as_of <= date.fromisoformat(accepted.until)


def read_acceptances(
    contract: Contract, rules: Mapping[str, AnyRule], as_of: date | None, *, all_known: bool = True
) -> tuple[Acceptances, tuple[Finding, ...]]:
    """What a contract accepts on the day ``as_of``, and what is wrong with that, which then accepts nothing.

    ``all_known``: whether ``rules`` are all that there are, so that any other name is a mistake. Of two entries for
    one rule the later date holds.
    """
    findings = []
    current: dict[str, str] = {}
    expired: dict[str, str] = {}
    for index, accepted in enumerate(contract.accept):
        wrong = _wrong(accepted, rules, all_known=all_known)
        if wrong is None:
            days = current if is_current(accepted, as_of) else expired
            days[accepted.rule] = max(accepted.until, days.get(accepted.rule, ""))
        else:
            findings.append(_finding("accept-rule", Severity.ERROR, contract, index, *wrong))
    return Acceptances(current, expired), tuple(findings)


def unused(contract: Contract, rule: str) -> Iterator[Finding]:
    """The entries of a contract for a rule that found nothing: what it accepted is mended, or never was."""
    for index, accepted in enumerate(contract.accept):
        if accepted.rule == rule:
            message = f"{quoted(rule)} finds nothing here that could be accepted"
            yield _finding("accept-unused", Severity.WARNING, contract, index, message, "remove the entry")


def _wrong(accepted: Accepted, rules: Mapping[str, AnyRule], *, all_known: bool) -> tuple[str, str] | None:
    rule = rules.get(accepted.rule)
    if rule is None:
        if not all_known:
            return None
        return f"unknown rule {quoted(accepted.rule)}", did_you_mean(accepted.rule, rules) or "see 'mesh rules'"
    if rule.fixed:
        return f"{quoted(rule.name)} cannot be accepted: {rule.fixed}", "remove the entry"
    if Contract not in rule.subjects:
        return f"{quoted(rule.name)} says nothing about contracts", "remove the entry"
    return None


def _finding(name: str, severity: Severity, contract: Contract, index: int, message: str, hint: str) -> Finding:
    position = contract.source.value(("accept", index, "rule"))
    return Finding(name, severity, contract.source.path, position.line, position.column, message, hint)
