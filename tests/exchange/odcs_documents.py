"""Contracts as YAML of either format, and documents of the standard as other people would write them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from mesh_infra.exchange.contract_text import contract_text
from mesh_infra.exchange.odcs_write import document_of
from mesh_infra.exchange.text import yaml_text
from mesh_infra.spec.document import Yaml
from mesh_infra.spec.model import Column, Contract
from mesh_infra.spec.native import read_contract
from mesh_infra.spec.odcs.read import read_odcs
from mesh_infra.spec.reader import Reader
from mesh_infra.spec.source import Source
from mesh_infra.spec.types import DataType
from mesh_infra.spec.yaml import load_mapping

Document = dict[str, Any]


def native_of(contract: Contract) -> Document:
    """What the file of a contract that was made up would say."""
    said = contract.model_dump(mode="json", exclude_defaults=True, exclude={"domain", "columns", "source"})
    if contract.partition_by and "projection" in said:
        said["projection"] = {key: said["projection"][key] for key in contract.partition_by}
    return {**said, "schema": [column_of(column, "name") for column in contract.columns]}


def column_of(column: Column, *own: str) -> Document:
    kept = {*own, "description", "required", "pii", "classification", "unique", "primary_key", "tags"}
    said = column.model_dump(mode="json", exclude_defaults=True, include=kept)
    if column.fields:
        return {**said, "type": "struct", "fields": [column_of(field, "name") for field in column.fields]}
    parts = {key: part for key in ("items", "key", "value") if (part := getattr(column, key)) is not None}
    if parts:
        inner = {key: column_of(part) for key, part in parts.items()}
        return {**said, "type": "array" if "items" in parts else "map", **inner}
    return {**said, "type": type_text(column.type)}


def type_text(type_: DataType) -> str:
    inner = ",".join(type_text(part) for part in type_.inner)
    fields = ",".join(f"{name}:{type_text(part)}" for name, part in type_.fields)
    glue = type_.name if type_.glue == "string" else type_.glue
    return glue if type_.primitive else f"{type_.name}<{inner}{fields}>"


def read_native(text: str, domain: str, dataset: str = "x") -> Contract:
    source = Source(f"contracts/{domain}/{dataset}.yaml", text)
    data, problems = load_mapping(source)
    assert data is not None
    reader = Reader(source, "contract")
    contract = read_contract(reader, data, domain, dataset)
    assert [*problems, *reader.findings] == []
    return contract


def written(contract: Contract) -> Contract:
    """A contract that was made up, as it is read from the file that says so."""
    return read_native(contract_text(native_of(contract)), contract.domain, contract.dataset)


def read_document(text: str, domain: str) -> tuple[Contract, ...]:
    source = Source(f"contracts/{domain}/x.odcs.yaml", text)
    data, problems = load_mapping(source)
    assert data is not None
    contracts, findings = read_odcs(source, data, domain)
    assert [str(finding) for finding in (*problems, *findings)] == []
    return contracts


def content(contract: Contract) -> Document:
    """What a contract says, wherever it stands."""
    return contract.model_dump(exclude={"odcs"})


_EXTRAS: tuple[Document, ...] = (
    {"id": "53581432-6c55-4ba2-a65f-72344a91553a", "name": "A: name", "tenant": "Acme", "dataProduct": "shop"},
    {"description": {"usage": "Predict\nsales\n", "limitations": "none: at all", "authoritativeDefinitions": []}},
    {
        "support": [{"channel": "#help", "url": "https://acme.example/help"}],
        "contractCreatedTs": "2024-01-01T00:00:00Z",
    },
    {"price": {"priceAmount": 9.95, "priceCurrency": "USD", "priceUnit": "megabyte"}},
    {"servers": [{"server": "x", "type": "postgres", "host": "h", "port": 5432, "database": "d", "schema": "s"}]},
    {"servers": [{"server": "x", "type": "s3", "location": "s3://b/{model}/*.json", "endpointUrl": "1e3"}]},
    {"customProperties": [{"property": "refRulesetName", "value": {"a": ["yes", "0o7", "1e3", " "], "b": {"c": 1}}}]},
    {"authoritativeDefinitions": [{"type": "canonical", "url": "https://acme.example"}]},
)
_ON_COLUMNS: tuple[Document, ...] = (
    {"businessName": "The column", "criticalDataElement": True, "examples": [1, "a", True, 2.5, None]},
    {"id": "col_1", "encryptedName": ""},
    {"quality": [{"metric": "nullValues", "mustBe": 0, "type": "library"}], "primaryKeyPosition": 1},
    {"transformLogic": "select a\nfrom b", "transformSourceObjects": ["x"], "deprecated": False},
    {"customProperties": [{"property": "anonymizationStrategy", "value": "none"}, {"property": "x", "value": []}]},
    {"authoritativeDefinitions": [{"url": "https://acme.example", "type": "definition"}]},
    {"required": False},
    {"partitionKeyPosition": -1},
)
_LEVELS: tuple[Document, ...] = (
    {"property": "generalAvailability", "value": "2022-05-12T09:30:10-08:00"},
    {"property": "endOfLife", "value": None, "description": "Never"},
    {"property": "frequency", "value": 1, "unit": "d", "element": "other.column"},
    {"property": "timeOfAvailability", "value": "09:00-08:00", "driver": "regulatory"},
)


@st.composite
def decorated(draw: st.DrawFn, contract: Contract) -> Document:
    """A document about ``contract`` with what else the standard lets people say, and as they spell it."""
    version = draw(st.sampled_from(("v3.0.2", "v3.1.0", "v3.2.0")))
    document: Document = deepcopy(document_of(native_of(contract), contract.domain, version))
    for extra in draw(st.lists(st.sampled_from(_EXTRAS), unique_by=id, max_size=4)):
        document |= deepcopy(extra)
    if document["status"] == "draft" and draw(st.booleans()):
        document["status"] = "proposed"
    if draw(st.booleans()):
        document.pop("domain")
    _respell_team(draw, document)
    levels = [*document.get("slaProperties", []), *draw(st.lists(st.sampled_from(_LEVELS), unique_by=id, max_size=3))]
    if levels:
        document["slaProperties"] = draw(st.permutations(levels))
    for role in document.get("roles", []):
        if draw(st.booleans()):
            role |= {"firstLevelApprovers": "jo@company.com", "description": "Reads\nit"}
    table = document["schema"][0]
    if "customProperties" in table:
        table["customProperties"] = draw(st.permutations(table["customProperties"]))
    table |= draw(st.sampled_from(({}, {"dataGranularityDescription": "One a day"}, {"tags": ["a", "pii:false"]})))
    if draw(st.booleans()):
        table |= {"name": "Some Table", "physicalName": table["name"]}
    for column in table["properties"]:
        _respell(draw, column)
    return document


def _respell_team(draw: st.DrawFn, document: Document) -> None:
    member = {"username": "x1", "role": "steward", "dateIn": "2022-08-02"}
    team = document["team"]
    kind = draw(st.sampled_from(("same", "more", "old")))
    if kind == "more" and isinstance(team, dict):
        team |= {"members": [member], "description": "The team"}
    elif kind != "same":
        owner = team["name"] if isinstance(team, dict) else team[0]["username"]
        document["team"] = [member, {"username": owner, "role": "Owner", "name": "Jo"}]


def _respell(draw: st.DrawFn, column: Document) -> None:
    for extra in draw(st.lists(st.sampled_from(_ON_COLUMNS), unique_by=id, max_size=2)):
        for key, value in deepcopy(extra).items():
            if isinstance(column.get(key), list):
                column[key] = [*value, *column[key]]
            else:
                column.setdefault(key, value)
    if "pii" in column.get("tags", ()) and draw(st.booleans()):
        column["tags"] = ["PII: true" if tag == "pii" else tag for tag in column["tags"]]
    if "physicalType" in column and draw(st.booleans()) and "<" not in column["physicalType"]:
        column["physicalType"] = column["physicalType"].upper()
    if draw(st.integers(0, 3)) == 0:
        column |= {"name": f"The {column['name']}", "physicalName": column["name"]}
    for inner in column.get("properties", []):
        if [part["name"] for part in column["properties"]] != ["key", "value"]:
            _respell(draw, inner)


def without_nulls(value: Yaml) -> Yaml:
    """A key without a value says nothing in the standard."""
    match value:
        case dict():
            return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
        case list():
            return [without_nulls(inner) for inner in value]
        case _:
            return value


def text_of(document: Document) -> str:
    return yaml_text(document)
