"""The two sides of a review: BASE out of git, HEAD out of git or from disk as it is.

Where mesh.yaml and the domains are the same on both, contracts need only be read in the folders that differ: what is
known of the others in outline (``mesh_infra.survey``) is enough for a review.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from mesh_infra.cache import Cache, NoCache
from mesh_infra.checks import check_files
from mesh_infra.codeowners import PLACES, Codeowners, find_codeowners, read_by_github
from mesh_infra.findings import Finding
from mesh_infra.host import today
from mesh_infra.review.git import Repository
from mesh_infra.review.git_tree import Commit
from mesh_infra.review.modules import read_modules
from mesh_infra.review.outlined import read_what_matters
from mesh_infra.spec.files import MAX_BYTES, MESH_FILE, read_tree
from mesh_infra.spec.load import load_partial, only_dangling
from mesh_infra.spec.model import Contract, Mesh, Spec
from mesh_infra.spec.source import Source
from mesh_infra.spec.tree import Disk, Tree
from mesh_infra.survey import Means, Opened, Survey, open_mesh, survey

EMPTY = Spec(Mesh(organization="", environments={}, source=Source(MESH_FILE, "")), (), ())
"""A mesh before there is one."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a review; ``name`` is what people call it.

    ``spec`` is None where the files cannot be understood; names that are ``only_dangling`` do not hinder that.
    Contracts that are the same on both sides may be among its ``others``. ``findings`` are about the files, and for
    HEAD about all that `mesh check` checks. ``modules`` are the files of the organisation's own rules, as
    ``read_modules`` has them. ``mesh`` is mesh.yaml as far as it can be read, of a BASE without ``spec``, too.
    """

    name: str
    spec: Spec | None
    findings: tuple[Finding, ...]
    modules: Mapping[str, str] = field(default_factory=dict)
    mesh: Mesh | None = None


def read_sides(
    root: Path,
    base: str | None = None,
    head: str | None = None,
    cache: Cache | None = None,
    *,
    whole: bool = True,
    processes: int = 1,
) -> tuple[Side, Side]:
    """BASE and HEAD of the mesh at ``root``, which may lie anywhere in a git repository.

    ``base`` and ``head`` are revisions. Without the first it is the commit where HEAD and the main branch parted,
    without the second the files on disk. A BASE without a mesh.yaml is an empty mesh: the first commit of a mesh is
    reviewed too. What both have in common is read once; unless the ``whole`` mesh is wanted, in outline only. ``cache``
    keeps what was found, for the next time; ``processes`` may work on that, as for ``checks.check_only``.

    Raises ``UsageError`` where there is no repository, a revision is unknown, the clone lacks what is needed, or HEAD
    has no mesh.yaml.
    """
    return sides_of(*find_places(root, base, head), cache, whole=whole, processes=processes)


@dataclass(frozen=True)
class Place:
    """Where one side lies, which people call ``title``.

    ``disk`` is the folder, unless it is the ``commit``; ``owners`` is its CODEOWNERS file.
    """

    tree: Tree
    name: str
    title: str
    commit: str | None = None
    disk: Path | None = None
    owners: Codeowners | None = None

    @property
    def is_mesh(self) -> bool:
        """Whether there is a mesh.yaml."""
        return self.tree.entry(MESH_FILE) is not None

    @cached_property
    def opened(self) -> Opened:
        """All but the contracts; raises ``UsageError`` where there is no mesh.yaml."""
        return open_mesh(self.tree, self.name)


def find_places(root: Path, base: str | None = None, head: str | None = None) -> tuple[Place, Place]:
    """Where the sides lie that ``read_sides`` reads; raises ``UsageError`` as it does."""
    repository = Repository(root)
    base_commit = repository.merge_base() if base is None else repository.commit(base)
    title = f"the merge base {base_commit[:12]}" if base is None else base
    before = Place(Commit(repository, base_commit), base_commit, title, base_commit)
    if head is None:
        return before, Place(Disk(root), str(root), "the working tree", disk=root, owners=find_codeowners(root))
    commit = repository.commit(head)
    owners = _codeowners_at(repository, commit)
    return before, Place(Commit(repository, commit), head, head, commit, owners=owners)


def sides_of(
    before: Place, after: Place, cache: Cache | None = None, *, whole: bool = True, processes: int = 1
) -> tuple[Side, Side]:
    """The sides that lie in two places, as ``read_sides`` reads them."""
    means = Means(cache or NoCache(), keep=True)
    found = None if whole else _in_outline(before, after, replace(means, processes=processes, root=after.disk))
    base, head = found or _in_full(before, after, means)
    return _of(before, base), _of(after, head)


def _of(place: Place, side: Side) -> Side:
    """What lies at a place, as people call it."""
    modules = read_modules(place.tree, side.spec.mesh) if side.spec else {}
    return replace(side, name=place.title, modules=modules)


def _in_full(before: Place, after: Place, means: Means) -> tuple[Side, Side]:
    """Both sides with every contract; what HEAD was found to be worth is not worked out again."""
    reading = means.reading
    found = survey(after.opened, today(), means, after.owners)
    base = Side("", EMPTY, ())
    if before.is_mesh:
        loaded = load_partial(reading.known(read_tree(before.tree, before.name)), reading.read)
        base = Side("", loaded.comparable, loaded.findings, mesh=loaded.mesh)
    files = reading.known(read_tree(after.tree, after.name))
    if found is None:
        spec, findings = check_files(files, after.owners, reading.read, root=after.disk)
        return base, Side("", spec or load_partial(files, reading.read).comparable, findings)
    return base, Side("", load_partial(files, reading.read).comparable, found.findings)


def _in_outline(before: Place, after: Place, means: Means) -> tuple[Side, Side] | None:
    """Both sides, of what is the same only an outline; None where they must be read in full to be compared."""
    if not (before.is_mesh and after.is_mesh):
        return None
    old, new = before.opened, after.opened
    if old.key != new.key:
        return None
    head = survey(new, today(), means, after.owners)
    base = survey(old, today(), replace(means, judge=False, root=None))
    if base is None or head is None:
        return None
    read = read_what_matters((before.tree, base), (after.tree, head), means)
    if read is None:
        return None
    return (
        Side("", _spec(base, read[0]), base.found, mesh=base.spec.mesh),
        Side("", _spec(head, read[1]), head.findings),
    )


def _spec(found: Survey, contracts: Iterable[Contract]) -> Spec | None:
    """What was found, with some contracts read."""
    if not only_dangling(found.found):
        return None
    read = tuple(sorted(contracts, key=lambda contract: contract.key))
    keys = {contract.key for contract in read}
    domains = {contract.domain for contract in read}
    others = tuple(one for one in found.spec.others if one.domain not in domains or one.key not in keys)
    return replace(found.spec, contracts=read, others=others)


def _codeowners_at(repository: Repository, commit: str) -> Codeowners | None:
    """The CODEOWNERS file in a commit."""
    found = repository.top(commit, PLACES)
    texts = {
        path: repository.content(item).decode("utf-8", "replace")
        for path, item in found.items()
        if path in PLACES and item.mode.startswith("100") and item.size <= MAX_BYTES
    }
    return read_by_github(texts, repository.prefix)
