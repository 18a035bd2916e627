"""`mesh export jsonschema|dbt|datahub|openmetadata`: which datasets, where to, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import SAMPLE, Mesh
from tests.cli.test_examples import examples
from tests.meshes import CONTRACT, write_mesh


@pytest.fixture
def root(tmp_path: Path) -> Path:
    draft = CONTRACT.replace("dataset: orders", "dataset: returns") + "status: draft\n"
    second = CONTRACT.replace("version: v1", "version: v2")
    files = {"contracts/sales/returns.yaml": draft, "contracts/sales/orders.v2.yaml": second}
    return write_mesh(tmp_path, files)


def _tables(text: str) -> list[str]:
    return [table["name"] for source in yaml.safe_load(text)["sources"] for table in source["tables"]]


@pytest.mark.parametrize(
    ("named", "tables"),
    [
        ([], ["orders_v1", "orders_v2"]),
        (["orders.v2"], ["orders_v2"]),
        (["returns"], ["returns_v1"]),
        (["returns", "sales.orders.v1", "returns.v1"], ["orders_v1", "returns_v1"]),
    ],
    ids=["what can be read", "one", "a draft that is named", "each once"],
)
def test_which_datasets(root: Path, mesh: Mesh, named: list[str], tables: list[str]) -> None:
    ran = mesh("-C", root, "export", "dbt", *named)
    assert ran.code == 0
    assert sorted(_tables(ran.stdout)) == tables


@pytest.mark.parametrize("kind", ["jsonschema", "dbt", "datahub", "openmetadata"])
def test_an_unknown_dataset_is_refused(root: Path, mesh: Mesh, kind: str) -> None:
    ran = mesh("-C", root, "export", kind, "ordres.v1")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == "mesh: there is no dataset 'ordres.v1'; did you mean 'orders.v1'?\n"


def test_two_versions_of_a_dataset_are_told_apart(root: Path, mesh: Mesh) -> None:
    ran = mesh("-C", root, "export", "jsonschema", "orders")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == "mesh: 'orders' are 2 datasets; name one of them: sales.orders.v1, sales.orders.v2\n"


def test_a_schema_needs_a_dataset(root: Path, mesh: Mesh) -> None:
    assert mesh("-C", root, "export", "jsonschema").code == 2


def test_a_file_is_written_whole_and_replaced_only_when_told_to(root: Path, mesh: Mesh) -> None:
    written = mesh("-C", root, "export", "datahub", "--output", "out/mesh.json")
    target = root / "out" / "mesh.json"
    assert (written.code, written.stdout) == (0, "")
    assert written.stderr == "wrote out/mesh.json\n"
    assert target.read_text(encoding="utf-8") == mesh("-C", root, "export", "datahub").stdout
    refused = mesh("-C", root, "export", "datahub", "orders.v1", "--output", "out/mesh.json")
    assert refused.code == 2
    assert refused.stderr == (f"mesh: '{target}' is there already; nothing was written; give --force to replace it\n")
    assert mesh("-C", root, "export", "datahub", "orders.v1", "-o", "out/mesh.json", "--force", "-q").stderr == ""
    assert target.read_text(encoding="utf-8") == mesh("-C", root, "export", "datahub", "orders.v1").stdout


def test_dbt_as_json_says_the_same(root: Path, mesh: Mesh) -> None:
    as_json = mesh("-C", root, "export", "dbt", "--format", "json").stdout
    assert json.loads(as_json) == yaml.safe_load(mesh("-C", root, "export", "dbt").stdout)


def test_names_are_those_of_the_environment(root: Path, mesh: Mesh) -> None:
    local = yaml.safe_load(mesh("-C", root, "--env", "local", "export", "dbt").stdout)
    assert {source["schema"] for source in local["sources"]} == {"acme_mesh_local_sales"}
    assert "dev" not in mesh("-C", root, "--env", "local", "export", "openmetadata").stdout


def test_a_service_that_is_there_already_is_not_touched(root: Path, mesh: Mesh) -> None:
    sent = json.loads(mesh("-C", root, "export", "openmetadata", "--service", "glue.prod").stdout)
    assert "/api/v1/services/databaseServices" not in {request["path"] for request in sent}
    (database,) = (request["body"] for request in sent if request["path"] == "/api/v1/databases")
    assert database == {"name": "111122223333", "service": '"glue.prod"'}
    refused = mesh("-C", root, "export", "openmetadata", "--service", 'glue"prod')
    assert (refused.code, refused.stdout) == (2, "")
    assert "no service of OpenMetadata is called 'glue\"prod'" in refused.stderr


def test_a_mesh_with_errors_is_not_exported(root: Path, mesh: Mesh) -> None:
    (root / "contracts/sales/orders.yaml").write_text(CONTRACT.replace("type: string", "type: strnig"))
    ran = mesh("-C", root, "export", "dbt")
    assert (ran.code, ran.stdout) == (1, "")
    assert "unknown type 'strnig'" in ran.stderr


@pytest.mark.parametrize("kind", ["jsonschema", "dbt", "datahub", "openmetadata"])
def test_examples(mesh: Mesh, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mesh.yaml", "domains", "contracts"):
        source = SAMPLE / name
        _ = shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for example in examples(mesh, "export", kind):
        assert mesh(*example).code == 0, example


def test_a_text_of_a_contract_is_no_command_to_github(root: Path, mesh: Mesh) -> None:
    text = "Orders\n::stop-commands::x\n  ::error::y"
    write_mesh(root, {"contracts/sales/orders.yaml": f"{CONTRACT}description: {json.dumps(text)}\n"})
    for command in (("dbt",), ("odcs", "orders.v1")):
        printed = mesh("-C", root, "export", *command).stdout
        assert "stop-commands" in printed
        assert not [line for line in printed.splitlines() if line.strip().startswith("::")]
