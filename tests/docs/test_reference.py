"""The reference pages are current: made from the models, the rules and the command line. UPDATE_DOCS=1 makes them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mesh_infra.authoring.schema_words import WORDS
from mesh_infra.manifest.build import build_manifest
from mesh_infra.resources.declare import declare
from mesh_infra.resources.declared import Declared
from tests.docs.pages import DOCS
from tests.docs.reference import MADE, PART, RECORDED, filled
from tests.meshes import read_spec

PAGES = sorted(path for path in DOCS.rglob("*.md") if PART.search(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_says_what_is_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    text = path.read_text(encoding="utf-8")
    current = filled(text)
    if os.environ.get("UPDATE_DOCS"):
        path.write_text(current, encoding="utf-8")
        text = current
    assert text == current


def test_everything_that_is_made_stands_on_a_page() -> None:
    found = {part["name"] for path in PAGES for part in PART.finditer(path.read_text(encoding="utf-8"))}
    assert found == set(MADE)


def test_what_is_recorded_is_a_field() -> None:
    assert set(WORDS) >= RECORDED


CONTRACT = """\
dataset: orders
version: v1
owner: team-sales@company.com
status: active
schema:
  - name: order_id
    type: string
  - name: user_email
    type: string
    pii: true
access_policy:
  - role: marketing
    permission: read_masked
accept:
  - rule: sla-required
    reason: It is new
    until: 9999-12-31
"""
PLACES = {
    "Contract": "status: active\n",
    "Column": "    type: string\n  - name: user_email\n",
    "AccessEntry": "    permission: read_masked\n",
    "Sla": "status: active\n",
    "Accepted": "    reason: It is new\n",
}
VALUES = {"Contract.sla": "{freshness: 2 hours}", "Contract.billing": "{payer: us}", "Contract.tags": "[a]"}
VALUES |= {"Sla.freshness": "2 hours", "Sla.quality": "99%", "Sla.availability": "99%", "Column.tags": "[a]"}
VALUES |= {"Column.unique": "true", "Column.primary_key": "true", "Contract.odcs": "{}"}


def _with(field: str) -> str:
    """The contract with one more field."""
    model, _, key = field.partition(".")
    value = VALUES.get(field, "Something")
    place = PLACES[model]
    match model:
        case "Contract":
            return CONTRACT.replace(place, f"{place}{key}: {value}\n")
        case "Sla":
            return CONTRACT.replace(place, f"{place}sla: {{{key}: {value}}}\n")
        case "Accepted":
            return CONTRACT.replace(place, f"    reason: {value}\n")
        case _:
            return CONTRACT.replace(place, f"    {key}: {value}\n{place}")


def _provisioned(root: Path, contract: str) -> list[Declared]:
    """What is declared of a mesh with ``contract``, but for the Glue table, which keeps what is recorded."""
    spec = read_spec(root, {"contracts/sales/orders.yaml": contract})
    declared = declare(build_manifest(spec, "dev"))
    return [one for one in declared if one.type != "aws:glue/catalogTable:CatalogTable"]


@pytest.mark.parametrize("field", sorted(field for field in RECORDED if field.partition(".")[0] in PLACES))
def test_what_is_recorded_changes_nothing_but_the_table(field: str, tmp_path: Path) -> None:
    assert _with(field) != CONTRACT
    assert _provisioned(tmp_path / "with", _with(field)) == _provisioned(tmp_path / "without", CONTRACT)
