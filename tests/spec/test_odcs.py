"""Files of the Open Data Contract Standard: several tables in one, and where everything of it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh_infra.checks import check_mesh
from mesh_infra.findings import Finding
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.model import ManifestDataset
from mesh_infra.spec.model import Spec
from mesh_infra.spec.odcs.read import MAX_TABLES
from mesh_infra.spec.source import Loc
from tests.meshes import read_spec, write_mesh

FILE = "contracts/sales/shop.yaml"
TEXT = """\
apiVersion: v3.2.0
kind: DataContract
id: shop
version: 2.1.0
status: active
description: {purpose: What the shop sells}
tags: [shop]
team:
  members:
    - username: ann@company.com
      role: owner
schema:
  - name: orders
    properties:
      - name: Order
        physicalName: order_id
        logicalType: string
        primaryKey: true
      - name: day
        logicalType: date
        partitioned: true
      - name: buyer
        logicalType: object
        properties:
          - name: mail
            logicalType: string
            tags: [contact, pii]
          - name: shoe_sizes
            logicalType: map
            map:
              key: {logicalType: string}
              value: {logicalType: number, physicalType: double, tags: ["pii:false"]}
  - name: lines
    description: What is in an order
    properties:
      - name: sku
        logicalType: string
    customProperties:
      - property: mesh:format
        value: delta
      - property: mesh:consumes
        value:
          - orders
slaProperties:
  - property: retention
    value: 30
    unit: d
    element: orders.day
  - {property: latency, value: 1, unit: day}
roles:
  - role: marketing
    access: read_masked
  - role: sales
    access: read
