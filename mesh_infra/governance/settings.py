"""Which rules hold where: what mesh.yaml sets for the organisation, and domains make stricter.

Findings of its own, none of which can be switched off: ``governance-unknown`` (no such rule or setting),
``governance-value`` (a value that the rule does not take) and ``governance-weaker`` (a domain that wants less than its
organisation).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from mesh_infra.findings import Finding, Severity
from mesh_infra.governance.rule import AnyRule, Level, Setting, SettingError, SettingValue, Subject
from mesh_infra.governance.values import shown
from mesh_infra.spec.model import Contract, Domain, Mesh, Spec
from mesh_infra.spec.problems import did_you_mean, listed, nearest, quoted
from mesh_infra.spec.references import check_roles
from mesh_infra.spec.source import Loc, Source

SEVERITY = "severity"
"""The key that stands beside a rule's settings where they are a mapping."""

_STRICTER = "a domain can only make a rule stricter"
_LEVELS = {level.word: level for level in Level}


@dataclass(frozen=True, slots=True)
class Decision:
    """How one rule is set, and in which file (None: nowhere, the default holds)."""

    level: Level
    settings: Mapping[str, SettingValue] = field(default_factory=dict)
    source: Source | None = None


Policy = Mapping[str, Decision]
"""How every rule is set, by name."""


@dataclass(frozen=True, slots=True)
class Policies:
    """How every rule is set: for the organisation, and for each domain."""

    organization: Policy
    domains: Mapping[str, Policy]

    def of(self, subject: Subject) -> Policy:
        """What holds for a file: its domain's policy; the organisation's for mesh.yaml and an unreadable domain."""
        match subject:
            case Mesh():
                return self.organization
            case Domain() | Contract():
                return self.domains.get(subject.domain, self.organization)


def read_policies(
    spec: Spec, rules: Mapping[str, AnyRule], *, all_known: bool = True, whole: bool = True
) -> tuple[Policies, tuple[Finding, ...]]:
    """The settings of ``rules`` as mesh.yaml and the domains write them, and everything that is wrong with them.

    What is wrong is left out: the organisation's setting holds in place of a domain's, the default in place of the
    organisation's. ``all_known``: whether ``rules`` are all that there are, so that any other name is a mistake;
    ``whole``: whether ``spec`` is all of the mesh, so that a role that is not there is one, too.
    """
    defaults: Policy = {name: Decision(rule.level, _defaults(rule)) for name, rule in rules.items()}
    roles = frozenset(check_roles(spec.mesh, spec.domains)[0]) if whole else None
    mesh = _Reader(spec.mesh, rules, defaults, roles, all_known=all_known)
    organization = mesh.policy()
    domains = {d.domain: _Reader(d, rules, organization, roles, all_known=all_known) for d in spec.domains}
    policies = Policies(organization, {name: reader.policy() for name, reader in domains.items()})
    return policies, tuple(f for reader in (mesh, *domains.values()) for f in reader.findings)


def _defaults(rule: AnyRule) -> dict[str, SettingValue]:
    return {setting.name: setting.default for setting in rule.settings if setting.default is not None}


