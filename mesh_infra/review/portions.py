"""The review of a change of mesh.yaml in a large mesh: some domains at a time.

Where mesh.yaml differs, everything may differ. But domains have no resource, grant or policy in common, and what is the
platform's hangs on no contract: so it is reviewed in portions of whole domains, by several processes, none of which
holds more than one of them at a time. Domains whose contracts differ too are one portion, with those that have datasets
of the same names: what moved is gone in one and new in another, and what is new may be a copy.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mesh_infra.cache import Cache
from mesh_infra.findings import has_errors
from mesh_infra.host import today
from mesh_infra.manifest.build import PLATFORM
from mesh_infra.review.build import merged, review_of_domains
from mesh_infra.review.git import Repository
from mesh_infra.review.git_tree import Commit
from mesh_infra.review.model import Review
from mesh_infra.review.outlined import read_folders
from mesh_infra.review.sides import Place
from mesh_infra.spec.datasets import Datasets
from mesh_infra.spec.files import MeshFiles
from mesh_infra.spec.load import check_consumed, check_contracts, only_dangling
from mesh_infra.spec.model import Contract, Spec, Status
from mesh_infra.spec.outline import Outline
from mesh_infra.spec.tree import Disk, Entry, Tree
from mesh_infra.survey import Means, Opened, Reading, look_into, shared_out, supply, survey


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a review is shared out: in portions of ``portion`` contracts or more, in a mesh of at least ``worth``.

    Domains with more than ``together`` contracts are not looked at as one portion.
    """

    processes: int = 1
    worth: int = 500
    portion: int = 250
    together: int = 2500


def in_portions(root: Path, before: Place, after: Place, cache: Cache, sharing: Sharing) -> Review | None:
    """The review, some domains at a time.

    None where mesh.yaml is the same or a domain's file differs, a side has errors, there are rules of the
    organisation's own, the mesh is too small to be worth it, or too much of it belongs together.
    """
    if not (before.is_mesh and after.is_mesh):
        return None
    old, new = before.opened, after.opened
    if not _differ_in_mesh(old, new) or _count(new) < sharing.worth:
        return None
    found = survey(new, today(), Means(cache, sharing.processes, after.disk), after.owners)
    if found is None or not only_dangling(found.found):
        return None
    head = _Side(new.top, after.commit, found.folders, found.digests, found.spec.others)
    counts = Counter(outline.domain for outline in head.outlines)
    same = _same(old, head, after.tree)
    if counts.total() - sum(counts[domain] for domain in same) > sharing.together:
        return None
    base = _base_of(old, before.commit, head, same, cache)
    if base is None:
        return None
    job = _Job(root, base, head, cache)
    if sum(counts[domain] for domain in job.together) > sharing.together:
        return None
    portions = _portions([domain.domain for domain in found.spec.domains], job.together, counts, sharing.portion)
    parts = _reviewed(job, _Reviewer(job, before.tree, after.tree), portions, sharing.processes)
    return None if parts is None else merged(parts, found.findings)


def _differ_in_mesh(old: Opened, new: Opened) -> bool:
    """Whether mesh.yaml differs and no file of a domain does."""
    return old.key != new.key and _domains(old) == _domains(new)


def _domains(opened: Opened) -> list[tuple[str, str | None]]:
    return [(file.stem, file.source.text if file.source else None) for file in opened.top.domains]


def _count(opened: Opened) -> int:
    return sum(1 for folder in opened.folders for _ in opened.tree.entries(folder.path))


@dataclass(frozen=True, slots=True)
class _Side:
    """One side, without its contracts: where it is (``commit`` None: on disk), and what is known of all of them.

    ``folders`` and ``digests`` are those of contracts, by domain.
    """

    top: MeshFiles
    commit: str | None
    folders: Mapping[str, Entry]
    digests: Mapping[str, str]
    outlines: tuple[Outline, ...]


def _same(old: Opened, head: _Side, there: Tree) -> frozenset[str]:
    """The domains whose contracts BASE has like HEAD, which lies ``there``."""
    if not isinstance(old.tree, Commit):
        return frozenset()
    both = {folder.path: folder.name for folder in old.folders if folder.name in head.folders}
    return frozenset(both[path] for path in both.keys() - old.tree.differing(there, both))


def _base_of(old: Opened, commit: str | None, head: _Side, same: Collection[str], cache: Cache) -> _Side | None:
    """BASE, of which some domains are known by HEAD; None where it has errors in what is not."""
    if has_errors(old.top.findings):
        return None
    known = look_into(old, [folder for folder in old.folders if folder.name not in same], cache)
    if known is None:
        return None
    outlines = [outline for outline in head.outlines if outline.domain in same]
    outlines.extend(outline for one in known.values() for outline in one.record.outlines)
    digests = {name: head.digests[name] for name in same} | {name: one.digest for name, one in known.items()}
    return _Side(old.top, commit, {folder.name: folder for folder in old.folders}, digests, tuple(outlines))


