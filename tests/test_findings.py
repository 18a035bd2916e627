"""Findings: what they say is safe to show, whoever wrote it."""

from __future__ import annotations

from mesh_infra.findings import Finding, Severity


def test_what_a_terminal_would_act_on_is_escaped() -> None:
    finding = Finding("own-rule", Severity.ERROR, "mesh.yaml", 1, 1, "red: \x1b[31m", "turn \u202e back")
    assert str(finding) == r"mesh.yaml:1:1: red: \x1b[31m; turn \u202e back [own-rule]"
