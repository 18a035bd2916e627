"""Contracts to and from the Open Data Contract Standard, without loss.

What our format cannot hold of a document is kept in the contract under ``odcs`` and laid over what is written on the
way back, as far as the document then still says what the contract says: a piece that an edit of the contract has
overtaken is left out, and named. So what is kept can never change who reads what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mesh_infra.errors import MeshInvalid, UsageError
from mesh_infra.exchange.contract_text import contract_text, in_order
from mesh_infra.exchange.odcs_rest import Rest, as_far_as, difference
from mesh_infra.exchange.odcs_write import document_of
from mesh_infra.exchange.text import yaml_text
from mesh_infra.findings import has_errors
from mesh_infra.spec.document import Yaml
from mesh_infra.spec.model import Contract
from mesh_infra.spec.odcs.document import VERSIONS
from mesh_infra.spec.odcs.native import native_forms
from mesh_infra.spec.odcs.read import read_odcs
from mesh_infra.spec.odcs.source import OdcsSource, is_odcs
from mesh_infra.spec.problems import did_you_mean, quoted
from mesh_infra.spec.source import Source
from mesh_infra.spec.yaml import load_mapping

DEFAULT_VERSION = "v3.1.0"
"""The version of the standard that is written where nothing else is asked for."""

_VERSION = "apiVersion"


@dataclass(frozen=True, slots=True)
class Exported:
    """A document of the standard, also as YAML; ``left_out`` are the kept pieces that the contract has overtaken."""

    document: Mapping[str, Yaml]
    text: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """A contract in our own format as YAML: ``kept`` are the pieces that it keeps under ``odcs``.

    ``left_out`` are those that are not carried over.
    """

    dataset: str
    version: str
    text: str
    kept: tuple[str, ...]
    left_out: tuple[str, ...]


def export_odcs(contract: Contract, api_version: str | None = None) -> Exported:
    """The document of a contract, in whichever format it is written.

    ``api_version``: default is the version that the contract was written in, else ``DEFAULT_VERSION``. Raises
    ``UsageError`` for one that there is not.
    """
    if api_version is not None and api_version not in VERSIONS:
        hint = did_you_mean(api_version, VERSIONS) or f"the newest is {VERSIONS[-1]}"
        raise UsageError(f"there is no version {quoted(api_version)} of the standard", hint)
    native, rest = _written(contract)
    kept = rest.get(_VERSION)
    version = api_version or (kept if isinstance(kept, str) and kept in VERSIONS else DEFAULT_VERSION)
    base = document_of(native, contract.domain, version)
    pieces = {key: value for key, value in rest.items() if key != _VERSION}
    document, left_out = as_far_as(base, pieces, lambda candidate: _says(candidate, contract))
    return Exported(document, yaml_text(document), left_out)


def import_odcs(source: Source, domain: str) -> tuple[Imported, ...]:
    """The contracts of ``domain``, in our own format, that a document describes.

    Raises ``MeshInvalid`` where it has errors, ``UsageError`` where it is none of the standard's. A domain that the
    document names otherwise is not carried over.
    """
    data = _document(source)
    named = data.get("domain")
    left_out = ("domain",) if named not in (None, domain) else ()
    data = {**data, "domain": domain} if left_out else data
    _, findings = read_odcs(source, data, domain)
    if has_errors(findings):
        raise MeshInvalid(findings)
    forms = native_forms(source, data)
    return tuple(_imported(data, index, in_order(form), domain, left_out) for index, form in enumerate(forms))


def domain_of(source: Source) -> str | None:
    """The domain that a document names; None where it names none. Raises as ``import_odcs`` where it is no document."""
    named = _document(source).get("domain")
    return named if isinstance(named, str) else None


def _document(source: Source) -> dict[str, Yaml]:
    data, problems = load_mapping(source)
    if data is None or problems:
        raise MeshInvalid(tuple(problems))
    if not is_odcs(data):
        hint = "it begins with 'apiVersion: v3.1.0' and 'kind: DataContract'"
        raise UsageError(f"{quoted(source.path)} is no contract in the Open Data Contract Standard", hint)
    return data


def _imported(
    data: dict[str, Yaml], index: int, native: dict[str, Yaml], domain: str, left_out: tuple[str, ...]
) -> Imported:
    rest = _rest(data, index, native, domain)
    text = contract_text({**native, "odcs": rest})
    kept = tuple(_paths({key: value for key, value in rest.items() if key != _VERSION}))
    return Imported(str(native["dataset"]), str(native["version"]), text, kept, left_out)


def _rest(data: dict[str, Yaml], index: int, native: dict[str, Yaml], domain: str) -> Rest:
    """What our format cannot hold of one table's document, and the document's version."""
    document = _of_table(data, index)
    version = str(document[_VERSION])
    return {_VERSION: version, **difference(document_of(native, domain, version), document)}


def _of_table(data: dict[str, Yaml], index: int) -> dict[str, Yaml]:
    """The document as if it described one of its tables alone; a key without a value is none."""
    tables = data["schema"]
    whole = {**data, "schema": [tables[index]] if isinstance(tables, list) else tables}
    cleaned = _without_nulls(whole)
    return cleaned if isinstance(cleaned, dict) else whole


def _without_nulls(value: Yaml) -> Yaml:
    match value:
        case dict():
            return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
        case list():
            return [_without_nulls(inner) for inner in value]
        case _:
            return value


def _written(contract: Contract) -> tuple[dict[str, Yaml], Rest]:
    """A contract in the terms of our own format, and what it keeps of the standard."""
    source = contract.source
    data, _ = load_mapping(source.whole if isinstance(source, OdcsSource) else source)
    if data is None:
        raise UsageError(f"{quoted(source.path)} cannot be read")
    if isinstance(source, OdcsSource):
        forms = native_forms(source.whole, data)
        index = next(i for i, form in enumerate(forms) if form["dataset"] == contract.dataset)
        return forms[index], _rest(data, index, forms[index], contract.domain)
    kept = data.get("odcs")
    return {k: v for k, v in data.items() if k != "odcs"}, kept if isinstance(kept, dict) else {}


def _says(document: dict[str, Yaml], contract: Contract) -> bool:
    """Whether a document, read, is that contract."""
    read, findings = read_odcs(Source("export", ""), document, contract.domain)
    return not findings and len(read) == 1 and _content(read[0]) == _content(contract)


def _content(contract: Contract) -> dict[str, object]:
    return contract.model_dump(exclude={"odcs"})


def _paths(rest: Rest, above: str = "") -> list[str]:
    """Where the pieces of ``rest`` stand, as people name places: ``schema.properties.order_id.examples``."""
    found = []
    for key, value in rest.items():
        path = f"{above}{key}"
        if isinstance(value, dict):
            found.extend(_paths(value, f"{path}."))
        elif value is not None:
            found.append(path)
    return found
