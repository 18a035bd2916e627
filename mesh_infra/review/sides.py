"""The two sides of a review: BASE out of git, HEAD out of git or from disk as it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mesh_infra.checks import check_files
from mesh_infra.codeowners import PLACES, Codeowners, find_codeowners, read_by_github
from mesh_infra.findings import Finding
from mesh_infra.review.git import Repository
from mesh_infra.review.git_tree import Commit
from mesh_infra.spec.files import MAX_BYTES, MESH_FILE, MeshFile, MeshFiles, read_files, read_tree
from mesh_infra.spec.load import ReadContracts, load_files
from mesh_infra.spec.model import Mesh, Spec
from mesh_infra.spec.source import Source

EMPTY = Spec(Mesh(organization="", environments={}, source=Source(MESH_FILE, "")), (), ())
"""A mesh before there is one."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a review; ``name`` is what people call it.

    ``spec`` is None where the files cannot be understood. ``findings`` are about the files, and for HEAD about all that
    `mesh check` checks.
    """

    name: str
    spec: Spec | None
    findings: tuple[Finding, ...]


def read_sides(root: Path, base: str | None = None, head: str | None = None) -> tuple[Side, Side]:
    """BASE and HEAD of the mesh at ``root``, which may lie anywhere in a git repository.

    ``base`` and ``head`` are revisions. Without the first it is the commit where HEAD and the main branch parted,
    without the second the files on disk. A BASE without a mesh.yaml is an empty mesh: the first commit of a mesh is
    reviewed too. What both have in common is read once.

    Raises ``UsageError`` where there is no repository, a revision is unknown, the clone lacks what is needed, or HEAD
    has no mesh.yaml.
    """
    repository = Repository(root)
    read: ReadContracts = {}
    base_commit = repository.merge_base() if base is None else repository.commit(base)
    before = _files_at(repository, base_commit)
    if head is None:
        after, owners = read_files(root), find_codeowners(root)
    else:
        head_commit = repository.commit(head)
        after, owners = read_tree(Commit(repository, head_commit), head), _codeowners_at(repository, head_commit)
    name = f"the merge base {base_commit[:12]}" if base is None else base
    if before is None:
        base_side = Side(name, EMPTY, ())
    else:
        _share(before, after)
        base_side = Side(name, *load_files(before, read))
    return base_side, Side(
        head or "the working tree", *check_files(after, owners, read, root=root if head is None else None)
    )


def _files_at(repository: Repository, commit: str) -> MeshFiles | None:
    """The files of the mesh in a commit; None where it has no mesh."""
    tree = Commit(repository, commit)
    return read_tree(tree, commit) if tree.entry(MESH_FILE) else None


def _share(before: MeshFiles, after: MeshFiles) -> None:
    """Let files that are the same on both sides be the same value, so that they are understood once."""
    known = {file.source.path: file for file in before.contracts if file.source}
    after.contracts = [_same(file, known) for file in after.contracts]


def _same(file: MeshFile, known: dict[str, MeshFile]) -> MeshFile:
    other = known.get(file.source.path) if file.source else None
    same = other and other.source and file.source and other.source.text == file.source.text
    return other if other and same else file


def _codeowners_at(repository: Repository, commit: str) -> Codeowners | None:
    """The CODEOWNERS file in a commit."""
    found = repository.top(commit, PLACES)
    texts = {
        path: repository.content(item).decode("utf-8", "replace")
        for path, item in found.items()
        if path in PLACES and item.mode.startswith("100") and item.size <= MAX_BYTES
    }
    return read_by_github(texts, repository.prefix)
