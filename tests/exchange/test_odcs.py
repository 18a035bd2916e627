"""Exports and imports that tell more than a law: what is valid elsewhere, what an edit overtakes, what is refused."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_infra.errors import MeshInvalid, UsageError
from mesh_infra.exchange.odcs import export_odcs, import_odcs
from mesh_infra.exchange.odcs_rest import difference, laid_over
from mesh_infra.spec.model import Contract
from mesh_infra.spec.odcs.document import VERSIONS
from mesh_infra.spec.source import Source
from mesh_infra.spec.yaml import load_mapping
from tests.exchange.odcs_documents import content, read_document, read_native, written
from tests.spec.test_cases import CASES
from tests.strategies import contracts

_SCHEMA = json.loads((files("open_data_contract_standard") / "schema.json").read_text("utf-8"))
_VALIDATOR = jsonschema.Draft201909Validator(_SCHEMA)

KEPT = """\
apiVersion: v3.0.2
kind: DataContract
id: a-53581432
version: 1.0.0
status: proposed
description: {usage: Predict sales}
team:
  - {username: ann@company.com, role: owner, dateIn: 2024-01-01}
  - {username: bob@company.com, role: steward}
schema:
  - name: orders
    properties:
      - {name: order_id, logicalType: string, physicalType: VARCHAR(36), examples: [a1]}
      - {name: total, logicalType: number, businessName: The total}
roles:
  - {role: marketing, access: read, firstLevelApprovers: ann@company.com}
slaProperties:
  - {property: frequency, value: 1, unit: d}
  - {property: ly, value: 2, unit: h, driver: regulatory}
"""


def native_data(text: str = KEPT) -> dict[str, Any]:
    (imported,) = import_odcs(Source("x.yaml", text), "sales")
    data, _ = load_mapping(Source("x.yaml", imported.text))
    assert data is not None
    return data


def exported(data: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The document of an edited contract, which says the same, and what the edit has overtaken."""
    contract = read_native(json.dumps(data), "sales")
    export = export_odcs(contract)
    assert [content(read) for read in read_document(export.text, "sales")] == [content(contract)]
    return dict(export.document), export.left_out


@settings(max_examples=25)
@given(contracts("sales", "sales_orders", 1, ("analyst",)), st.sampled_from(VERSIONS))
def test_exports_are_valid_by_the_schema_of_the_standard(made: Contract, version: str) -> None:
    document = export_odcs(written(made), version).document
    assert [error.message for error in _VALIDATOR.iter_errors(document)] == []


def test_a_status_that_was_decided_is_not_proposed_any_more() -> None:
    document, left_out = exported({**native_data(), "status": "active"})
    assert (document["status"], left_out) == ("active", ("status",))
    assert document["team"][1]["username"] == "bob@company.com"


def test_a_new_type_takes_the_place_of_the_old_spelling() -> None:
    data = native_data()
    data["schema"][0]["type"] = "varchar(40)"
    document, left_out = exported(data)
    column = {"name": "order_id", "logicalType": "string", "physicalType": "varchar(40)", "examples": ["a1"]}
    assert document["schema"][0]["properties"][0] == column
    assert left_out == ("schema.properties.order_id.physicalType",)


def test_a_column_that_goes_takes_with_it_what_was_kept_of_it() -> None:
    data = native_data()
    del data["schema"][0]
    document, left_out = exported(data)
    assert document["schema"][0]["properties"] == [
        {"name": "total", "logicalType": "number", "businessName": "The total"}
    ]
    assert left_out == ()


def test_a_new_promise_leaves_the_others_alone() -> None:
    document, left_out = exported({**native_data(), "sla": {"freshness": "3 days"}})
    assert {"property": "frequency", "value": 1, "unit": "d"} in document["slaProperties"]
    assert {"property": "latency", "value": 3, "unit": "days"} in document["slaProperties"]
    assert left_out == ("slaProperties.ly",)


def test_who_is_granted_access_joins_the_others() -> None:
    data = native_data()
    data["access_policy"].append({"role": "support", "permission": "read_masked", "purpose": "Complaints"})
    document, left_out = exported(data)
    assert document["roles"] == [
        {"role": "marketing", "access": "read", "firstLevelApprovers": "ann@company.com"},
        {
            "role": "support",
            "access": "read_masked",
            "customProperties": [{"property": "mesh:purpose", "value": "Complaints"}],
        },
    ]
    assert left_out == ()