"""


@pytest.fixture
def spec(tmp_path: Path) -> Spec:
    write_mesh(tmp_path)
    (tmp_path / "contracts/sales/orders.yaml").unlink()
    (tmp_path / FILE).write_text(TEXT)
    found, findings = check_mesh(tmp_path)
    assert found is not None, [str(finding) for finding in findings]
    return found


def datasets(spec: Spec) -> dict[str, ManifestDataset]:
    return {d.dataset: d for domain in build_manifest(spec, "dev").domains for d in domain.datasets}


def test_each_table_is_a_dataset(spec: Spec) -> None:
    found = datasets(spec)
    assert {name: (d.table, d.format, d.version, d.owner) for name, d in found.items()} == {
        "orders": ("orders_v2", "parquet", "2.1.0", "ann@company.com"),
        "lines": ("lines_v2", "delta", "2.1.0", "ann@company.com"),
    }
    assert [a.columns for a in found["orders"].access] == [("order_id", "day"), ("order_id", "buyer", "day")]
    assert found["orders"].retention is not None
    assert found["lines"].retention is None
    assert found["lines"].consumes == ("orders",)
    assert (found["orders"].description, found["lines"].description) == ("What the shop sells", "What is in an order")


def line_of(text: str, nth: int = 0) -> int:
    return [number for number, line in enumerate(TEXT.splitlines(), 1) if text in line][nth]


def test_the_manifest_points_at_the_lines_of_the_file(spec: Spec) -> None:
    found = datasets(spec)
    orders, lines = found["orders"], found["lines"]
    assert {d.origin.path for d in found.values()} == {FILE}
    assert (orders.origin.line, lines.origin.line) == (line_of("name: orders"), line_of("name: lines"))
    assert {c.name: c.origin.line for c in (*orders.columns, *lines.columns)} == {
        "order_id": line_of("name: Order"),
        "buyer": line_of("name: buyer"),
        "day": line_of("name: day"),
        "sku": line_of("name: sku"),
    }
    assert [a.origin.line for a in lines.access] == [line_of("role: marketing"), line_of("role: sales")]


@pytest.mark.parametrize(
    ("loc", "text"),
    [
        (("version",), "version: 2.1.0"),
        (("owner",), "username: ann"),
        (("title",), "name: orders"),
        (("description",), "description: {purpose"),
        (("tags", 0), "tags: [shop]"),
        (("schema",), "name: Order"),
        (("schema", 0, "name"), "physicalName: order_id"),
        (("schema", 0, "type"), "logicalType: string"),
        (("schema", 0, "primary_key"), "primaryKey: true"),
        (("schema", 2, "fields", 0, "pii"), "tags: [contact, pii]"),
        (("schema", 2, "fields", 0, "tags", 0), "tags: [contact, pii]"),
        (("schema", 2, "fields", 1, "value", "type"), "value: {logicalType: number"),
        (("schema", 2, "fields", 1, "value", "pii"), "value: {logicalType: number"),
        (("partition_by", 0), "partitioned: true"),
        (("access_policy", 0, "permission"), "access: read_masked"),
        (("retention_days",), "value: 30"),
        (("sla", "freshness"), "property: latency"),
    ],
)
def test_every_place_of_our_format_is_one_of_the_file(spec: Spec, loc: Loc, text: str) -> None:
    orders = next(contract for contract in spec.contracts if contract.dataset == "orders")
    if loc == ("title",):
        text = "apiVersion"  # nothing says it: the file as a whole
    assert orders.source.value(loc).line == line_of(text)


def test_places_of_own_fields(spec: Spec) -> None:
    lines = next(contract for contract in spec.contracts if contract.dataset == "lines")
    assert lines.source.value(("format",)).line == line_of("value: delta")
    assert lines.source.value(("consumes", 0)).line == line_of("- orders")
    assert lines.source.written(("format",)) == "delta"
    assert lines.source.has(("sla",))
    orders = next(contract for contract in spec.contracts if contract.dataset == "orders")
    assert orders.source.written(("format",)) is None


def test_rules_point_into_the_file(tmp_path: Path) -> None:
    text = TEXT.replace("            tags: [contact, pii]\n", "").replace("name: mail", "name: user_email")
    write_mesh(tmp_path)
    (tmp_path / "contracts/sales/orders.yaml").unlink()
    (tmp_path / FILE).write_text(text)
    found: list[Finding] = [f for f in check_mesh(tmp_path)[1] if f.rule == "pii-untagged"]
    assert [(f.path, f.line, f.column) for f in found] == [(FILE, line_of("name: mail"), 19)]


def test_both_formats_side_by_side(tmp_path: Path) -> None:
    text = TEXT.replace("version: 2.1.0", "version: 2.0.0")
    spec = read_spec(tmp_path, {FILE: text})
    assert [contract.id for contract in spec.contracts] == ["lines.v2", "orders.v1", "orders.v2"]


def test_a_file_has_a_limit_of_tables(tmp_path: Path) -> None:
    head = TEXT.partition("schema:")[0]
    tables = [f"  - {{name: t{n}, properties: [{{name: a, logicalType: string}}]}}" for n in range(MAX_TABLES + 1)]
    write_mesh(tmp_path, {FILE: "\n".join((head + "schema:", *tables, ""))})
    (found,) = (str(f) for f in check_mesh(tmp_path)[1] if f.path == FILE)
    assert found == (
        f"{FILE}:13:3: the file describes 251 tables, at most 250 are read; put them into several files [odcs-size]"
    )


def test_what_tables_share_makes_the_limit_lower(tmp_path: Path) -> None:
    head = TEXT.partition("schema:")[0].replace("tags: [shop]", f"tags: [{', '.join(f't{n}' for n in range(20_000))}]")
    tables = [f"  - {{name: t{n}, properties: [{{name: a, logicalType: string}}]}}" for n in range(3)]
    write_mesh(tmp_path, {FILE: "\n".join((head + "schema:", *tables, ""))})
    found = [finding.message for finding in check_mesh(tmp_path)[1] if finding.path == FILE]
    assert "the file describes 3 tables, at most 2 are read" in found
