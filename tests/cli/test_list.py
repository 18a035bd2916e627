from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import SAMPLE, Mesh
from tests.meshes import CONTRACT, write_mesh


def test_in_a_pipe_each_dataset_is_a_whole_line(mesh: Mesh) -> None:
    lines = mesh("list", "-C", SAMPLE).stdout.splitlines()
    assert lines[0].split() == ["dataset", "domain", "owner", "status", "format", "columns", "sensitive", "readers"]
    assert len(lines) == 8
    sales_orders = next(line for line in lines if line.startswith("sales_orders.v1"))
    assert sales_orders.split(maxsplit=7) == [
        "sales_orders.v1",
        "sales",
        "team-sales@company.com",
        "active",
        "delta",
        "8",
        "3",
        "data_analyst (masked), finance, marketing (masked)",
    ]


def test_datasets_as_json(mesh: Mesh, small: Path) -> None:
    ran = mesh("list", "-C", small, "--format", "json")
    assert json.loads(ran.stdout) == {
        "datasets": [
            {
                "id": "orders.v1",
                "dataset": "orders",
                "version": "v1",
                "domain": "sales",
                "owner": "team-sales@company.com",
                "status": "active",
                "format": "parquet",
                "columns": 2,
                "sensitive": 1,
                "readers": [{"role": "marketing", "permission": "read_masked"}],
            }
        ]
    }


def test_a_draft_has_no_readers(mesh: Mesh, tmp_path: Path) -> None:
    root = write_mesh(tmp_path, {"contracts/sales/orders.yaml": CONTRACT + "status: draft\n"})
    assert json.loads(mesh("list", "-C", root, "--format", "json").stdout)["datasets"][0]["readers"] == []
    assert mesh("list", "-C", root).stdout.splitlines()[1].split()[3:] == ["draft", "parquet", "2", "1"]


def test_a_mesh_without_datasets_has_an_empty_table(mesh: Mesh, small: Path) -> None:
    (small / "contracts/sales/orders.yaml").unlink()
    assert mesh("list", "-C", small).stdout.splitlines()[1:] == []
    assert json.loads(mesh("list", "-C", small, "--format", "json").stdout) == {"datasets": []}