@pytest.mark.parametrize(
    "rest",
    [
        {"roles": {"marketing": {"access": "read"}}},
        {"roles": [{"role": "everybody", "access": "read"}]},
        {"status": "active"},
        {"schema": {"properties": {"user_email": {"tags": None}}}},
        {"schema": {"properties": {"user_email": {"tags": ["pii:false"]}}}},
        {"schema": "nothing"},
        {"nonsense": {"a": {"b": 1}}},
        {"apiVersion": "v9"},
    ],
)
def test_nothing_under_odcs_can_change_what_a_contract_says(rest: dict[str, Any]) -> None:
    data = {
        "dataset": "orders",
        "version": "v1",
        "owner": "ann",
        "status": "draft",
        "schema": [{"name": "user_email", "type": "string", "pii": True}, {"name": "day", "type": "date"}],
        "access_policy": [{"role": "marketing", "permission": "read_masked"}],
        "odcs": rest,
    }
    document, _ = exported(data)
    assert document == exported({**data, "odcs": {}})[0]


def test_several_tables_become_several_contracts() -> None:
    text = KEPT.replace(
        "roles:", "  - name: lines\n    properties: [{name: sku, logicalType: string, tags: [pii]}]\nroles:"
    )
    imported = import_odcs(Source("x.yaml", text), "sales")
    assert [one.dataset for one in imported] == ["orders", "lines"]
    whole, _ = load_mapping(Source("x.yaml", text))
    assert whole is not None
    tables = whole["schema"]
    assert isinstance(tables, list)
    for one, table in zip(imported, tables, strict=True):
        document = export_odcs(read_native(one.text, "sales", one.dataset)).document
        assert document == {**whole, "schema": [table]}


def test_another_domain_is_named_as_lost() -> None:
    text = KEPT.replace("id: a-53581432", "id: a-53581432\ndomain: seller")
    (imported,) = import_odcs(Source("x.yaml", text), "sales")
    assert imported.left_out == ("domain",)
    assert export_odcs(read_native(imported.text, "sales")).document["domain"] == "sales"


def test_what_is_kept_is_named() -> None:
    (imported,) = import_odcs(Source("x.yaml", KEPT), "sales")
    assert "description.usage" in imported.kept
    assert "schema.properties.order_id.examples" in imported.kept
    assert "roles.marketing.firstLevelApprovers" in imported.kept


def test_what_cannot_be_imported() -> None:
    with pytest.raises(MeshInvalid) as invalid:
        import_odcs(Source("x.yaml", KEPT.replace("logicalType: number", "logicalType: nmber")), "sales")
    assert [str(f) for f in invalid.value.findings] == [
        "x.yaml:14:36: column 'total': unknown logicalType 'nmber'; did you mean 'number'? [odcs-type]"
    ]
    with pytest.raises(MeshInvalid):
        import_odcs(Source("x.yaml", "a: ["), "sales")
    with pytest.raises(UsageError, match="is no contract in the Open Data Contract Standard"):
        import_odcs(Source("x.yaml", "dataset: orders\n"), "sales")


def test_a_version_that_there_is_not() -> None:
    contract = read_native((CASES / "base/contracts/marketing/campaigns.yaml").read_text(), "marketing", "campaigns")
    with pytest.raises(UsageError, match=r"there is no version 'v3.3.0' of the standard; did you mean 'v3.2.0'\?"):
        export_odcs(contract, "v3.3.0")


JSON = st.recursive(
    st.booleans() | st.integers(0, 3) | st.sampled_from("abc"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("name", "role", "property", "x", "value")), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)
ENTRIES = st.lists(st.fixed_dictionaries({"property": st.sampled_from("abcd")}, optional={"x": JSON, "value": JSON}))
DOCUMENTS = st.dictionaries(st.sampled_from("abc"), JSON, max_size=3).flatmap(
    lambda rest: st.fixed_dictionaries({}, optional={"slaProperties": ENTRIES, "customProperties": ENTRIES}).map(
        lambda listed: {**rest, **{key: value for key, value in listed.items() if value}}
    )
)


@given(DOCUMENTS, DOCUMENTS)
def test_a_difference_laid_over_gives_what_was_wanted(base: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert laid_over(base, difference(base, wanted)) == wanted


def test_case_files_survive_the_way_there_and_back(tmp_path: Path) -> None:
    for case in sorted((CASES / "good").glob("odcs-*")):
        text = (case / "contracts/checkout/orders.odcs.yaml").read_text()
        (imported,) = import_odcs(Source("x.yaml", text), "checkout")
        target = tmp_path / f"{case.name}.yaml"
        target.write_text(imported.text)
        native = read_native(target.read_text(), "checkout", "orders")
        assert export_odcs(native).document == load_mapping(Source("x.yaml", text))[0]
