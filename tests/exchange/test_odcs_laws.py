"""What holds of every contract on its way to the Open Data Contract Standard and back."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_infra.cli.jsonable import jsonable
from mesh_infra.exchange.odcs import export_odcs, import_odcs
from mesh_infra.manifest.build import build_manifest
from mesh_infra.spec.model import Contract, Spec
from mesh_infra.spec.odcs.document import VERSIONS
from mesh_infra.spec.source import Source
from mesh_infra.spec.yaml import load_mapping
from tests.exchange.odcs_documents import (
    Document,
    content,
    decorated,
    native_of,
    read_document,
    read_native,
    text_of,
    without_nulls,
    written,
)
from tests.strategies import contracts, specs

_made = contracts("sales", "sales_orders", 1, ("analyst", "partner"))
_documents = _made.flatmap(decorated)


def _with(spec: Spec, made: tuple[Contract, ...]) -> Spec:
    return Spec(spec.mesh, spec.domains, made)


def _without_origins(value: object) -> object:
    match value:
        case dict():
            return {key: _without_origins(inner) for key, inner in value.items() if key not in ("origin", "origins")}
        case list():
            return [_without_origins(inner) for inner in value]
        case _:
            return value


@settings(max_examples=40)
@given(specs(), st.sampled_from(VERSIONS))
def test_an_exported_mesh_is_the_same_on_aws(spec: Spec, version: str) -> None:
    native = tuple(written(contract) for contract in spec.contracts)
    texts = [export_odcs(contract, version).text for contract in native]
    odcs = tuple(read_document(text, c.domain)[0] for text, c in zip(texts, native, strict=True))
    assert [content(contract) for contract in odcs] == [content(contract) for contract in native]
    before, after = (jsonable(build_manifest(_with(spec, made), "dev")) for made in (native, odcs))
    assert _without_origins(after) == _without_origins(before)


@given(_made, st.sampled_from(VERSIONS))
def test_native_to_odcs_and_back_is_exact(made: Contract, version: str) -> None:
    native = written(made)
    (back,) = import_odcs(Source("x.yaml", export_odcs(native, version).text), "sales")
    assert content(read_native(back.text, "sales")) == content(native)
    assert back.kept == back.left_out == ()


@given(_documents)
def test_odcs_to_native_and_back_is_exact(document: Document) -> None:
    text = text_of(document)
    (imported,) = import_odcs(Source("x.yaml", text), "sales")
    native = read_native(imported.text, "sales")
    assert content(native) == content(read_document(text, "sales")[0])
    exported = export_odcs(native)
    assert exported.left_out == ()
    assert exported.document == without_nulls(document)
    assert load_mapping(Source("x.yaml", exported.text))[0] == exported.document


@given(_documents)
def test_a_contract_in_the_standard_is_exported_as_it_is(document: Document) -> None:
    (contract,) = read_document(text_of(document), "sales")
    exported = export_odcs(contract)
    assert exported.document == without_nulls(document)
    assert exported.left_out == ()


@given(_documents, _made)
def test_what_is_kept_never_changes_what_a_contract_says(document: Document, other: Contract) -> None:
    """After any edit of the contract, its export says what the contract says."""
    (imported,) = import_odcs(Source("x.yaml", text_of(document)), "sales")
    data, _ = load_mapping(Source("x.yaml", imported.text))
    assert data is not None
    edited = read_native(json.dumps({**native_of(other), "odcs": data["odcs"]}), "sales")
    (read,) = read_document(export_odcs(edited).text, "sales")
    assert content(read) == content(edited)


@given(_documents)
def test_a_change_of_access_loses_nothing_else(document: Document) -> None:
    (imported,) = import_odcs(Source("x.yaml", text_of(document)), "sales")
    data, _ = load_mapping(Source("x.yaml", imported.text))
    assert data is not None
    # Not masked, which a contract with projected partitions may not be.
    policy = [{"role": "newcomer", "permission": "read"}]
    edited = read_native(json.dumps({**data, "access_policy": policy}), "sales")
    exported = export_odcs(edited).document
    wanted = without_nulls({**document, "roles": [{"role": "newcomer", "access": "read"}]})
    assert exported == wanted
