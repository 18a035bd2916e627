"""A mesh against its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mesh_infra.findings import Finding, Severity, in_order
from mesh_infra.governance.principals import Principals
from mesh_infra.governance.rule import AnyRule, Context, Level, Subject, Violation
from mesh_infra.governance.rules import RULES
from mesh_infra.governance.settings import Decision, Policies, read_policies
from mesh_infra.spec.model import Spec


def evaluate(spec: Spec, rules: Mapping[str, AnyRule] = RULES) -> tuple[Finding, ...]:
    """Everything in ``spec`` that breaks one of ``rules``, and everything wrong with how rules are set, in order.

    Where a rule is set wrongly the setting that it would have changed holds.
    """
    policies, findings = read_policies(spec, rules)
    return in_order((*findings, *_broken(spec, rules, policies)))


def _broken(spec: Spec, rules: Mapping[str, AnyRule], policies: Policies) -> Iterator[Finding]:
    principals = Principals(spec)
    subjects: tuple[Subject, ...] = (spec.mesh, *spec.domains, *spec.contracts)
    for subject in subjects:
        policy = policies.of(subject)
        for rule in rules.values():
            decision = policy[rule.name]
            if decision.level is not Level.OFF and isinstance(subject, rule.subjects):
                for violation in rule.check(Context(subject, spec, decision.settings, principals)):
                    yield _finding(rule, decision, subject, violation)


def _finding(rule: AnyRule, decision: Decision, subject: Subject, violation: Violation) -> Finding:
    is_error = decision.level is Level.ERROR and violation.at_most is Severity.ERROR
    severity = Severity.ERROR if is_error else Severity.WARNING
    source = subject.source
    position = source.value(violation.loc)
    return Finding(rule.name, severity, source.path, position.line, position.column, violation.message, violation.hint)
