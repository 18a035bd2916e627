"""The survey of a mesh: every finding about it, and what is known of each domain's contracts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mesh_infra.cache import Cache, digest
from mesh_infra.codeowners import Codeowners, codeowners_finding
from mesh_infra.findings import Finding, Severity, as_rows, from_rows, has_errors, in_order
from mesh_infra.governance import Evaluation
from mesh_infra.host import today
from mesh_infra.manifest.check import check_organisation
from mesh_infra.spec.datasets import Datasets
from mesh_infra.spec.files import MeshFiles, read_folder, read_top
from mesh_infra.spec.load import Organisation, check_consumed
from mesh_infra.spec.model import Spec
from mesh_infra.spec.references import consumes_well
from mesh_infra.spec.tree import Entry, Tree
from mesh_infra.survey.domains import Domains, Known
from mesh_infra.survey.examine import Examiner
from mesh_infra.survey.reading import Reading, key_of
from mesh_infra.survey.workers import Job, shared_out

_AROUND, _CONSUMED = "around", "consumed"
"""Kinds of entries of the cache: what is wrong with a mesh apart from its contracts, by what they say of roles; that
nothing is wrong with ``consumes``, by all that the folders hold."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of a whole mesh whose mesh.yaml and domains have no errors.

    ``spec`` has its contracts in outline. ``digests`` has one name for the content of each of the ``folders`` with
    contracts. ``findings`` are all, in order, ``found`` those about files alone.
    """

    spec: Spec
    folders: Mapping[str, Entry]
    digests: Mapping[str, str]
    found: tuple[Finding, ...]
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        """Whether no file has an error, so that there is a mesh."""
        return not has_errors(self.found)


@dataclass(frozen=True, slots=True)
class Means:
    """How a survey is made.

    ``processes`` work on it where ``root`` is the folder on disk that its tree is, and at least ``worth`` contracts are
    left to read: to start another process takes as long as reading some hundred. What is read
    is kept in ``reading`` where it is to ``keep`` contracts; without ``judge`` no rule is looked at.
    """

    cache: Cache
    processes: int = 1
    root: Path | None = None
    worth: int = 500
    reading: Reading = field(default_factory=Reading)
    keep: bool = False
    judge: bool = True


@dataclass(frozen=True, slots=True)
class Opened:
    """A mesh of which all but the contracts is read; ``folders`` are where they lie."""

    tree: Tree
    top: MeshFiles
    folders: tuple[Entry, ...]

    @property
    def key(self) -> str:
        """One name for mesh.yaml and the files of domains."""
        return key_of(self.top)


def open_mesh(tree: Tree, name: str) -> Opened:
    """The mesh in ``tree``, which people know as ``name``; raises ``UsageError`` where there is no mesh.yaml."""
    return Opened(tree, *read_top(tree, name))


def survey(opened: Opened, as_of: date, means: Means, owners: Codeowners | None = None) -> Survey | None:
    """Check a mesh, as ``checks.check_files`` does.

    None where it cannot be done domain by domain: where mesh.yaml or a domain has an error, or there are rules of the
    organisation's own, which may look at everything.
    """
    top, folders = opened.top, opened.folders
    organisation = means.reading.organisation(top)
    mesh = organisation.mesh
    if mesh is None or mesh.rule_modules or has_errors((*top.findings, *organisation.findings)):
        return None
    known = _Surveyor(opened, organisation, as_of, means).known(folders)
    records = [one.record for one in known.values()]
    found = (*top.findings, *organisation.findings, *(finding for record in records for finding in record.found))
    flawed = frozenset(finding.path for finding in found if finding.severity is Severity.ERROR)
    spec = Spec(mesh, organisation.domains, (), tuple(outline for record in records for outline in record.outlines))
    judged = [finding for record in records for finding in record.judged]
    named = digest(*(record.named for record in records))
    around = _around(spec, flawed, (opened.key, named), means.cache) if means.judge else ()
    stale = codeowners_finding(spec, owners) if means.judge and not flawed else None
    return Survey(
        spec=spec,
        folders={folder.name: folder for folder in folders},
        digests={folder: one.digest for folder, one in known.items()},
        found=in_order(found),
        findings=in_order((*found, *judged, *around, *([stale] if stale else []))),
    )


def look_into(opened: Opened, folders: Iterable[Entry], cache: Cache) -> dict[str, Known] | None:
    """What is known of the contracts in some folders of a mesh that nobody judges; None where it has errors there."""
    reading = Reading()
    organisation = reading.organisation(opened.top)
    if organisation.mesh is None or has_errors(organisation.findings):
        return None
    examiner = Examiner(organisation, today())
    domains = Domains(opened.tree, examiner, opened.key, today(), cache, judge=False)
    found = {folder.name: domains.known(folder, reading) for folder in folders}
    return found if all(one.record.sound for one in found.values()) else None


def _around(spec: Spec, flawed: frozenset[str], key: tuple[str, str], cache: Cache) -> tuple[Finding, ...]:
    """What is wrong around the contracts, with names, roles and rules.

    ``key`` is that of the mesh without them, and what they are named by. No day has a part in it: only contracts accept
    findings.
    """
    # All that is known of contracts there, but for what only another contract asks for.
    depends_on = (_AROUND, *key, digest(*sorted(flawed)))
    kept = cache.get(*depends_on)
    if kept is not None:
        return from_rows(kept)
    evaluation = Evaluation(spec, flawed=flawed)
    judged = evaluation.of((spec.mesh, *spec.domains))
    found = (*evaluation.wrongly_set, *judged, *check_organisation(spec))
    cache.put(as_rows(found), *depends_on)
    return found


class _Surveyor:
    """One survey of one tree, of whose folders ``known`` says what there is."""

    def __init__(self, opened: Opened, organisation: Organisation, as_of: date, means: Means) -> None:
        self._tree = opened.tree
        self._organisation = organisation
        self._examiner = Examiner(organisation, as_of)
        self._cache = means.cache
        self._reading = means.reading
        self._keep = means.keep
        self._processes = means.processes if means.root else 1
        self._worth = means.worth
        self._domains = Domains(self._tree, self._examiner, opened.key, as_of, means.cache, judge=means.judge)
        self._job = Job(means.root or Path(), opened.top, as_of, means.cache)

    def known(self, folders: Iterable[Entry]) -> dict[str, Known]:
        """What is known of each folder, in their order."""
        found = {folder: self._domains.remembered(folder, self._reading) for folder in folders}
        known = {folder: what for folder, what in found.items() if what}
        missing = [folder for folder in found if folder not in known]
        self._tree.expect([folder.path for folder in missing])
        while missing:
            folder = missing.pop()
            known[folder] = self._domains.known(folder, self._reading if self._keep else Reading())
            if known[folder].fresh and self._processes > 1 and self._count(missing) >= self._worth:
                known |= shared_out(self._job, self._domains, missing, self._processes)
                break
        return self._consumed({folder.name: known[folder] for folder in found}, found)

    def _count(self, folders: Iterable[Entry]) -> int:
        return sum(1 for folder in folders for _ in self._tree.entries(folder.path))

    def _consumed(self, known: dict[str, Known], folders: Iterable[Entry]) -> dict[str, Known]:
        """The same, with what is wrong with the datasets that contracts name."""
        consuming = [
            (folder, [outline for outline in known[folder.name].record.outlines if outline.consumes])
            for folder in folders
        ]
        contents = (_CONSUMED, *(f"{folder} {one.digest}" for folder, one in known.items()))
        if not any(outlines for _, outlines in consuming) or self._cache.get(*contents):
            return known
        well = True
        datasets = Datasets([outline for one in known.values() for outline in one.record.outlines])
        unread = {name for one in known.values() for name in one.record.unread}
        for folder, outlines in consuming:
            if not all(consumes_well(outline, datasets) for outline in outlines):
                well = False
                files = read_folder(self._tree, folder)
                held = (self._reading if self._keep else Reading()).contracts(files)
                consumed = check_consumed(held.contracts, datasets, self._organisation, unread)
                again = self._examiner.examine(files, held, consumed)
                known[folder.name] = Known(known[folder.name].digest, again, fresh=True)
        if well:
            self._cache.put(True, *contents)
        return known
