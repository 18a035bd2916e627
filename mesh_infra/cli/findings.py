"""Findings as lines of text."""

from __future__ import annotations

from collections.abc import Sequence

from mesh_infra.cli.output import BAD, DOUBTFUL, Line
from mesh_infra.cli.words import count
from mesh_infra.findings import Finding, Severity


def finding_line(finding: Finding) -> Line:
    """A finding as a line: its place in the colour of its severity."""
    text = str(finding)
    place = f"{finding.path}:{finding.line}:{finding.column}" if finding.line else finding.path
    return (place, BAD if finding.severity is Severity.ERROR else DOUBTFUL), text.removeprefix(place)


def summary(findings: Sequence[Finding]) -> str:
    """How many findings there are: ``2 errors, 1 warning in 3 files``."""
    counts = ((s, sum(finding.severity is s for finding in findings)) for s in Severity)
    found = ", ".join(count(number, severity.value) for severity, number in counts if number)
    return f"{found} in {count(len({finding.path for finding in findings}), 'file')}"
