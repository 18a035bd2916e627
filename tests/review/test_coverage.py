"""Everything that a review can say has a case that says it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import pytest

import mesh_infra.review
from mesh_infra.findings import Severity
from mesh_infra.review.model import Impact, Operation
from tests.review.cases import CASES, FOLDER

REVIEW = Path(mesh_infra.review.__file__).parent

SURPRISING = {
    "a rename with a change of type": "contracts/column-renamed-and-retyped",
    "a column moved into a struct": "contracts/column-moved-into-a-struct",
    "a column moved into a struct and unprotected there": "access/column-moved-into-a-struct-and-unprotected",
    "pii dropped": "contracts/pii-dropped",
    "a classification changed in the contract": "contracts/classification-changed",
    "a classification made harmless in mesh.yaml": "contracts/classification-harmless-in-mesh",
    "a classification made sensitive in mesh.yaml": "contracts/classification-sensitive-in-mesh",
    "a role removed and added again": "access/role-removed-and-added-again",
    "an entry removed and added again": "access/entry-removed-and-added-again-elsewhere",
    "a role declared elsewhere": "contracts/role-declared-elsewhere",
    "a contract moved to another domain": "contracts/contract-moved-to-another-domain",
    "a file renamed": "contracts/file-renamed-only",
    "comments and the order of keys": "contracts/comments-and-key-order-only",
    "v2 beside v1": "contracts/v2-beside-v1",
    "v2 beside v1 without protection": "access/v2-beside-v1-without-protection",
    "v1 retired": "contracts/v1-retired-beside-v2",
    "v1 retired together with v2": "contracts/v1-retired-in-one-step-with-v2",
    "a rule of mesh.yaml made an error": "findings/rule-made-an-error-in-mesh",
    "a rule of mesh.yaml switched on": "findings/rule-switched-on-in-mesh",
    "BASE unreadable": "findings/base-unreadable",
    "BASE and HEAD unreadable": "findings/base-and-head-unreadable",
    "HEAD unreadable": "findings/head-unreadable",
    "BASE without a mesh": "findings/base-without-a-mesh",
    "hostile texts": "findings/hostile-texts",
    "hostile texts that are allowed": "findings/hostile-texts-that-are-allowed",
}


def reviews() -> Iterator[dict[str, Any]]:
    """What is expected of each case."""
    return (json.loads((case / "review.json").read_text(encoding="utf-8")) for case in CASES)


def told(part: str, key: str) -> set[object]:
    return {item[key] for item in chain.from_iterable(review[part] for review in reviews())}


def names_in(*files: Path) -> set[str]:
    """Every text in code that looks like the name of a rule or of a kind of change."""
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in files)
    texts = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and re.fullmatch("[a-z]+(-[a-z]+)+", text)}


KINDS = names_in(*(REVIEW / "contracts").glob("*.py"))
RULES = names_in(*(REVIEW / "rules").glob("*.py"), REVIEW / "build.py") - KINDS


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 80
    assert len(KINDS) >= 40
    assert len(RULES) >= 10


def test_every_kind_of_change_of_a_contract() -> None:
    assert told("contracts", "change") == KINDS


def test_every_rule_about_changes() -> None:
    assert told("findings", "rule") >= RULES


@pytest.mark.parametrize("part", ["contracts", "access"])
def test_every_severity(part: str) -> None:
    assert told(part, "severity") == set(Impact)


def test_errors_and_warnings() -> None:
    assert told("findings", "severity") == set(Severity)


def test_everything_that_happens_to_resources() -> None:
    changes = {(c["op"], c["data_loss"]) for review in reviews() for c in review["infrastructure"]}
    assert {op for op, lost in changes if not lost} == set(get_args(Operation))
    assert {op for op, lost in changes if lost} == {"delete", "replace"}


@pytest.mark.parametrize("name", SURPRISING.values(), ids=SURPRISING)
def test_what_surprises_is_there(name: str) -> None:
    assert FOLDER / name in CASES
