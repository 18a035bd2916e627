"""Iceberg tables that are there already, against what their contracts say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest

from mesh_infra.errors import AccountNotReady
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.model import Manifest
from mesh_infra.resources.made_tables import check_made_tables
from mesh_infra.spec.load import load
from tests.resources.test_account import session

__all__ = ["session"]

MESH = Path(__file__).parent.parent / "engine" / "formats"
REQUIRED = {"iceberg.field.optional": "false"}
COLUMNS: list[dict[str, Any]] = [
    {"Name": "order_id", "Type": "bigint", "Parameters": REQUIRED},
    {"Name": "items", "Type": "array<struct<sku:string,count:int>>"},
    {"Name": "user_email", "Type": "string"},
    {"Name": "day", "Type": "date"},
]


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    spec, findings = load(MESH)
    assert spec is not None, findings
    return build_manifest(spec, "local")


def _made(session: boto3.Session, manifest: Manifest, columns: list[dict[str, Any]], table_type: str) -> None:
    (dataset,) = [d for domain in manifest.domains for d in domain.datasets if d.format == "iceberg"]
    glue = session.client("glue")
    glue.create_database(DatabaseInput={"Name": dataset.database})
    glue.create_table(
        DatabaseName=dataset.database,
        TableInput={
            "Name": dataset.table,
            "Parameters": {"table_type": table_type},
            "StorageDescriptor": {"Columns": columns, "Location": dataset.location},
        },
    )


def test_a_table_that_is_not_there_yet_will_be_made(session: boto3.Session, manifest: Manifest) -> None:
    check_made_tables(session, manifest)


def test_the_table_of_the_contract_passes_with_what_its_writers_have_dropped(
    session: boto3.Session, manifest: Manifest
) -> None:
    dropped = {"Name": "note", "Type": "string", "Parameters": {"iceberg.field.current": "false"}}
    _made(session, manifest, [*reversed(COLUMNS), dropped], "iceberg")
    check_made_tables(session, manifest)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (COLUMNS[1:], "lacks 'order_id'"),
        ([*COLUMNS, {"Name": "note", "Type": "string"}], "has, and its contract lacks, 'note'"),
        ([{**COLUMNS[0], "Type": "int"}, *COLUMNS[1:]], "has with another type 'order_id'"),
        ([{"Name": "order_id", "Type": "bigint"}, *COLUMNS[1:]], "allows nulls in 'order_id'"),
        ([*COLUMNS[:3], {**COLUMNS[3], "Parameters": REQUIRED}], "allows no nulls in 'day'"),
    ],
)
def test_other_columns_are_refused(
    session: boto3.Session, manifest: Manifest, columns: list[dict[str, Any]], said: str
) -> None:
    _made(session, manifest, columns, "ICEBERG")
    with pytest.raises(AccountNotReady) as refused:
        check_made_tables(session, manifest)
    assert refused.value.message == f"the Iceberg table formats_mesh_local_sales.in_iceberg_v1 {said}"
    assert refused.value.hint.startswith("evolving an Iceberg table is not supported yet")


def test_a_table_of_another_format_is_refused(session: boto3.Session, manifest: Manifest) -> None:
    _made(session, manifest, COLUMNS, "DELTA")
    with pytest.raises(AccountNotReady, match="is no Iceberg table, as its contract says"):
        check_made_tables(session, manifest)
