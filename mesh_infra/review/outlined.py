"""The contracts that a review must read, where both sides are known in outline.

Those in files that differ, and the other versions of their datasets. Of a dataset that is new or becomes served, those
that are called like it in any domain too: it may be a copy of theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from mesh_infra.review.contracts.heirs import namesakes
from mesh_infra.spec.files import MeshFile, MeshFiles, read_folder
from mesh_infra.spec.model import Contract
from mesh_infra.spec.tree import Entry, Tree
from mesh_infra.survey import Means, Survey, digest_of

Found = tuple[Tree, Survey]
"""One side: where it lies, and what is known of it."""


def read_what_matters(base: Found, head: Found, means: Means) -> tuple[list[Contract], list[Contract]] | None:
    """The contracts of BASE and of HEAD that a review looks into; what did not change is one value for both.

    None where files are no longer what they were, or a dataset cannot be found in them by its name.
    """
    before, after = base[1].digests, head[1].digests
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    old, new = _folders(base, changed), _folders(head, changed)
    if old is None or new is None:
        return None
    old_ones, new_ones = _contracts(_differing(old, new), means), _contracts(_differing(new, old), means)
    likely = _unchanged(base, changed, old_ones, new_ones, means)
    return None if likely is None else ([*old_ones, *likely], [*new_ones, *likely])


def _folders(side: Found, names: Collection[str]) -> dict[str, MeshFiles] | None:
    tree, found = side
    return read_folders(tree, [folder for name, folder in found.folders.items() if name in names], found.digests)


def read_folders(tree: Tree, folders: Collection[Entry], digests: Mapping[str, str]) -> dict[str, MeshFiles] | None:
    """What lies in some folders, by their names; None where it is no longer what ``digests`` names."""
    tree.expect([folder.path for folder in folders])
    read = {folder.name: read_folder(tree, folder) for folder in folders}
    return read if all(digest_of(files) == digests[name] for name, files in read.items()) else None


def _differing(files: Mapping[str, MeshFiles], others: Mapping[str, MeshFiles]) -> list[MeshFile]:
    """Those of the files that the other side does not have like that."""
    there = {_written(file) for found in others.values() for file in found.contracts}
    return [file for found in files.values() for file in found.contracts if _written(file) not in there]


def _written(file: MeshFile) -> tuple[str, str, str]:
    return file.folder, file.stem, file.source.text if file.source else ""


def _contracts(files: list[MeshFile], means: Means) -> list[Contract]:
    return list(means.reading.contracts(MeshFiles(contracts=files)).contracts)


def _unchanged(
    base: Found, changed: Collection[str], old: Collection[Contract], new: Collection[Contract], means: Means
) -> list[Contract] | None:
    """The contracts that are the same on both sides and matter to those that are not."""
    versions = {contract.dataset for contract in (*old, *new)}
    copies = namesakes(old, new)
    differing = {contract.key for contract in old}
    wanted = {
        outline.key
        for outline in base[1].spec.others
        if outline.dataset in copies or (outline.domain in changed and outline.dataset in versions)
    } - differing
    folders = _folders(base, {domain for domain, _, _ in wanted})
    if folders is None:
        return None
    likely = [file for files in folders.values() for file in _called(files, {name for _, name, _ in wanted})]
    found = [contract for contract in _contracts(likely, means) if contract.key in wanted]
    return found if len(found) == len(wanted) else None


def _called(files: MeshFiles, names: Collection[str]) -> Iterator[MeshFile]:
    """Those of the files in which the name of one of some datasets stands, whatever the file itself is called."""
    return (file for file in files.contracts if file.source and any(name in file.source.text for name in names))
