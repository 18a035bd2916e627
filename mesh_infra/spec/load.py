"""A mesh repository → its specification, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mesh_infra.findings import Finding, Severity, in_order
from mesh_infra.spec import references
from mesh_infra.spec.consistency import check_contract
from mesh_infra.spec.datasets import Datasets
from mesh_infra.spec.document import Yaml
from mesh_infra.spec.files import MeshFile, MeshFiles, read_files
from mesh_infra.spec.model import Contract, Domain, Mesh, Spec
from mesh_infra.spec.native import read_contract
from mesh_infra.spec.odcs.source import is_odcs
from mesh_infra.spec.organisation import read_domain, read_mesh
from mesh_infra.spec.outline import Outline
from mesh_infra.spec.reader import Reader
from mesh_infra.spec.source import Source
from mesh_infra.spec.yaml import load_mapping

T = TypeVar("T")

ReadContracts = MutableMapping[MeshFile, tuple[tuple[Contract, ...], tuple[Finding, ...]]]
"""What contracts' files were read as, and what was found in them: a file alone decides that.

A file of our own format holds one contract, one of the Open Data Contract Standard a contract for each table; none
where it cannot be understood.
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

    Both are None where not even mesh.yaml can be read. ``comparable``: the whole mesh, also where nothing but
    ``only_dangling`` errors are wrong with it.
    """

    findings: tuple[Finding, ...]
    whole: Spec | None = None
    part: Part | None = None
    comparable: Spec | None = None

    @property
    def mesh(self) -> Mesh | None:
        """mesh.yaml, with stand-ins for what is wrong in it; None where it cannot be read."""
        spec = self.whole or (self.part.spec if self.part else None)
        return spec.mesh if spec else None


def only_dangling(findings: Iterable[Finding]) -> bool:
    """Whether the only errors are that contracts name datasets or columns under ``consumes`` that are not there.

    Nothing is provisioned of these, so that a review can tell what else a change does: above all to those who consume
    a column that it removes.
    """
    return all(one.severity is not Severity.ERROR or one.rule in references.DANGLING for one in findings)


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
    organisation = read_organisation(files)
    held = read_contracts(files.contracts, {} if read is None else read)
    outlines = Datasets([contract.outline for contract in held.contracts])
    consumed = check_consumed(held.contracts, outlines, organisation, held.unread)
    findings = [
        *files.findings,
        *organisation.findings,
        *held.findings,
        *check_contracts(held.contracts, organisation),
        *consumed,
    ]
    ordered = in_order(findings)
    if organisation.mesh is None:
        return Loaded(ordered)
    understood = sorted(held.contracts, key=lambda contract: contract.key)
    spec = Spec(organisation.mesh, organisation.domains, tuple(understood))
    flawed = frozenset(finding.path for finding in findings if finding.severity is Severity.ERROR)
    if not flawed:
        return Loaded(ordered, whole=spec, comparable=spec)
    return Loaded(ordered, part=_sound(spec, flawed), comparable=spec if only_dangling(findings) else None)


@dataclass(frozen=True, slots=True)
class Organisation:
    """mesh.yaml and the domains, as far as they can be read, and what is wrong with them.

    ``mesh`` is None where it cannot be read, ``names`` are those of all domains that have a file. ``roles`` are all
    that there are; None where a file cannot be read that may declare more.
    """

    mesh: Mesh | None
    domains: tuple[Domain, ...]
    names: frozenset[str]
    roles: frozenset[str] | None
    findings: tuple[Finding, ...]


def read_organisation(files: MeshFiles) -> Organisation:
    """What mesh.yaml and the domains say; with an error in them, stand-ins take the place of what is wrong."""
    findings: list[Finding] = []
    mesh = _read(files.mesh, "mesh", findings, read_mesh)
    read = [_load_domain(file, mesh, findings) for file in files.domains]
    domains = tuple(domain for domain in read if domain is not None)
    owners, twice = references.check_roles(mesh, domains)
    return Organisation(
        mesh=mesh,
        domains=domains,
        names=frozenset(file.stem for file in files.domains),
        roles=None if mesh is None or None in read else frozenset(owners),
        findings=(*findings, *twice),
    )


@dataclass(frozen=True, slots=True)
class Held:
    """The contracts of some files, what is wrong with each file alone, and the datasets whose files held none."""

    contracts: tuple[Contract, ...]
    findings: tuple[Finding, ...]
    unread: frozenset[str]


def read_contracts(files: Iterable[MeshFile], read: ReadContracts) -> Held:
    """The contracts in ``files``; what stands in ``read`` is not read again, and what is read is added to it."""
    contracts: list[Contract] = []
    findings: list[Finding] = []
    unread: set[str] = set()
    for file in files:
        if file not in read:
            read[file] = _load_contracts(file)
        held, found = read[file]
        contracts.extend(held)
        findings.extend(found)
        if not held:
            unread.add(file.stem.partition(".")[0])
    return Held(tuple(contracts), tuple(findings), frozenset(unread))


def check_contracts(contracts: Sequence[Contract], organisation: Organisation) -> Iterator[Finding]:
    """What does not fit between contracts of one domain, or of several, and the organisation."""
    yield from references.check_unique(contracts)
    for contract in contracts:
        yield from references.check_domain(contract, organisation.names)
        if organisation.mesh is not None:
            yield from references.check_sensitivity(contract, organisation.mesh)
        if organisation.roles is not None:
            yield from references.check_access(contract, organisation.roles)


def check_consumed(
    contracts: Iterable[Contract], datasets: Datasets[Outline], organisation: Organisation, unread: Collection[str]
) -> Iterator[Finding]:
    """What does not fit between contracts and the datasets of the mesh that they are made from.

    ``unread`` are the names of datasets whose files could not be read: nothing is held against those who name them.
    """
    for contract in contracts:
        yield from references.check_consumed(contract, datasets, organisation.names, unread)


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
    def build(reader: Reader, data: dict[str, Yaml]) -> tuple[Contract, ...]:
        if is_odcs(data):
            # The standard's models take a fifth of a second to load.
            from mesh_infra.spec.odcs.read import read_odcs  # noqa: PLC0415

            contracts, found = read_odcs(reader.source, data, file.folder)
            reader.findings.extend(found)
            return contracts
        contract = read_contract(reader, data, file.folder, file.stem)
        check_contract(reader, contract, file.stem)
        return (contract,)

    findings: list[Finding] = []
    return _read(file.source, "contract", findings, build) or (), tuple(findings)
