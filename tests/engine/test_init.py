"""A mesh that `mesh init` made, deployed by the real engine at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh_infra.cli.main import main
from tests.engine.harness import local_mesh

pytestmark = pytest.mark.engine


def test_a_new_mesh_deploys_as_it_stands(tmp_path: Path) -> None:
    assert main(["init", str(tmp_path / "acme"), "--organization", "acme", "--domain", "checkout"]) == 0
    (tmp_path / "run").mkdir()
    with local_mesh(tmp_path / "run", tmp_path / "acme") as mesh:
        mesh.up()
        table = mesh.aws("glue").get_table(DatabaseName="acme_mesh_local_checkout", Name="customers_v1")["Table"]
        columns = [column["Name"] for column in table["StorageDescriptor"]["Columns"]]
        assert columns == ["customer_id", "country", "email"]
        filters = mesh.aws("lakeformation").list_data_cells_filter()["DataCellsFilters"]
        assert [sorted(found["ColumnNames"]) for found in filters] == [["country", "customer_id"]]
