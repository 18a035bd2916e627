"""A mesh repository → its specification, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mesh_infra.errors import UsageError
from mesh_infra.findings import Finding, Severity, in_order
from mesh_infra.spec import references
from mesh_infra.spec.consistency import check_contract
from mesh_infra.spec.datasets import Datasets
from mesh_infra.spec.document import Yaml
from mesh_infra.spec.files import MeshFile, MeshFiles, read_files
from mesh_infra.spec.model import Contract, Domain, Mesh, Spec
from mesh_infra.spec.native import read_contract
from mesh_infra.spec.organisation import read_domain, read_mesh
from mesh_infra.spec.problems import printable
from mesh_infra.spec.reader import Reader
from mesh_infra.spec.source import Source
from mesh_infra.spec.yaml import load_mapping

T = TypeVar("T")

ReadContracts = MutableMapping[MeshFile, tuple[tuple[Contract, ...], tuple[Finding, ...]]]
"""What contracts' files were read as, and what was found in them: a file alone decides that.

A file of our own format holds one contract, none where it cannot be understood.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """What can be relied on of a mesh with errors.

    ``spec`` holds mesh.yaml, every domain that can be read and the contracts without errors. In the files at ``flawed``
    stand-ins take the place of what is wrong: they say how others are to be judged, and are not judged themselves.
    """

    spec: Spec
    flawed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Loaded:
    """All findings about a mesh's files, in order, and the mesh: ``whole`` without an error, else ``part`` of it.

    Both are None where not even mesh.yaml can be read.
    """

    findings: tuple[Finding, ...]
    whole: Spec | None = None
    part: Part | None = None


def load(root: Path) -> tuple[Spec | None, tuple[Finding, ...]]:
    """The mesh at ``root`` and all findings about its files, in order; None for the mesh where any is an error.

    Raises ``UsageError`` where ``root`` holds no mesh.yaml.
    """
    return load_files(read_files(root))


def load_files(files: MeshFiles, read: ReadContracts | None = None) -> tuple[Spec | None, tuple[Finding, ...]]:
    """As ``load``, from files that are read already, wherever they lay; ``read`` as for ``load_partial``."""
    loaded = load_partial(files, read)
    return loaded.whole, loaded.findings


def load_partial(files: MeshFiles, read: ReadContracts | None = None) -> Loaded:
    """The mesh in ``files``, or where it has errors the part of it that can be relied on.

    What stands in ``read`` is not read again, and what is read is added to it.
    """
    read = {} if read is None else read
    findings = list(files.findings)
    mesh = _read(files.mesh, "mesh", findings, read_mesh)
    domains = [_load_domain(file, mesh, findings) for file in files.domains]
    contracts: list[Contract] = []
    unread: set[str] = set()
    for file in files.contracts:
        if file not in read:
            read[file] = _load_contracts(file)
        held, found = read[file]
        contracts.extend(held)
        findings.extend(found)
        if not held:
            unread.add(file.stem.partition(".")[0])
    findings.extend(_check_references(files, mesh, domains, contracts, unread))
    ordered = in_order(findings)
    if mesh is None:
        return Loaded(ordered)
    understood = sorted(contracts, key=lambda c: (c.domain, c.dataset, c.major))
    spec = Spec(mesh, tuple(d for d in domains if d is not None), tuple(understood))
    flawed = frozenset(finding.path for finding in findings if finding.severity is Severity.ERROR)
    return Loaded(ordered, part=_sound(spec, flawed)) if flawed else Loaded(ordered, whole=spec)


def _sound(spec: Spec, flawed: frozenset[str]) -> Part:
    """``spec`` less everything in which a stand-in could be taken for what somebody wrote."""
    mesh = spec.mesh
    contracts = [contract for contract in spec.contracts if contract.source.path not in flawed]
    if mesh.source.path in flawed:
        written = {n: e for n, e in mesh.environments.items() if e.prefix and e.account and e.region and e.deployer}
        mesh = mesh.model_copy(update={"environments": written})
        contracts = [contract for contract in contracts if not _is_classified(contract)]
    return Part(Spec(mesh, spec.domains, tuple(contracts)), flawed)


def _is_classified(contract: Contract) -> bool:
    return any(part.classification for column in contract.columns for _, part in column.walk())


def select(findings: Iterable[Finding], root: Path, paths: Sequence[Path]) -> tuple[Finding, ...]:
    """The findings about files at or below one of ``paths``; all of them where there are no paths.

    Raises ``UsageError`` for a path that is not there or not in the mesh at ``root``.
    """
    if not paths:
        return tuple(findings)
    wanted = [_inside(root, path) for path in paths]
    return tuple(f for f in findings if any(w in ("", f.path) or f.path.startswith(f"{w}/") for w in wanted))


def _inside(root: Path, path: Path) -> str:
    if not path.exists():
        raise UsageError(f"there is no '{printable(str(path))}'", "name files or folders of the mesh")
    absolute, base = path.resolve(), root.resolve()
    if not absolute.is_relative_to(base):
        raise UsageError(
            f"'{printable(str(path))}' is not in the mesh", f"name files or folders in '{printable(str(root))}'"
        )
    return absolute.relative_to(base).as_posix().removeprefix(".")


def _read(
    source: Source | None, kind: str, findings: list[Finding], build: Callable[[Reader, dict[str, Yaml]], T]
) -> T | None:
    """What ``build`` makes of a file, with stand-ins for what is wrong in it; None where its YAML cannot be read."""
    if source is None:
        return None
    data, problems = load_mapping(source)
    findings.extend(problems)
    if data is None:
        return None
    reader = Reader(source, kind)
    built = build(reader, data)
    findings.extend(reader.findings)
    return built


def _load_domain(file: MeshFile, mesh: Mesh | None, findings: list[Finding]) -> Domain | None:
    def build(reader: Reader, data: dict[str, Yaml]) -> Domain:
        return read_domain(reader, data, file.stem, mesh)

    return _read(file.source, "domain", findings, build)


def _load_contracts(file: MeshFile) -> tuple[tuple[Contract, ...], tuple[Finding, ...]]:
    def build(reader: Reader, data: dict[str, Yaml]) -> Contract:
        contract = read_contract(reader, data, file.folder, file.stem)
        check_contract(reader, contract, file.stem)
        return contract

    findings: list[Finding] = []
    contract = _read(file.source, "contract", findings, build)
    return () if contract is None else (contract,), tuple(findings)


def _check_references(
    files: MeshFiles,
    mesh: Mesh | None,
    domains: Sequence[Domain | None],
    contracts: Sequence[Contract],
    unread: Collection[str],
) -> Iterator[Finding]:
    """What is wrong between files; nothing is held against a file that only names what could not be read.

    ``unread`` are the names of the datasets whose files could not be.
    """
    datasets = Datasets(contracts)
    names = {file.stem for file in files.domains}
    read = [domain for domain in domains if domain is not None]
    owners, findings = references.check_roles(mesh, read)
    roles = frozenset(owners)
    yield from findings
    yield from references.check_unique(contracts)
    for contract in contracts:
        yield from references.check_domain(contract, names)
        yield from references.check_consumed(contract, datasets, names, unread)
        if mesh is not None:
            yield from references.check_sensitivity(contract, mesh)
            if len(read) == len(domains):
                yield from references.check_access(contract, roles)
