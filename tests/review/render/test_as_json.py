from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given

from mesh_infra.review.model import Review
from mesh_infra.review.render.as_json import render_json
from tests.review.render.reviews import EVERYTHING, NOTHING, reviews


def test_the_shape() -> None:
    document = json.loads(render_json(EVERYTHING))
    assert document["contracts"][0] == {
        "dataset": "orders",
        "version": "v1",
        "change": "column-removed",
        "breaking": True,
        "severity": "high",
        "message": "column 'amount' is removed (read by finance)",
        "path": "contracts/sales/orders.yaml",
        "line": 6,
        "approvers": [],
    }
    assert document["access"][1] == {
        "role": "marketing",
        "dataset": "orders",
        "version": "v1",
        "severity": "critical",
        "gained": ["order_id", "user_email"],
        "lost": [],
        "path": "contracts/sales/orders.yaml",
        "line": 12,
        "approvers": ["team-sales@company.com"],
    }
    assert document["infrastructure"][1] == {
        "stack": "dev",
        "op": "replace",
        "type": "aws:lakeformation/permissions:Permissions",
        "name": "sales.orders_v1.marketing",
        "inputs": ["table", "permissions"],
        "replaced_by": ["table"],
        "data_loss": False,
    }
    assert document["findings"][0] == {
        "rule": "pii-untagged",
        "severity": "warning",
        "path": "contracts/sales/orders.yaml",
        "line": 9,
        "column": 5,
        "message": "'phone' sounds personal",
        "hint": "say 'pii: true'",
    }


def test_who_must_agree_to_the_whole() -> None:
    warned = replace(EVERYTHING, approvers=("@acme/mesh",))
    assert json.loads(render_json(warned))["approvers"] == ["@acme/mesh", "team-sales@company.com"]
    assert json.loads(render_json(NOTHING))["approvers"] == []


def test_drift_is_said_where_there_is_some() -> None:
    document = json.loads(render_json(EVERYTHING))
    assert [change.get("drift") for change in document["infrastructure"]] == [None, None, True]


def test_what_is_kept_or_protected_says_so_and_the_rest_says_nothing() -> None:
    gone = replace(EVERYTHING.infrastructure[0], kept=True, protected=True)
    document = json.loads(render_json(replace(EVERYTHING, infrastructure=(gone, *EVERYTHING.infrastructure[1:]))))
    assert [(change.get("kept"), change.get("protected")) for change in document["infrastructure"]] == [
        (True, True),
        (None, None),
        (None, None),
    ]


def test_nothing() -> None:
    parts = ("contracts", "access", "infrastructure", "findings", "approvers")
    assert json.loads(render_json(NOTHING)) == {part: [] for part in parts}


@given(reviews())
def test_it_is_ascii_and_loses_nothing(review: Review) -> None:
    text = render_json(review)
    assert text.isascii()
    assert all(line.isprintable() for line in text.split("\n"))
    document = json.loads(text)
    assert [change["message"] for change in document["contracts"]] == [change.message for change in review.contracts]
    assert [change["gained"] for change in document["access"]] == [list(change.gained) for change in review.access]
