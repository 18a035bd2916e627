"""The review of a change, by the way that costs least: of the whole mesh at once, or of some domains at a time.

Where mesh.yaml is all that differs, everything may differ. But domains have no resource, grant or policy in common, and
what is the platform's hangs on no contract: so a large mesh is reviewed in portions of whole domains, by several
processes, none of which holds more than one of them at a time.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mesh_infra.cache import Cache, NoCache
from mesh_infra.findings import has_errors
from mesh_infra.host import today
from mesh_infra.manifest.build import PLATFORM
from mesh_infra.review.build import merged, review, review_of_domains
from mesh_infra.review.git import Repository
from mesh_infra.review.git_tree import Commit
from mesh_infra.review.model import Review
from mesh_infra.review.sides import Place, find_places, sides_of
from mesh_infra.spec.files import MeshFiles, read_folder
from mesh_infra.spec.load import check_contracts, read_contracts, read_organisation
from mesh_infra.spec.model import Spec
from mesh_infra.spec.outline import Outline
from mesh_infra.spec.tree import Disk, Entry, Tree
from mesh_infra.survey import Means, Opened, digest_of, open_mesh, shared_out, supply, survey


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a review is shared out: in portions of ``portion`` contracts or more, in a mesh of at least ``worth``."""

    processes: int = 1
    worth: int = 500
    portion: int = 250


def compare(
    root: Path,
    base: str | None = None,
    head: str | None = None,
    cache: Cache | None = None,
    sharing: Sharing | None = None,
) -> Review:
    """The review of the change from BASE to HEAD, as ``review`` of what ``read_sides`` reads; raises as that does."""
    sharing = sharing or Sharing()
    before, after = find_places(root, base, head)
    found = in_portions(root, before, after, cache or NoCache(), sharing)
    return found or review(*sides_of(before, after, cache, whole=False, processes=sharing.processes))


def in_portions(root: Path, before: Place, after: Place, cache: Cache, sharing: Sharing) -> Review | None:
    """The review, some domains at a time.

    None where more than mesh.yaml differs, a side has errors, there are rules of the organisation's own, or the mesh is
    too small to be worth it. A role that contracts of several domains name cannot go here: HEAD would have errors.
    """
    if not (before.is_mesh and after.is_mesh):
        return None
    old, new = open_mesh(before.tree, before.name), open_mesh(after.tree, after.name)
    if not _differ_in_mesh_alone(old, new) or _count(new) < sharing.worth or has_errors(old.top.findings):
        return None
    if has_errors(read_organisation(old.top).findings) or not _same_contracts(old, new):
        return None
    found = survey(new, today(), Means(cache, sharing.processes, after.disk), after.owners)
    if found is None or not found.whole:
        return None
    job = _Job(root, after.commit, old.top, new.top, found.spec.others, found.folders, found.digests, cache)
    domains = sorted(domain.domain for domain in found.spec.domains)
    parts = _reviewed(job, after.tree, _portions(domains, found.spec.others, sharing.portion), sharing.processes)
    return None if parts is None else merged(parts, found.findings)


def _differ_in_mesh_alone(old: Opened, new: Opened) -> bool:
    """Whether mesh.yaml differs and no file of a domain does."""
    return old.key != new.key and _domains(old) == _domains(new)


def _domains(opened: Opened) -> list[tuple[str, str | None]]:
    return [(file.stem, file.source.text if file.source else None) for file in opened.top.domains]


def _count(opened: Opened) -> int:
    return sum(1 for folder in opened.folders for _ in opened.tree.entries(folder.path))


def _same_contracts(old: Opened, new: Opened) -> bool:
    """Whether the same contracts lie in the same folders."""
    folders = [folder.path for folder in old.folders]
    same = folders == [folder.path for folder in new.folders]
    return same and isinstance(old.tree, Commit) and old.tree.has_files_of(new.tree, folders)


_Portion = tuple[str, ...]
"""The names of domains that are reviewed together; the platform counts as one."""


def _portions(domains: Collection[str], outlines: Collection[Outline], least: int) -> list[_Portion]:
    """The platform and all domains in their order, cut where there are enough contracts."""
    counts = Counter(outline.domain for outline in outlines)
    portions: list[_Portion] = []
    waiting = [PLATFORM]
    held = 0
    for domain in domains:
        waiting.append(domain)
        held += counts[domain]
        if held >= least:
            portions.append(tuple(waiting))
            waiting, held = [], 0
    return [*portions, tuple(waiting)] if waiting else portions


@dataclass(frozen=True, slots=True)
class _Job:
    """What all portions have in common: where HEAD lies, both sides without their contracts, and what HEAD holds."""

    root: Path
    commit: str | None
    base: MeshFiles
    head: MeshFiles
    outlines: tuple[Outline, ...]
    folders: Mapping[str, Entry]
    digests: Mapping[str, str]
    cache: Cache


def _reviewed(job: _Job, tree: Tree, portions: list[_Portion], processes: int) -> list[Review] | None:
    """The review of each portion; None where one cannot be made."""
    own = _Reviewer(job, tree).review
    if min(processes, len(portions)) > 1:
        found = dict(shared_out(_begin, job, own, portions, processes))
    else:
        found = {portion: own(portion) for portion in portions}
    parts = [part for part in (found[portion] for portion in portions) if part]
    return parts if len(parts) == len(portions) else None


def _begin(job: _Job) -> Callable[[_Portion], Review | None]:
    tree = Disk(job.root) if job.commit is None else Commit(Repository(job.root), job.commit)
    return _Reviewer(job, tree).review


class _Reviewer:
    """Reviews portions of one mesh, whose HEAD lies in ``tree``."""

    def __init__(self, job: _Job, tree: Tree) -> None:
        self._job = job
        self._tree = tree
        self._sides = (read_organisation(job.base), read_organisation(job.head))

    def review(self, domains: _Portion) -> Review | None:
        """The review of some domains; None where their files are no longer what they were, or BASE has errors there."""
        with _without_collecting():
            return self._review(domains)

    def _review(self, domains: _Portion) -> Review | None:
        base, head = self._sides
        folders = [self._job.folders[name] for name in domains if name in self._job.folders]
        self._tree.expect([folder.path for folder in folders])
        read = {folder.name: read_folder(self._tree, folder) for folder in folders}
        if any(digest_of(files) != self._job.digests[name] for name, files in read.items()):
            return None
        for name, files in read.items():
            supply(files, self._job.digests[name], self._job.cache)
        held = read_contracts((file for files in read.values() for file in files.contracts), {})
        if base.mesh is None or head.mesh is None or has_errors(check_contracts(held.contracts, base)):
            return None
        contracts = tuple(sorted(held.contracts, key=lambda contract: contract.key))
        others = tuple(outline for outline in self._job.outlines if outline.domain not in domains)
        before, after = (
            Spec(mesh, side.domains, contracts, others) for mesh, side in ((base.mesh, base), (head.mesh, head))
        )
        return review_of_domains(before, after, domains)


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
