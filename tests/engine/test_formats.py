"""A dataset of each format, deployed: what Glue holds of it, and that nothing is left to do afterwards."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.harness import LocalMesh, local_mesh

pytestmark = pytest.mark.engine

FOLDER = Path(__file__).parent / "formats"
EXPECTED = FOLDER / "tables.json"
DATABASE = "formats_mesh_local_sales"
ICEBERG = "contracts/sales/in_iceberg.yaml"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    with local_mesh(tmp_path_factory.mktemp("formats"), FOLDER) as mesh:
        mesh.up()
        yield mesh


def _tables(mesh: LocalMesh) -> dict[str, Any]:
    """What Glue holds, without times and the random name of a metadata file."""
    tables = mesh.aws("glue").get_tables(DatabaseName=DATABASE)["TableList"]
    for table in tables:
        for name in ("CreateTime", "UpdateTime", "VersionId", "CatalogId", "DatabaseName"):
            table.pop(name, None)
        if location := table["Parameters"].get("metadata_location"):
            folder, _, file = location.rpartition("/")
            assert file.startswith("00000-")
            assert file.endswith(".metadata.json")
            table["Parameters"]["metadata_location"] = folder
    return {table["Name"]: table for table in tables}


def test_each_table_is_as_expected_and_nothing_is_left_to_do(deployed: LocalMesh) -> None:
    found = json.dumps(_tables(deployed), indent=2, sort_keys=True) + "\n"
    if os.environ.get("UPDATE_CASES"):
        EXPECTED.write_text(found, encoding="utf-8")
    assert found == EXPECTED.read_text(encoding="utf-8")
    assert deployed.changes() == []


def test_masked_readers_of_every_format_are_limited_to_what_is_not_sensitive(deployed: LocalMesh) -> None:
    filters = deployed.aws("lakeformation").list_data_cells_filter()["DataCellsFilters"]
    assert {found["TableName"]: sorted(found["ColumnNames"]) for found in filters} == {
        "in_avro_v1": ["day", "order_id"],
        "in_csv_v1": ["order_id", "total"],
        "in_iceberg_v1": ["day", "items", "order_id"],
        "in_json_v1": ["day", "order_id"],
        "in_orc_v1": ["day", "order_id"],
    }


def test_an_iceberg_table_is_made_by_glue_with_the_columns_and_partitions_of_its_contract(deployed: LocalMesh) -> None:
    created = [call["body"] for call in deployed.calls() if call["action"] == "CreateTable"]
    (asked,) = [body for body in created if body.get("Name") == "in_iceberg_v1"]
    assert "TableInput" not in asked
    iceberg = asked["OpenTableFormatInput"]["IcebergInput"]
    assert (iceberg["MetadataOperation"], iceberg["Version"]) == ("CREATE", "2")
    wanted = iceberg["CreateIcebergTableInput"]
    struct = [
        {"id": 6, "name": "sku", "required": False, "type": "string"},
        {"id": 7, "name": "count", "required": False, "type": "int"},
    ]
    items = {
        "type": "list",
        "element-id": 5,
        "element-required": False,
        "element": {"type": "struct", "fields": struct},
    }
    assert wanted["Schema"]["Fields"] == [
        {"Id": 1, "Name": "order_id", "Required": True, "Type": "long"},
        {"Id": 2, "Name": "items", "Required": False, "Type": items},
        {"Id": 3, "Name": "user_email", "Required": False, "Type": "string"},
        {"Id": 4, "Name": "day", "Required": False, "Type": "date"},
    ]
    assert wanted["PartitionSpec"]["Fields"] == [
        {"FieldId": 1000, "Name": "day", "SourceId": 4, "Transform": "identity"}
    ]


def _written_to(mesh: LocalMesh, columns: list[dict[str, Any]]) -> None:
    """What a writer's commit leaves in the catalog (Apache Iceberg, ``GlueTableOperations``)."""
    glue = mesh.aws("glue")
    table = glue.get_table(DatabaseName=DATABASE, Name="in_iceberg_v1")["Table"]
    described = {key: table[key] for key in ("Name", "TableType", "Parameters", "StorageDescriptor")}
    location = described["Parameters"]["metadata_location"]
    described["Parameters"] |= {
        "metadata_location": location.replace("/00000-", "/00001-"),
        "previous_metadata_location": location,
    }
    described["StorageDescriptor"]["Columns"] = columns
    glue.update_table(DatabaseName=DATABASE, TableInput=described)


def test_what_writers_do_to_an_iceberg_table_is_theirs(deployed: LocalMesh) -> None:
    glue = deployed.aws("glue")
    before = glue.get_table(DatabaseName=DATABASE, Name="in_iceberg_v1")["Table"]["StorageDescriptor"]["Columns"]
    _written_to(deployed, before)
    deployed.pulumi("refresh", "--yes", "--skip-preview")
    assert deployed.changes() == []
    # Nothing in the contract reaches the table any more; a review refuses what only a new table would have.
    original = (deployed.root / ICEBERG).read_text()
    deployed.edit(ICEBERG, "required: true}", "required: true, description: Its number}")
    deployed.edit(ICEBERG, "partition_by: [day]", "partition_by: [day, order_id]")
    assert deployed.changes() == []
    deployed.write(ICEBERG, original)


def test_an_iceberg_table_that_its_contract_does_not_describe_is_refused(deployed: LocalMesh) -> None:
    original = (deployed.root / ICEBERG).read_text()
    deployed.edit(ICEBERG, "access_policy:", "  - {name: channel, type: string}\naccess_policy:")
    refused = deployed.pulumi("preview", ok=False)
    assert refused.code != 0
    assert f"the Iceberg table {DATABASE}.in_iceberg_v1 lacks 'channel'" in refused.output
    assert "evolving an Iceberg table is not supported yet" in refused.output
    deployed.write(ICEBERG, original)
    assert deployed.changes() == []
