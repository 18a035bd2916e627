"""What holds of every mesh that is told to other tools."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from mesh_infra.exchange.assets import Asset, assets
from mesh_infra.exchange.datahub import proposals
from mesh_infra.exchange.dbt import sources
from mesh_infra.exchange.openmetadata import requests
from mesh_infra.exchange.text import json_text, yaml_text
from mesh_infra.manifest.build import build_manifest
from mesh_infra.spec.model import Spec
from tests.meshes import CONTRACT, read_spec
from tests.strategies import specs


def _assets(spec: Spec) -> tuple[Asset, ...]:
    return assets(spec, build_manifest(spec, "dev"), spec.contracts)


def _documents(spec: Spec) -> tuple[object, ...]:
    found = _assets(spec)
    return sources(found), proposals(found), requests(found, build_manifest(spec, "dev"), spec.mesh)


def _columns(spec: Spec) -> list[tuple[str, str]]:
    """Every column by its table: what each document must say once."""
    return sorted((asset.dataset.table, column.name) for asset in _assets(spec) for column in asset.columns)


@settings(max_examples=30)
@given(specs())
def test_every_column_is_told_once_and_in_the_order_of_the_table(spec: Spec) -> None:
    found = _assets(spec)
    tables = [asset.dataset.table for asset in found]
    in_order = [[column.name for column in asset.dataset.columns] for asset in found]
    dbt = [table for source in sources(found)["sources"] for table in source["tables"]]
    assert [table["name"] for table in dbt] == tables
    assert [[column["name"] for column in table["columns"]] for table in dbt] == in_order
    sent = [r["body"] for r in requests(found, build_manifest(spec, "dev"), spec.mesh) if r["path"] == "/api/v1/tables"]
    assert [body["name"] for body in sent] == tables
    assert [[column["name"] for column in body["columns"]] for body in sent] == in_order
    schemas = [p["aspect"]["json"] for p in proposals(found) if p["aspectName"] == "schemaMetadata"]
    assert [schema["schemaName"] for schema in schemas] == tables
    paths = [[field["fieldPath"] for field in schema["fields"]] for schema in schemas]
    assert all(len(set(one)) == len(one) for one in paths)
    top = [[name for path in one if (name := _top(path))] for one in paths]
    assert top == in_order


def _top(path: str) -> str:
    """The column that a DataHub path means, or nothing where it means a field inside one."""
    names = [part for part in path.split(".") if not part.startswith("[") and not part.startswith("0]")]
    return names[0] if len(names) == 1 else ""


@settings(max_examples=30)
@given(specs())
def test_personal_data_is_told_to_every_tool(spec: Spec) -> None:
    found = _assets(spec)
    personal = sum(any(part.pii for part in column.walk()) for asset in found for column in asset.columns)
    dbt = [c for s in sources(found)["sources"] for t in s["tables"] for c in t["columns"]]
    assert sum(column.get("config", {}).get("meta", {}).get("pii", False) for column in dbt) == personal
    marked = sum(part.pii is True for asset in found for c in asset.columns for part in c.walk())
    assert (json_text(proposals(found)).count('"urn:li:tag:pii"') > 0) == (marked > 0)
    sent = json_text(requests(found, build_manifest(spec, "dev"), spec.mesh))
    assert (sent.count("PII.Sensitive") > 0) == (marked > 0)


@settings(max_examples=30)
@given(specs())
def test_no_document_tells_who_may_read_or_deploy(spec: Spec) -> None:
    for document in _documents(spec):
        text = json_text(document)
        assert "arn:" not in text
        assert "sso-data" not in text
        assert "kms" not in text


@settings(max_examples=30)
@given(specs())
def test_texts_say_what_the_document_says(spec: Spec) -> None:
    documents = _documents(spec)
    for document in documents:
        assert json.loads(json_text(document)) == document
    assert yaml.safe_load(yaml_text(documents[0])) == documents[0]


@pytest.mark.parametrize(
    "text", ["{{ 7 * 7 }}", "{% raw %}", "{# note #}", "{{{{", "{% endraw %}{{ x }}", "{", "a\n{{\n"]
)
def test_dbt_shows_a_text_as_it_is(text: str, tmp_path: Path) -> None:
    assert _rendered(tmp_path, text) == text


@settings(max_examples=50)
@given(text=st.text(alphabet="{}%#'\" ax\n-", max_size=12))
def test_dbt_never_runs_a_text(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert _rendered(tmp_path_factory.mktemp("mesh"), text) == text


def _rendered(root: Path, description: str) -> str:
    """A description as dbt's Jinja makes it of the exported one."""
    spec = read_spec(root, {"contracts/sales/orders.yaml": CONTRACT + f"description: {json.dumps(description)}\n"})
    (source,) = sources(_assets(spec))["sources"]
    (table,) = source["tables"]
    exported: str = table.get("description", "")
    jinja = Environment(keep_trailing_newline=True, autoescape=False)  # noqa: S701 - nothing goes to a browser
    return jinja.from_string(exported).render()


def _strings(document: object) -> Iterator[str]:
    match document:
        case str():
            yield document
        case dict():
            for value in document.values():
                yield from _strings(value)
        case list():
            for value in document:
                yield from _strings(value)
        case _:
            pass


def test_dbt_shows_every_text_of_a_contract_as_it_is(tmp_path: Path) -> None:
    case = Path(__file__).parent.parent / "cases/export/hostile-texts/mesh"
    files = {path.relative_to(case).as_posix(): path.read_text(encoding="utf-8") for path in case.rglob("*.yaml")}
    spec = read_spec(tmp_path, files)
    (contract,) = spec.contracts
    written = {contract.title, contract.description, contract.owner, *contract.tags}
    written |= {domain.description for domain in spec.domains if domain.domain == "sales"}
    for column in contract.columns:
        written |= {column.description, column.classification or "", *column.tags}
    jinja = Environment(keep_trailing_newline=True, autoescape=False)  # noqa: S701 - nothing goes to a browser
    rendered = {jinja.from_string(text).render() for text in _strings(sources(_assets(spec)))}
    assert written - {""} <= rendered
