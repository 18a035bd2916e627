"""`mesh export jsonschema|dbt|datahub|openmetadata`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mesh_infra.authoring.workspace import create_text
from mesh_infra.cli.call import Call
from mesh_infra.cli.find import find_contract
from mesh_infra.cli.output import GOOD
from mesh_infra.errors import UsageError
from mesh_infra.exchange.assets import Asset, assets, readable
from mesh_infra.exchange.datahub import proposals
from mesh_infra.exchange.dbt import sources
from mesh_infra.exchange.jsonschema import record_schemas
from mesh_infra.exchange.openmetadata import requests
from mesh_infra.exchange.text import json_text, yaml_text
from mesh_infra.manifest.model import Manifest
from mesh_infra.spec.model import Contract, Spec
from mesh_infra.spec.problems import quoted


@dataclass(frozen=True, slots=True)
class Asked:
    """What is exported, and where to: the datasets as they were named, and a file, which ``force`` replaces."""

    datasets: tuple[str, ...]
    output: Path | None
    force: bool


def jsonschema(call: Call, asked: Asked) -> int:
    """Write the JSON Schema of a record."""
    spec = call.spec()
    return _write(call, asked, record_schemas(_chosen(spec, asked.datasets), spec.mesh))


def dbt(call: Call, asked: Asked) -> int:
    """Write the datasets as dbt sources: YAML, or JSON where that is asked for."""
    spec, manifest = _mesh(call)
    return _write(call, asked, sources(_assets(spec, manifest, asked)), json_text if call.json else yaml_text)


def datahub(call: Call, asked: Asked) -> int:
    """Write the datasets as DataHub's metadata file."""
    spec, manifest = _mesh(call)
    return _write(call, asked, proposals(_assets(spec, manifest, asked)))


def openmetadata(call: Call, asked: Asked, service: str | None) -> int:
    """Write the datasets as requests to OpenMetadata."""
    if service is not None and (not service or '"' in service or "::" in service):
        raise UsageError(f"no service of OpenMetadata is called {quoted(service)}", "give its name, without quotes")
    spec, manifest = _mesh(call)
    return _write(call, asked, requests(_assets(spec, manifest, asked), manifest, spec.mesh, service))


def _mesh(call: Call) -> tuple[Spec, Manifest]:
    spec = call.spec()
    return spec, call.manifest(spec)


def _assets(spec: Spec, manifest: Manifest, asked: Asked) -> tuple[Asset, ...]:
    return assets(spec, manifest, _chosen(spec, asked.datasets) if asked.datasets else readable(spec))


def _chosen(spec: Spec, references: Sequence[str]) -> tuple[Contract, ...]:
    """The contracts that are named, each once, in the order of the mesh."""
    named = {(contract.domain, contract.id) for contract in (find_contract(spec, name) for name in references)}
    return tuple(contract for contract in spec.contracts if (contract.domain, contract.id) in named)


def _write(call: Call, asked: Asked, document: object, text_of: Callable[[object], str] = json_text) -> int:
    text = text_of(document)
    if asked.output is None:
        call.output.text(text)
        return 0
    create_text(call.base / asked.output, text, force=asked.force)
    call.output.note(("wrote ", GOOD), str(asked.output))
    return 0