@dataclass(frozen=True)
class _Job:
    """What all portions have in common."""

    root: Path
    base: _Side
    head: _Side
    cache: Cache

    @cached_property
    def differing(self) -> frozenset[str]:
        """The domains whose contracts differ."""
        old, new = self.base.digests, self.head.digests
        return frozenset(name for name in {*old, *new} if old.get(name) != new.get(name))

    @cached_property
    def together(self) -> frozenset[str]:
        """These, and the domains that have a dataset in BASE which is called like one that is served here first."""
        served = {outline.key for outline in self.base.outlines if Status(outline.status).is_served}
        names = {o.dataset for o in self.head.outlines if o.domain in self.differing and o.key not in served}
        return self.differing | {outline.domain for outline in self.base.outlines if outline.dataset in names}


_Portion = tuple[str, ...]
"""The names of domains that are reviewed together; the platform counts as one."""


def _portions(
    domains: Collection[str], together: Collection[str], counts: Mapping[str, int], least: int
) -> list[_Portion]:
    """The platform, what belongs together and all other domains in order, cut where there are enough contracts."""
    portions: list[_Portion] = []
    waiting = [PLATFORM, *sorted(together)]
    for domain in domains:
        if domain in together:
            continue
        if sum(counts.get(name, 0) for name in waiting) >= least:
            portions.append(tuple(waiting))
            waiting = []
        waiting.append(domain)
    return [*portions, tuple(waiting)]


def _reviewed(job: _Job, own: _Reviewer, portions: list[_Portion], processes: int) -> list[Review] | None:
    """The review of each portion; None where one cannot be made."""
    if min(processes, len(portions)) > 1:
        found = dict(shared_out(_begin, job, own.review, portions, processes))
    else:
        found = {portion: own.review(portion) for portion in portions}
    parts = [part for part in (found[portion] for portion in portions) if part]
    return parts if len(parts) == len(portions) else None


def _begin(job: _Job) -> Callable[[_Portion], Review | None]:
    tree = Disk(job.root) if job.head.commit is None else Commit(Repository(job.root), job.head.commit)
    return _Reviewer(job, None, tree).review


class _Reviewer:
    """Reviews portions of one mesh, whose sides lie ``here`` and ``there``; None: in the commit, if that is asked."""

    def __init__(self, job: _Job, here: Tree | None, there: Tree) -> None:
        self._job = job
        self._here = here
        self._there = there
        reading = Reading()
        self._sides = reading.organisation(job.base.top), reading.organisation(job.head.top)

    def review(self, domains: _Portion) -> Review | None:
        """The review of some domains; None where their files are no longer what they were, or BASE has errors there."""
        with _without_collecting():
            return self._review(domains)

    def _review(self, domains: _Portion) -> Review | None:
        job = self._job
        new = self._read(self._there, job.head, domains)
        differing = [name for name in domains if name in job.differing]
        other = self._read(self._base_tree(), job.base, differing) if differing else {}
        if new is None or other is None:
            return None
        reading = Reading()
        base, head = self._sides
        after = reading.contracts(_all_of(new.values())).contracts
        same = (files for name, files in new.items() if name not in job.differing)
        before = reading.contracts(_all_of((*same, *other.values()))).contracts
        if base.mesh is None or head.mesh is None:
            return None
        consumed = check_consumed(before, self._datasets, base, frozenset())
        if not only_dangling((*check_contracts(before, base), *consumed)):
            return None
        return review_of_domains(
            Spec(base.mesh, base.domains, _in_order(before), _others(job.base, domains)),
            Spec(head.mesh, head.domains, _in_order(after), _others(job.head, domains)),
            domains,
        )

    @cached_property
    def _datasets(self) -> Datasets[Outline]:
        return Datasets(self._job.base.outlines)

    def _base_tree(self) -> Tree:
        if self._here is None:
            self._here = Commit(Repository(self._job.root), self._job.base.commit or "")
        return self._here

    def _read(self, tree: Tree, side: _Side, domains: Collection[str]) -> dict[str, MeshFiles] | None:
        """What lies in the folders of some domains; None where it is no longer what was found there."""
        folders = [side.folders[name] for name in domains if name in side.folders]
        read = read_folders(tree, folders, side.digests)
        for name, files in (read or {}).items():
            supply(files, side.digests[name], self._job.cache)
        return read


def _all_of(found: Iterable[MeshFiles]) -> MeshFiles:
    return MeshFiles(contracts=[file for files in found for file in files.contracts])


def _in_order(contracts: Iterable[Contract]) -> tuple[Contract, ...]:
    return tuple(sorted(contracts, key=lambda contract: contract.key))


def _others(side: _Side, domains: Collection[str]) -> tuple[Outline, ...]:
    return tuple(outline for outline in side.outlines if outline.domain not in domains)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep Python from searching for garbage: a portion is small, and hardly anything in it refers to itself."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
