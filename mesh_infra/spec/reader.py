"""From YAML's values to a model's: one field after the other, and every problem with its place.

A field is read by a ``Leaf``: a function from what YAML holds to what the model holds, which raises ``RefusedError``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mesh_infra.findings import Finding, Severity
from mesh_infra.spec.document import Yaml
from mesh_infra.spec.leaves import text
from mesh_infra.spec.problems import RefusedError, UnfitError, did_you_mean, nearest, quoted
from mesh_infra.spec.source import Loc, Position, Source

T = TypeVar("T")
Leaf = Callable[[Any], Any]  # Any: each field has its own types, and the model checks them once more


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one kind of mapping.

    ``what`` names the kind in messages (``a column``), together with the value of ``named_by`` or, where ``keyed``,
    with the key that leads there. ``unsupported`` fields are known and refused; ``hints`` say what to do about keys
    that people write by mistake. ``missing`` holds the rule and the hint of a required field whose absence is more than
    a gap.
    """

    what: str
    leaves: Mapping[str, Leaf]
    required: Collection[str] = ()
    named_by: str = ""
    keyed: bool = False
    unsupported: Collection[str] = ()
    hints: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def error_at(source: Source, position: Position, rule: str, message: str, hint: str = "") -> Finding:
    """An error in a file."""
    return Finding(rule, Severity.ERROR, source.path, position.line, position.column, message, hint)


PUBLIC_ROLE = "public-role"
"""The rule that nobody is everybody: one name, wherever it is broken and whoever notices."""


class Reader:
    """Reads one file and keeps what is wrong with it; ``kind`` (``contract``) begins the names of its rules."""

    def __init__(self, source: Source, kind: str) -> None:
        self.source = source
        self.kind = kind
        self.findings: list[Finding] = []

    def report(self, rule: str, loc: Loc, message: str, hint: str = "") -> None:
        """Keep a problem with the value at ``loc``."""
        self.report_at(rule, self.source.value(loc), message, hint)

    def report_at(self, rule: str, position: Position, message: str, hint: str = "") -> None:
        """Keep a problem at a position."""
        name = rule if rule == PUBLIC_ROLE else f"{self.kind}-{rule}"
        self.findings.append(error_at(self.source, position, name, message, hint))

    def fields(self, data: Yaml, loc: Loc, fields: Fields) -> dict[str, Any]:
        """The fields of a mapping by name; those that are unknown or refused are reported and left out."""
        if not isinstance(data, dict):
            self.refuse(UnfitError("a mapping of 'key: value' lines"), loc, data)
            return {}
        leaves = fields.leaves
        values: dict[str, Any] = {}
        meant = ""
        for key, value in data.items():
            leaf = leaves.get(key)
            if leaf is None:
                meant += self._unknown_key(key, loc, fields)
                continue
            try:
                values[key] = leaf(value)
            except RefusedError as refused:
                self.refuse(refused, (*loc, key), value)
        for key in fields.required:
            if key not in data and quoted(key) not in meant:
                rule, hint = fields.missing.get(key, ("missing", "add it"))
                self.report(rule, loc, f"{_called(fields, data, loc)} has no {quoted(key)}", hint)
        return values

    def one(self, value: Yaml, loc: Loc, leaf: Callable[[Any], T]) -> T | None:
        """The value at ``loc`` through ``leaf``; None where it was refused and reported."""
        try:
            return leaf(value)
        except RefusedError as refused:
            self.refuse(refused, loc, value)
            return None

    def each(self, values: Iterable[Yaml], loc: Loc, leaf: Callable[[Any], T]) -> tuple[T, ...]:
        """The items of a list, each through ``leaf``; refused ones are reported and left out."""
        read = []
        for index, value in enumerate(values):
            item = self.one(value, (*loc, index), leaf)
            if item is not None:
                read.append(item)
        return tuple(read)

    def texts(self, values: Iterable[Yaml], loc: Loc) -> tuple[str, ...]:
        """The items of a list of texts; an empty one stands for each that was refused, so that places stay right."""
        return tuple(self.one(value, (*loc, index), text) or "" for index, value in enumerate(values))

    def entries(self, data: Mapping[str, Yaml], loc: Loc, leaf: Callable[[Any], T]) -> dict[str, T]:
        """The values of a mapping with free keys, each through ``leaf``; refused ones are reported and left out."""
        read = {}
        for key, value in data.items():
            item = self.one(value, (*loc, key), leaf)
            if item is not None:
                read[key] = item
        return read

    def name(self, key: str, loc: Loc, leaf: Callable[[str], str]) -> None:
        """Check the key that leads to ``loc`` as a name."""
        try:
            leaf(key)
        except RefusedError as refused:
            self.report_at(refused.rule, self.source.key(loc), refused.message, refused.hint)

    def refuse(self, refused: RefusedError, loc: Loc, value: Yaml) -> None:
        """Keep what a leaf said about ``value``, which stands at ``loc``."""
        if not isinstance(refused, UnfitError):
            self.report(refused.rule, loc, refused.message, refused.hint)
            return
        subject = _subject(loc)
        if value is None:
            self.report(refused.rule, loc, f"{subject} has no value", refused.hint or "write one or remove the key")
            return
        written = self.source.written(loc) or ""
        hint = refused.hint
        if refused.remedy is not None and isinstance(value, (bool, int, float)):
            hint = refused.remedy(written)
        self.report(refused.rule, loc, f"{subject} {refused.message}, not {_described(value, written)}", hint)

    def _unknown_key(self, key: str, loc: Loc, fields: Fields) -> str:
        """Report a key that ``fields`` does not know; returns the hint, which may name the key that was meant."""
        if key in fields.unsupported:
            rule, message, hint = "unsupported", f"{quoted(key)} is not supported yet", "remove it"
        else:
            rule, message = "key", f"unknown key {quoted(key)} in {fields.what}"
            hint = _remedy(key, fields)
        self.report_at(rule, self.source.key((*loc, key)), message, hint)
        return hint


def _remedy(key: str, fields: Fields) -> str:
    """What to do about a key that is none: the one that was meant, or what is known about a word like it."""
    hint = fields.hints.get(key)
    if hint is None and nearest(key, frozenset(fields.leaves)) is None:
        near = nearest(key, frozenset(fields.hints))
        hint = fields.hints[near] if near is not None else None
    return hint or did_you_mean(key, fields.leaves, f"{fields.what} can have") or "remove it"


def _called(fields: Fields, data: Mapping[str, Yaml], loc: Loc) -> str:
    name = loc[-1] if fields.keyed else data.get(fields.named_by)
    return f"the {fields.what.partition(' ')[2]} {quoted(name)}" if isinstance(name, str) else fields.what


def _subject(loc: Loc) -> str:
    """What a value is called in messages: by its key, or by that of the list it is in."""
    name = next((part for part in reversed(loc) if isinstance(part, str)), None)
    if name is None:
        return "the file"
    return quoted(name) if loc[-1] == name else f"an entry of {quoted(name)}"


def _described(value: Yaml, written: str) -> str:
    match value:
        case bool():
            return f"the boolean {written}"
        case int() | float():
            return f"the number {written}"
        case str():
            return quoted(value) if value.strip() else "empty"
        case list():
            return "a list" if value else "an empty list"
        case _:
            return "a mapping" if value else "an empty mapping"
