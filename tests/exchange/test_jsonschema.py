"""JSON Schemas of records: valid ones by the standard's own schema, and which records pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from referencing import Registry

from mesh_infra.exchange.jsonschema import record_schema, record_schemas
from mesh_infra.spec.model import Spec
from tests.meshes import read_spec
from tests.strategies import specs

ORDERS = """\
dataset: orders
version: v1
owner: team-sales@company.com
schema:
  - {name: id, type: uuid, required: true}
  - {name: small, type: tinyint}
  - {name: amount, type: "decimal(4,2)"}
  - {name: country, type: char(2)}
  - {name: day, type: date}
  - {name: paid, type: boolean}
  - {name: lines, type: "array<struct<sku:string,count:int>>"}
  - {name: by_id, type: "map<int,double>"}
  - {name: flags, type: "map<boolean,string>"}
  - {name: rates, type: "map<decimal(3,1),string>"}
  - name: buyer
    type: struct
    required: true
    fields:
      - {name: email, type: string, required: true, pii: true}
      - {name: age, type: int}
"""
RECORD: dict[str, Any] = {"id": "6f1c0f3e-3c3f-4a53-a6a7-6a3f8d2f7f10", "buyer": {"email": "a@b.c"}}


@pytest.fixture
def spec(tmp_path: Path) -> Spec:
    return read_spec(tmp_path, {"contracts/sales/orders.yaml": ORDERS})


def _passes(spec: Spec, record: object) -> bool:
    schema = record_schema(spec.contracts[0], spec.mesh)
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(schema, format_checker=checker).is_valid(record)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"small": -128, "amount": 99.99, "country": "NL", "day": "2031-12-31", "paid": False},
        {"small": None, "amount": None, "lines": None, "by_id": None},
        {"lines": [{"sku": "a", "count": 1}, {"count": None}, None, {}]},
        {"by_id": {"1": 2.5, "-7": None}, "flags": {"true": "x"}, "rates": {"-1.5": "x", "2": None}},
        {"buyer": {"email": "a@b.c", "age": None}},
    ],
)
def test_a_record_of_the_contract_passes(spec: Spec, more: dict[str, Any]) -> None:
    assert _passes(spec, RECORD | more)


@pytest.mark.parametrize(
    "more",
    [
        {"id": None},
        {"id": 7},
        {"small": 128},
        {"small": 1.5},
        {"amount": 100},
        {"amount": "99.99"},
        {"country": "NLD"},
        {"day": "31.12.2031"},
        {"paid": "true"},
        {"lines": [{"sku": "a", "number": 1}]},
        {"by_id": {"one": 1}},
        {"flags": {"yes": "x"}},
        {"rates": {"1,5": "x"}},
        {"buyer": None},
        {"buyer": {"age": 7}},
        {"colour": "red"},
    ],
)
def test_what_the_contract_does_not_say_is_refused(spec: Spec, more: dict[str, Any]) -> None:
    assert not _passes(spec, RECORD | more)


def test_a_required_column_must_be_there(spec: Spec) -> None:
    assert not _passes(spec, {"buyer": RECORD["buyer"]})


@settings(max_examples=30)
@given(specs())
def test_every_contract_has_a_schema_by_the_standard(spec: Spec) -> None:
    for contract in spec.contracts:
        schema = record_schema(contract, spec.mesh)
        Draft202012Validator.check_schema(schema)
        assert list(schema["properties"]) == [column.name for column in contract.columns]


@settings(max_examples=30)
@given(specs().filter(lambda spec: len(spec.contracts) > 1))
def test_a_bundle_holds_each_schema_by_its_id(spec: Spec) -> None:
    bundle = record_schemas(spec.contracts, spec.mesh)
    Draft202012Validator.check_schema(bundle)
    registry: Registry[Any] = Registry().with_contents([("urn:mesh:bundle", bundle)]).crawl()
    for contract in spec.contracts:
        schema = record_schema(contract, spec.mesh)
        assert registry.contents(schema["$id"]) == schema