class _Reader:
    """Reads the ``governance`` of one file over the policy that it inherits; ``findings`` is what is wrong with it.

    ``roles`` are those of the mesh, None where they are not all known.
    """

    def __init__(
        self,
        part: Mesh | Domain,
        rules: Mapping[str, AnyRule],
        inherited: Policy,
        roles: frozenset[str] | None,
        *,
        all_known: bool,
    ) -> None:
        self.findings: list[Finding] = []
        self._part = part
        self._rules = rules
        self._inherited = inherited
        self._roles = roles
        self._all_known = all_known
        self._may_weaken = isinstance(part, Mesh)

    def policy(self) -> Policy:
        """The inherited policy with what this file changes."""
        changed = {
            name: self._decision(self._rules[name], written)
            for name, written in self._part.governance.items()
            if self._is_rule(name)
        }
        return {**self._inherited, **changed}

    def _is_rule(self, name: str) -> bool:
        if name not in self._rules and not self._all_known:
            return False
        return self._known(name, self._rules, f"rule {quoted(name)}", ("governance", name))

    def _decision(self, rule: AnyRule, written: object) -> Decision:
        loc = ("governance", rule.name)
        inherited = self._inherited[rule.name]
        if not isinstance(written, Mapping):
            return Decision(self._level(rule, written, loc), inherited.settings, self._part.source)
        if SEVERITY in written:
            level = self._level(rule, written[SEVERITY], (*loc, SEVERITY))
        else:
            level = inherited.level or rule.level or Level.ERROR  # whoever adjusts a rule wants it on
        return Decision(level, {**inherited.settings, **self._settings(rule, written, loc)}, self._part.source)

    def _level(self, rule: AnyRule, written: object, loc: Loc) -> Level:
        inherited = self._inherited[rule.name]
        level = _LEVELS.get(written) if isinstance(written, str) else None
        if level is None:
            message = f"the severity of {quoted(rule.name)} must be {listed(reversed(_LEVELS))}, not {shown(written)}"
            near = nearest(written, frozenset(_LEVELS)) if isinstance(written, str) else None
            self._report("governance-value", loc, message, f"did you mean {quoted(near)}?" if near else "")
        elif rule.fixed and level is not Level.ERROR:
            cannot = "be switched off" if level is Level.OFF else "be made a warning"
            message = f"{quoted(rule.name)} cannot {cannot}: {rule.fixed}"
            self._report("governance-value", loc, message, "remove this line")
        elif level < inherited.level and not self._may_weaken:
            message = (
                f"{quoted(level.word)} is weaker than {quoted(inherited.level.word)}, {_whose(inherited, rule.name)}"
            )
            self._report("governance-weaker", loc, message, _STRICTER)
        else:
            return level
        return inherited.level

    def _settings(self, rule: AnyRule, written: Mapping[str, Any], loc: Loc) -> dict[str, SettingValue]:
        known = {setting.name: setting for setting in rule.settings}
        found = {}
        for name, value in written.items():
            what = f"setting {quoted(name)} of {quoted(rule.name)}"
            if name != SEVERITY and self._known(name, (*known, SEVERITY), what, (*loc, name)):
                read = self._setting(rule, known[name], value, (*loc, name))
                if read is not None:
                    found[name] = read
        return found

    def _setting(self, rule: AnyRule, setting: Setting, written: object, loc: Loc) -> SettingValue | None:
        try:
            value = setting.read(written)
        except SettingError as error:
            for problem in error.problems:
                message = f"{quoted(setting.name)} {problem.message}"
                self._report("governance-value", (*loc, *problem.loc), message, problem.hint)
            return None
        if setting.names_roles and isinstance(value, tuple):
            self._check_roles(setting, value, loc)
        inherited = self._inherited[rule.name]
        limit = inherited.settings.get(setting.name)
        if limit is None or self._may_weaken or setting.order.holds(value, limit):
            return value
        whose = "the default" if self._is_default(rule, setting, limit) else _whose(inherited, rule.name)
        bound = listed(limit, last="and") if isinstance(limit, tuple) else str(limit)
        message = f"{quoted(setting.name)} is not {setting.order.value} {bound}, {whose}"
        self._report("governance-weaker", loc, message, _STRICTER)
        return None

    def _check_roles(self, setting: Setting, named: tuple[str, ...], loc: Loc) -> None:
        for index, name in enumerate(named):
            if self._roles is not None and name not in self._roles:
                hint = did_you_mean(name, self._roles, "roles") or "declare it under 'roles', or remove it"
                message = f"{quoted(setting.name)} names the unknown role {quoted(name)}"
                self._report("governance-value", (*loc, index), message, hint)

    def _is_default(self, rule: AnyRule, setting: Setting, value: SettingValue) -> bool:
        """Whether nobody wrote an inherited value."""
        source = self._inherited[rule.name].source
        loc = ("governance", rule.name, setting.name)
        return value == setting.default and (source is None or not source.has(loc))

    def _known(self, name: str, choices: Collection[str], what: str, loc: Loc) -> bool:
        if name not in choices:
            hint = did_you_mean(name, choices) or "'mesh rules' lists them all"
            self._report("governance-unknown", loc, f"unknown {what}", hint, at_key=True)
        return name in choices

    def _report(self, rule: str, loc: Loc, message: str, hint: str = "", *, at_key: bool = False) -> None:
        source = self._part.source
        position = source.key(loc) if at_key else source.value(loc)
        finding = Finding(rule, Severity.ERROR, source.path, position.line, position.column, message, hint)
        self.findings.append(finding)


def _whose(decision: Decision, rule: str) -> str:
    if decision.source is None:
        return "the default"
    line = decision.source.key(("governance", rule)).line
    return f"which {decision.source.path}:{line} sets for the organisation"
