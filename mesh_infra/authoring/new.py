"""New domains and contracts: what to write, checked as part of the mesh before it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mesh_infra.authoring.columns import NewColumn, schema_lines, with_proposals
from mesh_infra.authoring.schema_file import SCHEMAS, schema_comment
from mesh_infra.authoring.workspace import Workspace, create_text, refuse_existing
from mesh_infra.authoring.yaml_text import scalar
from mesh_infra.errors import MeshInvalid, UsageError
from mesh_infra.findings import Finding
from mesh_infra.spec.files import CONTRACTS, DOMAINS
from mesh_infra.spec.model import Format
from mesh_infra.spec.names import dataset_name, domain_name
from mesh_infra.spec.odcs.source import OdcsSource
from mesh_infra.spec.problems import RefusedError, did_you_mean, quoted


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file of the mesh that can be understood and is not yet written; ``path`` is relative to ``root``.

    ``to_do``: the rules that it does not keep yet, such as one that asks for descriptions, which nobody has given.
    """

    root: Path
    path: str
    text: str
    to_do: tuple[Finding, ...] = ()

    def write(self, *, force: bool = False) -> None:
        """Make the file; raises ``UsageError`` where there is one and ``force`` is not given."""
        create_text(self.root / self.path, self.text, force=force)


@dataclass(frozen=True, slots=True)
class NewContract:
    """What a new contract says. ``header``: the first line of csv files names the columns; ``delimiter``: of theirs."""

    domain: str
    dataset: str
    owner: str
    columns: tuple[NewColumn, ...]
    version: str = "v1"
    description: str = ""
    format: Format = Format.PARQUET
    header: bool = False
    delimiter: str = ","


def new_domain(mesh: Workspace, name: str, owner: str, description: str = "", *, force: bool = False) -> NewFile:
    """``domains/<name>.yaml``; raises ``UsageError`` for a name that is none or taken, ``MeshInvalid`` for the rest."""
    path = f"{DOMAINS}/{_checked(domain_name, name)}.yaml"
    refuse_existing([mesh.root / path], force=force)
    return _file(mesh, path, domain_lines(name, owner, description), "domain")


def domain_lines(name: str, owner: str, description: str = "") -> list[str]:
    """What the file of a new domain says."""
    lines = [f"domain: {scalar(name)}", f"owner: {scalar(owner)}"]
    return [*lines, f"description: {scalar(description)}"] if description else lines


def new_contract(mesh: Workspace, new: NewContract, *, force: bool = False) -> NewFile:
    """The file of a contract: ``<dataset>.yaml``, or with its version in the name where that is a second one.

    Raises ``UsageError`` for names that are none or taken, ``MeshInvalid`` for the rest.
    """
    check_place(mesh, new.domain, new.dataset)
    path = contract_path(mesh, new.domain, new.dataset, new.version)
    refuse_existing([mesh.root / path], force=force)
    return _file(mesh, path, contract_lines(new), "contract")


def check_place(mesh: Workspace, domain: str, dataset: str) -> None:
    """Raise ``UsageError`` where there is no such domain, or a dataset cannot be called so."""
    known = [file.stem for file in mesh.files.domains]
    if domain not in known:
        hint = did_you_mean(domain, known) or "add it: mesh new domain NAME"
        raise UsageError(f"there is no domain {quoted(domain)}", hint)
    _checked(dataset_name, dataset)


def contract_lines(new: NewContract) -> list[str]:
    """What the file of a new contract says."""
    lines = [f"dataset: {scalar(new.dataset)}", f"version: {scalar(new.version)}", f"owner: {scalar(new.owner)}"]
    if new.description:
        lines.append(f"description: {scalar(new.description)}")
    if new.format is not Format.PARQUET:
        lines.append(f"format: {new.format.value}")
    if new.format is Format.CSV and new.header:
        delimiter = "" if new.delimiter == "," else f", delimiter: {json.dumps(new.delimiter)}"
        lines.append(f"csv: {{header: true{delimiter}}}")
    return [*lines, "", "schema:", *schema_lines(with_proposals(new.columns))]


def as_text(lines: Iterable[str]) -> str:
    """The lines, each with its end."""
    return "".join(f"{line}\n" for line in lines)


def contract_path(mesh: Workspace, domain: str, dataset: str, version: str) -> str:
    """Where the contract of a dataset's major version lies, or would: with the version in its name if not the first."""
    folder = f"{CONTRACTS}/{domain}"
    others = [c for c in mesh.contracts if (c.domain, c.dataset) == (domain, dataset)]
    major = version.removeprefix("v").partition(".")[0]
    same = next((contract for contract in others if str(contract.major) == major), None)
    if same is not None:
        return f"{folder}/{mesh.file_of(same).stem}.yaml"
    # A version that is none is the check's to refuse.
    return f"{folder}/{dataset}.v{major}.yaml" if others and major.isdigit() else f"{folder}/{dataset}.yaml"


def taken_over(mesh: Workspace, domain: str, dataset: str, version: str, text: str, *, force: bool = False) -> NewFile:
    """The file of a contract that was written elsewhere; its ``to_do`` are all of its errors.

    What it names, such as roles, may have to be declared first: it is made all the same. Raises ``UsageError`` where
    there is no such domain, or a file is there that cannot be replaced.
    """
    check_place(mesh, domain, dataset)
    path = contract_path(mesh, domain, dataset, version)
    present = next((c for c in mesh.contracts if c.source.path == path), None)
    if present is not None and isinstance(present.source, OdcsSource):
        message = f"{quoted(path)} describes {quoted(present.id)} already, in the Open Data Contract Standard"
        raise UsageError(message, "a dataset has one file: move that one out of the mesh first")
    refuse_existing([mesh.root / path], force=force)
    if (mesh.root / SCHEMAS / "contract.json").is_file():
        text = f"{schema_comment('contract', path)}\n{text}"
    return NewFile(mesh.root, path, text, mesh.errors(path, text)[1])


def _file(mesh: Workspace, path: str, lines: Sequence[str], kind: str) -> NewFile:
    if (mesh.root / SCHEMAS / f"{kind}.json").is_file():
        lines = [schema_comment(kind, path), *lines]
    text = as_text(lines)
    spec, errors = mesh.errors(path, text)
    if spec is None and errors:
        raise MeshInvalid(errors)
    return NewFile(mesh.root, path, text, errors)


def _checked(check: Callable[[str], str], name: str) -> str:
    try:
        return check(name)
    except RefusedError as refused:
        raise UsageError(refused.message, refused.hint) from None
