"""`mesh show`."""

from __future__ import annotations

from dataclasses import asdict

from mesh_infra.cli.call import Call
from mesh_infra.cli.find import find_contract
from mesh_infra.cli.jsonable import jsonable
from mesh_infra.cli.show_text import show_text
from mesh_infra.cli.view import Reader, View, view_of
from mesh_infra.cli.words import retention_in_words
from mesh_infra.errors import UsageError
from mesh_infra.spec.problems import did_you_mean, quoted


def run(call: Call, name: str, role: str | None) -> int:
    """Print a dataset, with how ``role`` (None: the first reader) queries it."""
    spec = call.spec()
    contract = find_contract(spec, name)
    manifest = call.manifest(spec)
    domain, dataset = next(
        (domain, dataset)
        for domain in manifest.domains
        for dataset in domain.datasets
        if (domain.name, dataset.id) == (contract.domain, contract.id)
    )
    view = view_of(spec, manifest, domain, dataset)
    reader = _chosen(view, role)
    if call.json:
        call.output.json(_document(view))
    else:
        call.output.lines(show_text(view, reader, call.output.width))
    return 0


def _chosen(view: View, role: str | None) -> Reader | None:
    if role is None:
        return view.readers[0] if view.readers else None
    for reader in view.readers:
        if reader.role == role:
            return reader
    names = [reader.role for reader in view.readers]
    hint = did_you_mean(role, names, "its readers are") or "it has no readers"
    raise UsageError(f"the role {quoted(role)} does not read {quoted(view.dataset.id)}", hint)


def _document(view: View) -> dict[str, object]:
    dataset = view.dataset
    retention = dataset.retention
    return {
        "environment": view.environment,
        "account": view.account,
        "region": view.region,
        "domain": view.domain,
        "dataset": jsonable(dataset),
        "retention": retention_in_words(retention),
        "readers": [jsonable(reader) for reader in view.readers],
        "others": asdict(view.others),
    }
