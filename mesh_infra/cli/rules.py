"""`mesh rules`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mesh_infra.cli.call import Call
from mesh_infra.cli.findings import finding_line
from mesh_infra.cli.output import FAINT, HEADING, Line
from mesh_infra.cli.table import Column, table, wrapped
from mesh_infra.errors import MeshInvalid, UsageError
from mesh_infra.findings import Finding, has_errors
from mesh_infra.governance import RULES, is_current, load_own_rules
from mesh_infra.governance.rule import AnyRule, SettingValue
from mesh_infra.governance.settings import Decision, read_policies
from mesh_infra.host import today
from mesh_infra.spec.files import read_files
from mesh_infra.spec.load import load_partial
from mesh_infra.spec.model import Spec
from mesh_infra.spec.problems import did_you_mean, quoted

_RULES = (Column("rule"), Column("severity"), Column("what it asks", below=True), Column("from", below=True))
_ACCEPTED = (
    Column("dataset"),
    Column("rule"),
    Column("until"),
    Column("state"),
    Column("reason", below=True),
    Column("where", below=True),
)


@dataclass(frozen=True, slots=True)
class _Known:
    """A rule, how the organisation sets it, and the file of an own one."""

    rule: AnyRule
    decision: Decision
    module: str


def run(call: Call, name: str | None) -> int:
    """Print all rules, or explain the one called ``name``; 1 where rules of the organisation cannot be loaded."""
    known, findings = _known(call)
    if name is not None:
        _check_name(name, known)
    shown = list(known.values()) if name is None else [known[name]]
    if call.json:
        call.output.json({"rules": [_facts(one) for one in shown]})
    elif name is None:
        call.output.lines(table(_RULES, [_row(one) for one in shown], call.output.width))
        call.output.note("'mesh rules RULE' explains one")
    else:
        call.output.lines(_explained(known[name], call.output.width))
    for finding in findings:
        call.output.problem(*finding_line(finding))
    return 1 if has_errors(findings) else 0


def run_accepted(call: Call, rule: str | None, as_of: date | None) -> int:
    """Print what contracts accept, of one ``rule`` or of all, as it is on the day ``as_of`` (default: today)."""
    root = call.root()
    loaded = load_partial(read_files(root))
    if loaded.whole is None:
        raise MeshInvalid(loaded.findings)
    if rule is not None:
        _check_name(rule, {**RULES, **load_own_rules(loaded.whole.mesh, root).rules})
    found = [one for one in _accepted(loaded.whole, as_of or today()) if rule in (None, one["rule"])]
    if call.json:
        call.output.json({"accepted": found})
    elif found:
        rows = [(*(str(one[key]) for key in _KEYS), f"{one['path']}:{one['line']}") for one in found]
        call.output.lines(table(_ACCEPTED, rows, call.output.width))
    else:
        call.output.note("no contract accepts a finding")
    return 0


def _check_name(rule: str, known: Collection[str]) -> None:
    if rule not in known:
        raise UsageError(f"there is no rule {quoted(rule)}", did_you_mean(rule, known) or "see 'mesh rules'")


_KEYS = ("dataset", "rule", "until", "state", "reason")


def _accepted(spec: Spec, as_of: date) -> Iterator[dict[str, object]]:
    for contract in spec.contracts:
        for index, accepted in enumerate(contract.accept):
            yield {
                "dataset": f"{contract.domain}.{contract.id}",
                "rule": accepted.rule,
                "until": accepted.until,
                "state": "accepted" if is_current(accepted, as_of) else "expired",
                "reason": accepted.reason,
                "path": contract.source.path,
                "line": contract.source.value(("accept", index)).line,
            }


def _known(call: Call) -> tuple[dict[str, _Known], tuple[Finding, ...]]:
    """The rules of the mesh by name, and why some cannot be loaded; outside of a mesh the built-in ones."""
    try:
        root = call.root()
        loaded = load_partial(read_files(root))
    except UsageError:
        if call.directory is not None:
            raise
        return _with_decisions(RULES, {}, None), ()
    spec = loaded.whole or (loaded.part.spec if loaded.part else None)
    if spec is None:
        raise MeshInvalid(loaded.findings)
    own = load_own_rules(spec.mesh, root)
    return _with_decisions({**RULES, **own.rules}, own.paths, spec), own.findings


def _with_decisions(rules: Mapping[str, AnyRule], paths: Mapping[str, str], spec: Spec | None) -> dict[str, _Known]:
    if spec is None:
        decisions = {name: Decision(rule.level) for name, rule in rules.items()}
    else:
        decisions = dict(read_policies(spec, rules)[0].organization)
    return {name: _Known(rules[name], decisions[name], paths.get(name, "")) for name in sorted(rules)}


def _severity(one: _Known) -> str:
    return f"{one.decision.level.word}, always" if one.rule.fixed else one.decision.level.word


def _row(one: _Known) -> tuple[str, ...]:
    return one.rule.name, _severity(one), one.rule.summary, one.module


def _facts(one: _Known) -> dict[str, object]:
    rule = one.rule
    return {
        "name": rule.name,
        "severity": one.decision.level.word,
        "default": rule.level.word,
        "fixed": rule.fixed,
        "module": one.module,
        "summary": rule.summary,
        "rationale": rule.rationale,
        "example": rule.example,
        "remedy": rule.remedy,
        "settings": [
            {
                "name": setting.name,
                "summary": setting.summary,
                "order": setting.order.value,
                "value": _plain(one.decision.settings.get(setting.name, setting.default)),
            }
            for setting in rule.settings
        ],
    }


def _plain(value: SettingValue | None) -> list[str] | int | None:
    return list(value) if isinstance(value, tuple) else value


def _explained(one: _Known, width: int | None) -> Iterator[Line]:
    rule = one.rule
    yield (rule.name, HEADING), f"  {_severity(one)}", (f"  {one.module}" if one.module else "", FAINT)
    for text in (rule.summary, rule.rationale):
        yield from ((line,) for line in wrapped(text, width))
        yield ("",)
    yield from _settings(one)
    for title, text in (("breaks it", rule.example), ("keeps it", rule.remedy)):
        yield ((title, FAINT),)
        yield from ((f"  {line}",) for line in text.rstrip("\n").splitlines())
        yield ("",)
    if rule.fixed:
        yield (f"It cannot be lowered: {rule.fixed}.",)
    else:
        yield (
            f"In mesh.yaml: 'governance: {{{rule.name}: error}}', or warning, or off; a domain can only be stricter.",
        )


def _settings(one: _Known) -> Iterator[Line]:
    if not one.rule.settings:
        return
    yield (("settings", FAINT),)
    for setting in one.rule.settings:
        value = _plain(one.decision.settings.get(setting.name, setting.default))
        shown = "not set" if value is None else ", ".join(value) if isinstance(value, list) else str(value)
        yield (f"  {setting.name}: {setting.summary}. Now: {shown}. A domain's is {setting.order.value} the mesh's.",)
    yield ("",)
