"""A mesh against its rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from mesh_infra.findings import Finding, Severity, in_order
from mesh_infra.governance.acceptance import Acceptances, read_acceptances
from mesh_infra.governance.own import OwnRules, failure_at
from mesh_infra.governance.principals import Principals
from mesh_infra.governance.rule import AnyRule, Context, Level, Subject, Violation
from mesh_infra.governance.rules import RULES
from mesh_infra.governance.settings import Decision, Policies, read_policies
from mesh_infra.spec.load import Part
from mesh_infra.spec.model import Contract, Spec


def evaluate(
    spec: Spec, rules: Mapping[str, AnyRule] = RULES, as_of: date | None = None, own: OwnRules | None = None
) -> tuple[Finding, ...]:
    """Everything in ``spec`` that breaks one of ``rules``, and everything wrong with how rules are set, in order.

    Where a rule is set wrongly the setting that it would have changed holds. ``as_of`` is the day on which contracts'
    ``accept`` is judged; without one nothing is accepted. ``own`` are the organisation's rules beside ``rules``.
    """
    return _Evaluation(spec, rules, as_of, own or OwnRules()).findings()


def evaluate_part(
    part: Part, rules: Mapping[str, AnyRule] = RULES, as_of: date | None = None, own: OwnRules | None = None
) -> tuple[Finding, ...]:
    """As ``evaluate``, of what can be relied on in a mesh with errors: nothing is found for want of the rest."""
    return _Evaluation(part.spec, rules, as_of, own or OwnRules(), part.flawed).findings()


class _Evaluation:
    """One run over one mesh; the files at ``flawed`` are not judged, and with one no rule that needs all of them."""

    def __init__(
        self,
        spec: Spec,
        rules: Mapping[str, AnyRule],
        as_of: date | None,
        own: OwnRules,
        flawed: Collection[str] = (),
    ) -> None:
        self._spec = spec
        self._own = own
        self._rules = {**rules, **own.rules}
        self._as_of = as_of
        self._flawed = flawed
        self._principals = Principals(spec)

    def findings(self) -> tuple[Finding, ...]:
        policies, wrongly_set = read_policies(self._spec, self._rules, all_known=self._own.complete)
        found = [*self._own.findings, *wrongly_set]
        subjects: tuple[Subject, ...] = (self._spec.mesh, *self._spec.domains, *self._spec.contracts)
        for subject in subjects:
            if subject.source.path not in self._flawed:
                found.extend(self._of(subject, policies))
        return in_order(found)

    def _of(self, subject: Subject, policies: Policies) -> Iterator[Finding]:
        acceptances = Acceptances()
        if isinstance(subject, Contract) and subject.accept:
            acceptances, wrong = read_acceptances(subject, self._rules, self._as_of, all_known=self._own.complete)
            yield from wrong
        policy = policies.of(subject)
        for rule in self._rules.values():
            decision = policy[rule.name]
            waits = rule.needs_all and self._flawed
            if decision.level is not Level.OFF and isinstance(subject, rule.subjects) and not waits:
                yield from self._broken(rule, decision, subject, acceptances)

    def _broken(
        self, rule: AnyRule, decision: Decision, subject: Subject, acceptances: Acceptances
    ) -> Iterator[Finding]:
        context = Context(subject, self._spec, decision.settings, self._principals)
        if rule.name not in self._own.rules:
            for violation in rule.check(context):
                yield from acceptances.applied(_finding(rule, decision, subject, violation))
            return
        try:
            findings = [_finding(rule, decision, subject, violation) for violation in _checked(rule.check(context))]
        except (Exception, SystemExit) as error:  # noqa: BLE001 - what an organisation's own code raises is theirs to read, as a finding
            yield failure_at(
                self._own.paths[rule.name], error, f"the rule {rule.name!r} fails on {subject.source.path}"
            )
            return
        for finding in findings:
            yield from acceptances.applied(finding)


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
