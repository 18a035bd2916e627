"""Formats that are read by position: csv."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mesh_infra.review.contracts import contract_changes
from mesh_infra.review.model import Impact
from mesh_infra.review.rules import change_findings
from mesh_infra.spec.model import Column, Csv, Format, Status
from tests.review.contracts.build import column, contract, spec

ID, EMAIL, NOTE = column("id", "bigint"), column("email", pii=True), column("note")


def _csv(columns: Sequence[Column], status: Status = Status.ACTIVE) -> list[tuple[str, Impact, str]]:
    base, head = (
        spec(contract(columns=side, status=status).model_copy(update={"format": Format.CSV}))
        for side in ((ID, EMAIL, NOTE), columns)
    )
    changes = contract_changes(base, head)
    rules = [finding.rule for finding in change_findings(base, head, changes)] or [""]
    return [(change.change, change.severity, rules[0]) for change in changes]


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.DRAFT])
@pytest.mark.parametrize(
    ("columns", "change"),
    [
        ((ID, NOTE), "column-removed"),
        ((ID, column("user_email", pii=True), NOTE), "column-renamed"),
        ((ID, NOTE, EMAIL), "columns-reordered"),
        ((ID, column("phone", "bigint"), EMAIL, NOTE), "column-added"),
    ],
)
def test_columns_of_csv_stay_where_they_are(columns: Sequence[Column], change: str, status: Status) -> None:
    assert _csv(columns, status) == [(change, Impact.CRITICAL, "columns-by-position")]


def test_a_column_at_the_end_of_csv_is_fine() -> None:
    assert _csv((ID, EMAIL, NOTE, column("phone", "bigint"))) == [("column-added", Impact.INFO, "")]


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.DRAFT])
@pytest.mark.parametrize("settings", [Csv(delimiter=";"), Csv(quote='"'), Csv(delimiter=";", quote='"')])
def test_how_lines_of_csv_are_cut_stays_as_it_is(settings: Csv, status: Status) -> None:
    base, head = (
        spec(contract(columns=(ID, EMAIL), status=status).model_copy(update={"format": Format.CSV, "csv": csv}))
        for csv in (None, settings)
    )
    changes = contract_changes(base, head)
    assert [(change.change, change.severity) for change in changes] == [("csv-changed", Impact.CRITICAL)]
    assert [finding.rule for finding in change_findings(base, head, changes)] == ["columns-by-position"]


def test_what_is_written_out_of_the_defaults_changes_nothing() -> None:
    base, head = (
        spec(contract(columns=(ID, EMAIL)).model_copy(update={"format": Format.CSV, "csv": csv}))
        for csv in (None, Csv(delimiter=",", header=False))
    )
    assert contract_changes(base, head) == ()
