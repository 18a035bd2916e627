"""An organisation's own rules: Python files of the mesh that mesh.yaml names under ``governance: {modules: […]}``.

Loading one executes it. A mesh repository is trusted as any Pulumi program is: whoever may change these files may run
code wherever the mesh is checked or deployed. So a file is taken from inside the repository alone, and a review never
runs those of a commit.

A file defines ``RULES``, a list of ``Rule`` (see ``mesh_infra.governance``). A finding of its own, which cannot be
switched off: ``governance-module`` (a file that is not there, fails, or does not define rules).
"""

from __future__ import annotations

import traceback
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import ModuleType

from mesh_infra.findings import Finding, Severity, printable
from mesh_infra.governance.rule import AnyRule, Level, Rule
from mesh_infra.governance.rules import RULES
from mesh_infra.spec.files import MAX_BYTES
from mesh_infra.spec.model import Contract, Domain, Mesh
from mesh_infra.spec.names import rule_name
from mesh_infra.spec.organisation import MODULES
from mesh_infra.spec.problems import RefusedError, quoted
from mesh_infra.spec.tree import Disk, Kind

RULE = "governance-module"

_EXPORTED = "RULES"
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class OwnRules:
    """The rules of an organisation by name, and the file that each stands in.

    ``complete``: whether every file that mesh.yaml names was loaded; else a rule that is not there is no mistake.
    """

    rules: Mapping[str, AnyRule] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    complete: bool = True


class _ModuleError(Exception):
    """A file that cannot be used, as a finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def load_own_rules(mesh: Mesh, root: Path) -> OwnRules:
    """The rules in the files that ``mesh`` names, run from the repository at ``root``, and what is wrong with them."""
    rules: dict[str, AnyRule] = {}
    paths: dict[str, str] = {}
    findings = []
    for index, path in enumerate(mesh.rule_modules):
        if not path:  # refused by the loader
            continue
        try:
            for rule in _rules_in(_source(mesh, index, path, root), path, {*RULES, *rules}):
                rules[rule.name] = rule
                paths[rule.name] = path
        except _ModuleError as error:
            findings.append(error.finding)
    return OwnRules(rules, paths, tuple(findings), complete=not findings and all(mesh.rule_modules))


def not_run(mesh: Mesh) -> OwnRules:
    """No rules at all, where files are read that must not be executed; a warning says so where there are some."""
    warnings = [
        _at_entry(mesh, index, f"the rules in {quoted(path)} are not run here", "run 'mesh check'", Severity.WARNING)
        for index, path in enumerate(mesh.rule_modules)
    ]
    return OwnRules(findings=tuple(warnings), complete=not warnings)


def failure_at(path: str, error: BaseException, what: str) -> Finding:
    """What the code in the file at ``path`` raised, at the innermost line of that file."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    line = next((number for number in reversed(lines) if number), 0)
    if isinstance(error, SyntaxError):
        line = error.lineno or line
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    message = printable(f"{what}: {type(error).__name__}: {said}")[:_LONGEST]
    return Finding(RULE, Severity.ERROR, path, line, 1 if line else 0, message)


def _source(mesh: Mesh, index: int, path: str, root: Path) -> bytes:
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path or "\0" in path:
        hint = "name it relative to mesh.yaml, without '..'"
        raise _ModuleError(_at_entry(mesh, index, f"{quoted(path)} is no file inside the mesh", hint))
    disk = Disk(root)
    for folder in [*reversed(parts.parents)][1:]:
        _refuse_link_out(mesh, index, path, disk.entry(str(folder)))
    entry = disk.entry(path)
    _refuse_link_out(mesh, index, path, entry)
    if parts.suffix != ".py" or entry is None or entry.kind is not Kind.FILE:
        message = f"there is no Python file {quoted(path)}"
        hint = "make it, or correct the path" if parts.suffix == ".py" else "name one such as 'rules/acme.py'"
        raise _ModuleError(_at_entry(mesh, index, message, hint))
    try:
        source = disk.read(path, MAX_BYTES)
    except OSError as error:
        message = f"{quoted(path)} cannot be read: {error.strerror}"
        raise _ModuleError(_at_entry(mesh, index, message, "make it readable")) from None
    if source is None:
        raise _ModuleError(_at_entry(mesh, index, f"{quoted(path)} is larger than 1 MiB", "split it"))
    return source


def _refuse_link_out(mesh: Mesh, index: int, path: str, entry: object) -> None:
    if getattr(entry, "kind", None) in (Kind.LINK_OUT, Kind.LINK_NOWHERE):
        message = f"{quoted(path)} is reached by a link that leads out of the mesh"
        raise _ModuleError(_at_entry(mesh, index, message, "replace it by a copy"))


def _rules_in(source: bytes, path: str, taken: Collection[str]) -> list[AnyRule]:
    module = ModuleType(PurePosixPath(path).stem)
    module.__file__ = path
    try:
        exec(compile(source, path, "exec"), module.__dict__)  # noqa: S102 - that is what a module of rules is for
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, it is the organisation's to read
        raise _ModuleError(failure_at(path, error, "the rules cannot be loaded")) from None
    exported = getattr(module, _EXPORTED, None)
    if not isinstance(exported, list | tuple) or not all(isinstance(rule, Rule) for rule in exported):
        raise _ModuleError(
            Finding(RULE, Severity.ERROR, path, 1, 1, f"{_EXPORTED!r} is no list of rules", "write RULES = [Rule(…)]")
        )
    seen = set(taken)
    for rule in exported:
        problem = _problem(rule, seen)
        if problem:
            raise _ModuleError(Finding(RULE, Severity.ERROR, path, 1, 1, *problem))
        seen.add(rule.name)
    return list(exported)


def _problem(rule: AnyRule, taken: Iterable[str]) -> tuple[str, str] | None:
    try:
        rule_name(rule.name)
    except RefusedError as refused:
        return refused.message, refused.hint
    if rule.name in taken:
        return f"there is a rule {quoted(rule.name)} already", "choose another name, such as 'acme-…'"
    if not isinstance(rule.subjects, tuple) or not rule.subjects or not {*rule.subjects} <= {Mesh, Domain, Contract}:
        return f"'subjects' of {quoted(rule.name)} must hold Mesh, Domain or Contract", ""
    if not callable(rule.check) or not isinstance(rule.level, Level):
        return f"'check' of {quoted(rule.name)} must be a function, its 'level' a Level", ""
    return None


def _at_entry(mesh: Mesh, index: int, message: str, hint: str, severity: Severity = Severity.ERROR) -> Finding:
    position = mesh.source.value(("governance", MODULES, index))
    return Finding(RULE, severity, mesh.source.path, position.line, position.column, message, hint)
