"""Contracts whose columns come from a data file."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import orc

from tests.authoring.test_init import CASES, expect
from tests.cli.conftest import Mesh, mesh  # noqa: F401 - a fixture
from tests.meshes import write_mesh

ROWS = [
    {"Order ID": 1, "email": "a@b.com", "amount": 1.5, "who": {"phone": "1", "age": 3}, "tags": ["x"], "ok": True},
    {"Order ID": 2, "email": None, "amount": 2.0, "who": {"phone": "2", "age": 4}, "tags": [], "ok": False},
]
SCHEMA = pa.schema(
    [
        pa.field("OrderID", pa.uint64(), nullable=False),
        pa.field("Passport Number", pa.large_string()),
        pa.field("price", pa.decimal128(10, 2)),
        pa.field("day", pa.date32()),
        pa.field("at", pa.timestamp("us", tz="UTC")),
        pa.field("small", pa.int8()),
        pa.field("blob", pa.binary(4)),
        pa.field("kind", pa.dictionary(pa.int8(), pa.string())),
        pa.field("clock", pa.time64("us")),
        pa.field("prices", pa.map_(pa.string(), pa.list_(pa.float32()))),
        pa.field("where", pa.struct([pa.field("Street Name", pa.string()), pa.field("zip", pa.string())])),
        pa.field("oid", pa.int64()),
    ]
)


def data_file(folder: Path, name: str) -> Path:
    file = folder / name
    match file.suffix:
        case ".parquet":
            pq.write_table(SCHEMA.empty_table(), file)
        case ".orc":
            orc.write_table(pa.Table.from_pylist([{"id": 1, "email": "a@b.com", "day": date(2026, 1, 1)}]), file)
        case ".csv":
            file.write_text("id,email,name,day,amount\n1,a@b.com,Jo,2026-01-01,1.5\n", encoding="utf-8")
        case ".json":
            file.write_text(json.dumps(ROWS), encoding="utf-8")
        case _:
            file.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return file


@pytest.mark.parametrize("ending", ["parquet", "orc", "csv", "json", "ndjson"])
def test_the_columns_of_a_file(ending: str, tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    root = write_mesh(tmp_path / "mesh")
    file = data_file(tmp_path, f"returns.{ending}")
    ran = mesh("-C", root, "new", "contract", "sales", "returns", "--from", file)
    assert ran.code == 0, ran.stderr
    expect(CASES / "new" / f"from-{ending}.yaml", ran.stdout)
    assert mesh("-C", root, "check").code == 0


def test_the_format_of_the_files_can_be_said(tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    root = write_mesh(tmp_path / "mesh")
    file = data_file(tmp_path, "returns.csv")
    ran = mesh("-C", root, "new", "contract", "sales", "returns", "--from", file, "--file-format", "csv")
    assert "format: csv\ncsv: {header: true}\n" in ran.stdout
    ran = mesh("-C", root, "new", "contract", "sales", "refunds", "--column", "id:bigint", "--file-format", "iceberg")
    assert "format: iceberg\n" in ran.stdout
    assert mesh("-C", root, "check").code == 0
    ran = mesh("-C", root, "new", "contract", "sales", "others", "--column", "id:bigint", "--file-format", "icebrg")
    assert ran.code == 2
    assert "unknown format 'icebrg'; did you mean 'iceberg'?" in ran.stderr


def new_contract(mesh: Mesh, folder: Path, name: str, content: str, *more: str) -> str:  # noqa: F811 - the fixture
    root = write_mesh(folder / "mesh")
    (folder / name).write_text(content, encoding="utf-8")
    ran = mesh("-C", root, "new", "contract", "sales", "returns", "--from", folder / name, *more)
    assert ran.code == 0, ran.stderr
    return ran.stdout + ran.stderr


def test_digits_that_begin_with_zero_are_text(tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    said = new_contract(mesh, tmp_path, "a.csv", "id,code,share\n10,0042,0\n0,7,0.5\n")
    assert "- name: id\n    type: bigint\n  - name: code\n    type: string\n  - name: share\n    type: double\n" in said


@pytest.mark.parametrize(("written", "delimiter"), [(";", ";"), ("\t", "\\t"), ("|", "|")])
def test_the_delimiter_is_seen(written: str, delimiter: str, tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811
    content = "id,amount\n1,2\n".replace(",", written)
    said = new_contract(mesh, tmp_path, "a.csv", content, "--file-format", "csv")
    assert f'csv: {{header: true, delimiter: "{delimiter}"}}\n' in said
    assert "- name: id\n    type: bigint\n  - name: amount\n" in said


def test_csv_is_a_sample_of_parquet_unless_it_is_said(tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    said = new_contract(mesh, tmp_path, "a.csv", "id\n1\n")
    assert "its files are to be parquet; where they stay csv: --file-format csv\n" in said


def test_a_key_that_only_a_later_object_has(tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    said = new_contract(mesh, tmp_path, "a.json", '[{"id": 1}, {"id": 2, "note": "x"}]')
    assert "- name: id\n    type: bigint\n  - name: note\n    type: string\n" in said


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.parquet", b"no parquet", "'a.parquet' cannot be read: "),
        ("a.json", b"[1, 2]", "it is no list of objects"),
        ("a.json", b"[{]", "'a.json' cannot be read: "),
        ("a.csv", b"", "'a.csv' cannot be read: "),
        ("a.csv", b"name\nM\xfcller\n", "it is not UTF-8; save it as UTF-8"),
        ("a.txt", b"", "no schema can be read from 'a.txt'"),
    ],
)
def test_a_file_that_cannot_be_read(
    name: str,
    content: bytes,
    message: str,
    tmp_path: Path,
    mesh: Mesh,  # noqa: F811 - the fixture
) -> None:
    root = write_mesh(tmp_path / "mesh")
    (tmp_path / name).write_bytes(content)
    ran = mesh("-C", root, "new", "contract", "sales", "returns", "--from", tmp_path / name)
    assert ran.code == 2
    assert message in ran.stderr
    assert not (root / "contracts/sales/returns.yaml").exists()


def test_a_file_that_is_not_there(tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    ran = mesh("-C", write_mesh(tmp_path), "new", "contract", "sales", "returns", "--from", "gone.csv")
    assert ran.code == 2
    assert "there is no file" in ran.stderr


def test_a_type_that_glue_has_not(tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    pq.write_table(pa.schema([pa.field("waited", pa.duration("s"))]).empty_table(), tmp_path / "a.parquet")
    ran = mesh("-C", write_mesh(tmp_path), "new", "contract", "sales", "returns", "--from", "a.parquet")
    assert ran.code == 2
    assert "the column 'waited' has the type 'duration[s]', which Glue has not" in ran.stderr


def test_without_pyarrow_it_says_how_to_get_it(
    tmp_path: Path,
    mesh: Mesh,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = data_file(tmp_path, "a.csv")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ran = mesh("-C", write_mesh(tmp_path), "new", "contract", "sales", "returns", "--from", file)
    assert ran.code == 2
    assert "install it: pip install 'mesh-infra[infer]'" in ran.stderr
