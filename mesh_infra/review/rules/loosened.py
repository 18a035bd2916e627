"""What is checked: rules that a change makes weaker, and files of the organisation's own rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mesh_infra.findings import Finding, Severity
from mesh_infra.governance import RULES
from mesh_infra.governance.rule import AnyRule
from mesh_infra.governance.settings import Decision, Policy, read_policies
from mesh_infra.spec.model import Domain, Mesh, Spec
from mesh_infra.spec.organisation import MODULES
from mesh_infra.spec.problems import listed, quoted
from mesh_infra.spec.source import Loc

AGREE = "have those who run the mesh agree"
_MODULES = "rule-modules-changed"


def loosened_findings(base: Spec, head: Spec) -> Iterator[Finding]:
    """Rules that ask less than they did, of the organisation and of single domains; nobody else would see it.

    The organisation's own rules are not run in a review: of those, any other setting is named.
    """
    before_of = {domain.domain: domain for domain in base.domains}
    kept = [(before_of[domain.domain], domain) for domain in head.domains if domain.domain in before_of]
    parts: list[tuple[Mesh | Domain, Mesh | Domain]] = [(base.mesh, head.mesh), *kept]
    is_new = not base.mesh.environments
    if is_new or all(before.governance == after.governance for before, after in parts):
        return
    (old, _), (new, _) = (read_policies(spec, RULES, all_known=False) for spec in (base, head))
    weaker = _weaker(old.organization, new.organization)
    yield from _told(weaker, head.mesh, "")
    yield from _own(base.mesh, head.mesh, "")
    for before, after in kept:
        name = after.domain
        found = _weaker(old.domains[name], new.domains[name])
        yield from _told({rule: what for rule, what in found.items() if rule not in weaker}, after, f" in {name}")
        yield from _own(before, after, f" in {name}")


def module_findings(base: Mesh, head: Mesh) -> Iterator[Finding]:
    """Files of own rules that are read for the first time, which is code that runs, or no longer."""
    if not base.environments:  # there was no mesh
        return
    new = [path for path in head.rule_modules if path not in base.rule_modules]
    gone = [path for path in base.rule_modules if path not in head.rule_modules]
    if new:
        message = f"the rules in {listed(new, 'and')} are new: that is code, which runs wherever the mesh is deployed"
        yield warning(_MODULES, head, ("governance", MODULES), message, AGREE)
    if gone:
        message = f"the rules in {listed(gone, 'and')} are no longer checked"
        yield warning(_MODULES, head, ("governance",), message, AGREE)


def rewritten_findings(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Finding]:
    """Files of own rules that say something else: as they are not run, nobody knows whether they ask less.

    Both hold one name for the content of each file, as ``read_modules`` has it.
    """
    for path, content in after.items():
        if before.get(path, content) != content:
            yield Finding(_MODULES, Severity.WARNING, path, 0, 0, f"the rules in {quoted(path)} change", AGREE)


def _weaker(old: Policy, new: Policy) -> dict[str, str]:
    """What each rule that asks less asked before and asks now."""
    found = {rule: _difference(RULES[rule], old[rule], new[rule]) for rule in old}
    return {rule: what for rule, what in found.items() if what}


def _difference(rule: AnyRule, old: Decision, new: Decision) -> str:
    if new.level < old.level:
        return f"is {quoted(new.level.word)} and was {quoted(old.level.word)}"
    weaker = [
        setting.name
        for setting in rule.settings
        if setting.name in old.settings
        and (
            setting.name not in new.settings
            or not setting.order.holds(new.settings[setting.name], old.settings[setting.name])
        )
    ]
    return f"asks less by {listed(weaker, 'and')}" if weaker else ""


def _told(weaker: Mapping[str, str], part: Mesh | Domain, where: str) -> Iterator[Finding]:
    for rule, what in weaker.items():
        yield warning("rule-loosened", part, ("governance", rule), f"the rule {quoted(rule)} {what}{where}", AGREE)


def _own(old: Mesh | Domain, new: Mesh | Domain, where: str) -> Iterator[Finding]:
    for rule in sorted(old.governance.keys() - RULES.keys()):
        if old.governance.get(rule) != new.governance.get(rule):
            message = f"the rule {quoted(rule)} is set otherwise than before{where}"
            yield warning("rule-loosened", new, ("governance", rule), message, AGREE)


def warning(rule: str, part: Mesh | Domain, loc: Loc, message: str, hint: str) -> Finding:
    """A warning about what stands at ``loc`` in the file of HEAD."""
    position = part.source.value(loc)
    return Finding(rule, Severity.WARNING, part.source.path, position.line, position.column, message, hint)
