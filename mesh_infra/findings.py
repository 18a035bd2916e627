"""What is wrong with a mesh, as values: found anywhere, formatted in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is; only an error stops a command and a deployment."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place.

    ``path`` is relative to the root of the mesh; ``line`` and ``column`` count from 1 (0 = the file as a whole).
    ``message`` says what is wrong, ``hint`` what to do about it; neither ends in a full stop.
    """

    rule: str
    severity: Severity
    path: str
    line: int
    column: int
    message: str
    hint: str = ""

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
