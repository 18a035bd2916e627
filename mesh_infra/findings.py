"""What is wrong with a mesh, as values: found anywhere, formatted in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from enum import StrEnum


def printable(text: str) -> str:
    """The text with everything that a terminal would not show as itself escaped, lone surrogates included."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


class Severity(StrEnum):
    """How bad a finding is; only an error stops a command and a deployment."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place.

    ``path`` is relative to the root of the mesh; ``line`` and ``column`` count from 1 (0 = the file as a whole).
    ``message`` says what is wrong, ``hint`` what to do about it; neither ends in a full stop. What a terminal would not
    show as itself is escaped in both, whoever wrote them: an organisation's own rule may quote what it likes.
    """

    rule: str
    severity: Severity
    path: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __post_init__(self) -> None:
        """Escape what a terminal would act on."""
        object.__setattr__(self, "message", printable(self.message))
        object.__setattr__(self, "hint", printable(self.hint))

    def __str__(self) -> str:
        """``path:line:column: message; hint [rule]``, with ``warning:`` in front of a warning's message."""
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        kind = "warning: " if self.severity is Severity.WARNING else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{place}: {kind}{self.message}{hint} [{self.rule}]"


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings sorted by file, line, column, rule and message, each once."""
    return tuple(sorted(set(findings), key=lambda f: (f.path, f.line, f.column, f.rule, f.message)))


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding is an error."""
    return any(f.severity is Severity.ERROR for f in findings)


Row = tuple[str | int, ...] | list[str | int]
"""A finding's fields in their order, as JSON can hold them."""


def as_rows(findings: Iterable[Finding]) -> list[Row]:
    """The findings as JSON can hold them, to be kept."""
    return [astuple(finding) for finding in findings]


def from_rows(rows: Iterable[Row]) -> tuple[Finding, ...]:
    """The findings that ``as_rows`` made them of."""
    return tuple(Finding(rule, Severity(severity), *rest) for rule, severity, *rest in rows)  # type: ignore[arg-type] # each field has its type, which a row has not
