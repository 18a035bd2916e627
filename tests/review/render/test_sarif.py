from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given, settings

from mesh_infra.findings import Finding, Severity
from mesh_infra.governance import RULES
from mesh_infra.review.model import Review
from mesh_infra.review.render.notices import of_review
from mesh_infra.review.render.sarif import render_sarif, render_sarif_findings
from tests.review.render.reviews import ERROR, EVERYTHING, NOTHING, WARNING, reviews


def _closed(required: list[str], **properties: object) -> dict[str, object]:
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


TEXT = {"type": "string", "minLength": 1}
MESSAGE = _closed(["text"], text={"type": "string"}, markdown=TEXT)
LEVEL = {"enum": ["none", "note", "warning", "error"]}
# What SARIF 2.1.0's schema and GitHub's code scanning ask of the objects that we write.
RULE = _closed(
    ["id", "shortDescription", "fullDescription", "help"],
    id=TEXT,
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=_closed([], level=LEVEL),
)
PLACE = _closed(
    ["artifactLocation", "region"],
    artifactLocation=_closed(
        ["uri"], uri={"type": "string", "format": "uri-reference"}, uriBaseId={"const": "%SRCROOT%"}
    ),
    region=_closed(
        ["startLine"], startLine={"type": "integer", "minimum": 1}, startColumn={"type": "integer", "minimum": 1}
    ),
)
RESULT = _closed(
    ["ruleId", "ruleIndex", "level", "message", "locations"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=MESSAGE,
    locations={
        "type": "array",
        "minItems": 1,
        "maxItems": 1,
        "items": _closed(["physicalLocation"], physicalLocation=PLACE),
    },
)
DRIVER = _closed(["name"], name=TEXT, version=TEXT, rules={"type": "array", "uniqueItems": True, "items": RULE})
LOG = _closed(
    ["version", "runs"],
    **{
        "$schema": {"type": "string", "pattern": r"sarif-schema-2\.1\.0\.json$"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": _closed(
                ["tool", "results"],
                tool=_closed(["driver"], driver=DRIVER),
                columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                results={"type": "array", "items": RESULT},
            ),
        },
    },
)


def parsed(text: str) -> Any:  # noqa: ANN401 - JSON
    log = json.loads(text)
    jsonschema.validate(log, LOG)
    (run,) = log["runs"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    return run


@given(reviews())
@settings(max_examples=40)
def test_it_is_sarif(review: Review) -> None:
    run = parsed(render_sarif(review, "mesh/"))
    for result, notice in zip(run["results"], of_review(review), strict=True):
        place = result["locations"][0]["physicalLocation"]
        assert unquote(place["artifactLocation"]["uri"]) == notice.path_in("mesh/")
        assert (result["level"], result["ruleId"]) == (notice.level, notice.rule)


def test_a_review() -> None:
    results = parsed(render_sarif(EVERYTHING))["results"]
    assert [(result["level"], result["ruleId"]) for result in results] == [
        ("error", "breaking-change"),
        ("error", "access-gained"),
        ("warning", "data-loss"),
        ("warning", "drift"),
        ("warning", "pii-untagged"),
        ("note", "access-lost"),
        ("note", "description-changed"),
    ]
    assert results[0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "contracts/sales/orders.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 6, "startColumn": 5},
    }


def test_nothing_is_a_run_without_results() -> None:
    """A run without results tells code scanning that what it had is mended."""
    assert parsed(render_sarif(NOTHING))["results"] == []


@pytest.mark.parametrize("name", sorted(RULES))
def test_rules_carry_what_people_read_about_them(name: str) -> None:
    (rule,) = parsed(render_sarif_findings((replace(WARNING, rule=name),)))["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == RULES[name].summary
    assert RULES[name].remedy.rstrip() in rule["help"]["markdown"]


def test_a_rule_that_is_not_governances_is_named() -> None:
    (rule,) = parsed(render_sarif_findings((ERROR,)))["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == "breaking change"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("{0} of {x}", "{{0}} of {{x}}"),
        ("[click](http://evil.example)", "[click] (http://evil.example)"),
        ("\x1b[31m\u202e", "\\x1b[31m\\u202e"),
    ],
)
def test_text_is_no_placeholder_no_link_and_no_control_sequence(message: str, shown: str) -> None:
    found = Finding("own", Severity.ERROR, "mesh.yaml", 0, 0, message)
    (result,) = parsed(render_sarif_findings((found,)))["results"]
    assert result["message"]["text"] == shown


def test_a_path_is_a_uri() -> None:
    found = replace(WARNING, path="contracts/a b/ü?.yaml")
    (result,) = parsed(render_sarif_findings((found,)))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "contracts/a%20b/%C3%BC%3F.yaml"
