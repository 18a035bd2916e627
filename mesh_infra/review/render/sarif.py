"""A review as SARIF 2.1.0, which code scanning takes.

OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; GitHub Docs, "SARIF support for code
scanning", which wants a place for every result and a description and help for every rule.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from mesh_infra.findings import Finding, printable
from mesh_infra.governance import RULES, Level
from mesh_infra.governance.rule import AnyRule
from mesh_infra.review.model import Review
from mesh_infra.review.render.notices import Notice, of_findings, of_review
from mesh_infra.version import __version__

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS = {Level.OFF: "none", Level.WARNING: "warning", Level.ERROR: "error"}

Object = Mapping[str, object]


def render_sarif(review: Review, folder: str = "") -> str:
    """A log with a result for each finding and change; ``folder``: where the mesh lies in the repository."""
    return _log(of_review(review), folder)


def render_sarif_findings(findings: Iterable[Finding], folder: str = "") -> str:
    """A log with a result for each finding; ``folder``: where the mesh lies in the repository."""
    return _log(of_findings(findings), folder)


def _log(notices: Sequence[Notice], folder: str) -> str:
    rules = sorted({notice.rule for notice in notices})
    run = {
        "tool": {"driver": {"name": "mesh-infra", "version": __version__, "rules": [_rule(rule) for rule in rules]}},
        # Our columns count code points; SARIF's default is UTF-16 code units.
        "columnKind": "unicodeCodePoints",
        "results": [_result(notice, rules.index(notice.rule), folder) for notice in notices],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(name: str) -> Object:
    rule = RULES.get(name)
    if rule is None:
        words = {"text": name.replace("-", " ")}
        return {"id": name, "shortDescription": words, "fullDescription": words, "help": words}
    return {
        "id": name,
        "shortDescription": _text(rule.summary),
        "fullDescription": _text(rule.rationale),
        "help": {**_text(_help(rule, "", "")), "markdown": _help(rule, "```yaml\n", "```\n")},
        "defaultConfiguration": {"level": _LEVELS[rule.level]},
    }


def _help(rule: AnyRule, opening: str, closing: str) -> str:
    found, remedy = (f"{opening}{yaml.rstrip()}\n{closing}" for yaml in (rule.example, rule.remedy))
    return f"{rule.rationale}\n\nFound:\n\n{found}\nRemedy:\n\n{remedy}"


def _result(notice: Notice, index: int, folder: str) -> Object:
    place: dict[str, object] = {
        # A path with the characters that a URI does not take escaped (RFC 3986), relative to the repository.
        "artifactLocation": {"uri": quote(notice.path_in(folder)), "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": max(notice.line, 1), **({"startColumn": notice.column} if notice.column else {})},
    }
    return {
        "ruleId": notice.rule,
        "ruleIndex": index,
        "level": notice.level,
        "message": _text(notice.message),
        "locations": [{"physicalLocation": place}],
    }


def _text(text: str) -> Object:
    """Plain text: braces would be placeholders (section 3.11.5), and ``[…](…)`` a link (section 3.11.6)."""
    lines = (printable(line) for line in text.split("\n"))
    return {"text": "\n".join(lines).replace("](", "] (").replace("{", "{{").replace("}", "}}")}
