"""A mesh against its rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from mesh_infra.findings import Finding, Severity, in_order
from mesh_infra.governance.acceptance import read_acceptances, unused
from mesh_infra.governance.own import OwnRules, failure_at
from mesh_infra.governance.principals import Principals
from mesh_infra.governance.rule import AnyRule, Context, Level, Subject, Violation
from mesh_infra.governance.rules import RULES
from mesh_infra.governance.settings import Decision, Policy, read_policies
from mesh_infra.spec.load import Part
from mesh_infra.spec.model import Contract, Spec


def evaluate(
    spec: Spec, rules: Mapping[str, AnyRule] = RULES, as_of: date | None = None, own: OwnRules | None = None
) -> tuple[Finding, ...]:
    """Everything in ``spec`` that breaks one of ``rules``, and everything wrong with how rules are set, in order.

    Where a rule is set wrongly the setting that it would have changed holds. ``as_of`` is the day on which contracts'
    ``accept`` is judged; without one nothing is accepted. ``own`` are the organisation's rules beside ``rules``.
    """
    evaluation = Evaluation(spec, rules, as_of, own)
    return in_order((*evaluation.wrongly_set, *evaluation.of((spec.mesh, *spec.domains, *spec.contracts))))


def evaluate_part(
    part: Part, rules: Mapping[str, AnyRule] = RULES, as_of: date | None = None, own: OwnRules | None = None
) -> tuple[Finding, ...]:
    """As ``evaluate``, of what can be relied on in a mesh with errors: nothing is found for want of the rest."""
    spec = part.spec
    evaluation = Evaluation(spec, rules, as_of, own, part.flawed)
    return in_order((*evaluation.wrongly_set, *evaluation.of((spec.mesh, *spec.domains, *spec.contracts))))


class Evaluation:
    """The rules of one mesh, for its files to be judged by; ``wrongly_set`` is what is wrong with how they are set.

    The files at ``flawed`` are not judged, and with one no rule that needs all of them.
    """

    def __init__(
        self,
        spec: Spec,
        rules: Mapping[str, AnyRule] = RULES,
        as_of: date | None = None,
        own: OwnRules | None = None,
        flawed: Collection[str] = (),
    ) -> None:
        self._spec = spec
        self._own = own or OwnRules()
        self._rules = {**rules, **self._own.rules}
        self._as_of = as_of
        self._flawed = flawed
        self._principals = Principals(spec)
        self._policies, wrongly_set = read_policies(spec, self._rules, all_known=self._own.complete, whole=not flawed)
        self.wrongly_set = (*self._own.findings, *wrongly_set)

    def of(self, subjects: Iterable[Subject]) -> Iterator[Finding]:
        """What breaks a rule in some files of the mesh."""
        for subject in subjects:
            if subject.source.path not in self._flawed:
                yield from self._judged(subject)

    def _judged(self, subject: Subject) -> Iterator[Finding]:
        judging = [rule for rule in self._rules.values() if not (rule.needs_all and self._flawed)]
        policy = self._policies.of(subject)
        if isinstance(subject, Contract) and subject.accept:
            yield from self._accepting(subject, judging, policy)
            return
        for rule in judging:
            yield from self._broken(rule, policy[rule.name], subject)

    def _accepting(self, contract: Contract, judging: Iterable[AnyRule], policy: Policy) -> Iterator[Finding]:
        acceptances, wrong = read_acceptances(contract, self._rules, self._as_of, all_known=self._own.complete)
        yield from wrong
        for rule in judging:
            found = tuple(self._broken(rule, policy[rule.name], contract))
            for finding in found:
                yield from acceptances.applied(finding)
            if not found and acceptances.names(rule.name):
                yield from unused(contract, rule.name)

    def _broken(self, rule: AnyRule, decision: Decision, subject: Subject) -> Iterator[Finding]:
        if decision.level is Level.OFF or not isinstance(subject, rule.subjects):
            return
        context = Context(subject, self._spec, decision.settings, self._principals)
        if rule.name not in self._own.rules:
            for violation in rule.check(context):
                yield _finding(rule, decision, subject, violation)
            return
        try:
            findings = [_finding(rule, decision, subject, violation) for violation in _checked(rule.check(context))]
        except (Exception, SystemExit) as error:  # noqa: BLE001 - what an organisation's own code raises is theirs to read, as a finding
            yield failure_at(
                self._own.paths[rule.name], error, f"the rule {rule.name!r} fails on {subject.source.path}"
            )
            return
        yield from findings


def _checked(violations: Iterable[object]) -> Iterator[Violation]:
    """What an organisation's own rule gives, which no type checker may have seen; raises ``TypeError``."""
    for violation in violations:
        if not isinstance(violation, Violation):
            raise TypeError(f"it gives a {type(violation).__name__}, no Violation")
        yield violation


def _finding(rule: AnyRule, decision: Decision, subject: Subject, violation: Violation) -> Finding:
    is_error = decision.level is Level.ERROR and violation.at_most is Severity.ERROR
    severity = Severity.ERROR if is_error else Severity.WARNING
    source = subject.source
    position = source.key(violation.loc) if violation.at_key else source.value(violation.loc)
    return Finding(rule.name, severity, source.path, position.line, position.column, violation.message, violation.hint)
