"""The mesh in a commit, as a tree of files: what a checkout of it would hold, links included."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from mesh_infra.review.git import GitObject, Repository
from mesh_infra.spec.files import CONTRACTS, DOMAINS, MAX_BYTES, MESH_FILE, is_passed_over
from mesh_infra.spec.tree import Entry, Kind, Tree

_LINK = "120000"
_FOLDER = "040000"
_KINDS = {_FOLDER: Kind.FOLDER, "100644": Kind.FILE, "100755": Kind.FILE, "160000": Kind.SUBMODULE}
_MOST_LINKS = 40
_LONGEST_LINK = 4096
"""Beyond these a link leads nowhere, as in Linux (path_resolution(7))."""

_Parts = tuple[str, ...]


class _LeadsOutError(Exception):
    """A link leads out of the mesh."""


class Commit:
    """A commit of a repository, seen from the root of its mesh; folders of contracts are listed when they are read."""

    def __init__(self, repository: Repository, commit: str) -> None:
        self._repository = repository
        self._commit = commit
        self._objects: dict[str, GitObject] = {}
        self._names: dict[str, dict[str, None]] = {}
        self._unlisted: set[str] = set()
        self._add(repository.level(commit, (MESH_FILE, "mesh.yml", DOMAINS, f"{DOMAINS}/", CONTRACTS, f"{CONTRACTS}/")))
        self._fetch(self._objects)
        self._unlisted = {path for path in self._objects if path.startswith(f"{CONTRACTS}/") and self._is_folder(path)}
        self._unfetched = set(self._unlisted)

    def _add(self, found: Mapping[str, GitObject]) -> None:
        if any(item.mode == _LINK for item in found.values()):
            # It may lead anywhere.
            found = self._repository.listing(self._commit)
            self._unlisted.clear()
        self._objects |= found
        for path in found:
            folder, _, name = path.rpartition("/")
            self._names.setdefault(folder, {})[name] = None

    def _fetch(self, paths: Iterable[str]) -> None:
        """Fetch the files that will be read for certain."""
        objects = ((path, self._objects[path]) for path in paths)
        self._repository.fetch(item for path, item in objects if _is_read(path, item))

    def _is_folder(self, path: str) -> bool:
        return self._objects[path].mode == _FOLDER

    def _list(self, folders: Collection[str]) -> None:
        wanted = self._unlisted.intersection(folders)
        if wanted:
            self._unlisted -= wanted
            self._add(self._repository.listing(self._commit, sorted(wanted)))

    def expect(self, folders: Collection[str]) -> None:
        """List folders of contracts, and fetch what is in them, at once."""
        self._list(folders)
        wanted = self._unfetched.intersection(folders)
        if wanted:
            self._unfetched -= wanted
            self._fetch(f"{folder}/{name}" for folder in wanted for name in self._names.get(folder, ()))

    def look_at(self, paths: Collection[str]) -> None:
        """List files that are no part of the mesh's own, and the folders on the way to them, each of which is named."""
        wanted = sorted(path for path in paths if path not in self._objects)
        if wanted:
            self._add(self._repository.level(self._commit, wanted))

    def differing(self, other: Tree, folders: Collection[str]) -> set[str]:
        """Those of some folders in which another tree does not hold the same files, byte by byte, and no others.

        Files of the commit are not read for that, since git names them after their content. Where anything else than
        files lies, or the other tree cannot be read, that counts as a difference; what nobody reads does not count
        (``is_passed_over``).
        """
        self._list(folders)
        return {folder for folder in folders if not self._has_files(other, folder)}

    def _has_files(self, other: Tree, folder: str) -> bool:
        mine = {name for name in self._names.get(folder, ()) if not is_passed_over(name)}
        try:
            theirs = {entry.name for entry in other.entries(folder) if not is_passed_over(entry.name)}
            return mine == theirs and all(self._has_file(other, f"{folder}/{name}") for name in mine)
        except OSError:
            return False

    def _has_file(self, other: Tree, path: str) -> bool:
        item = self._objects[path]
        if _KINDS.get(item.mode) is not Kind.FILE:
            return False
        if isinstance(other, Commit):
            return item == other._objects.get(path)
        held = other.read(path, MAX_BYTES)
        return held is not None and self._repository.names(item, held)

    def fingerprint(self, folder: str) -> str | None:
        """The id of the tree, which names all that is in it; None with links inside, which may lead out of it.

        Whether there are links is known of what was expected or read.
        """
        item = self._objects.get(folder)
        if item is None or item.mode != _FOLDER:
            return None
        inside = (self._objects[f"{folder}/{name}"] for name in self._names.get(folder, ()))
        return None if any(other.mode == _LINK for other in inside) else f"git {item.id}"

    def entry(self, path: str) -> Entry | None:
        """What lies at ``path``; None where nothing does."""
        found = self._entry(path)
        return None if found.kind is Kind.LINK_NOWHERE and path not in self._objects else found

    def entries(self, folder: str) -> Iterator[Entry]:
        """What lies in a folder; raises ``OSError`` where it is none."""
        self.expect((folder,))
        real = "/".join(self._resolve(folder) or ())
        item = self._objects.get(real)
        if item is None or item.mode != _FOLDER:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        for name in self._names.get(real, ()):
            yield self._entry(f"{folder}/{name}")

    def read(self, path: str, most: int) -> bytes | None:
        """A file; None where it is larger than ``most`` bytes."""
        item = self._find(path)
        if item is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return self._repository.content(item) if item.size <= most else None

    def _entry(self, path: str) -> Entry:
        return Entry(path.rpartition("/")[2], path, self._kind(path))

    def _kind(self, path: str) -> Kind:
        try:
            item = self._find(path)
        except _LeadsOutError:
            return Kind.LINK_OUT
        return _KINDS.get(item.mode, Kind.OTHER) if item else Kind.LINK_NOWHERE

    def _find(self, path: str) -> GitObject | None:
        """What lies at ``path``, through links; None where nothing does."""
        real = self._resolve(path)
        return None if real is None else self._objects.get("/".join(real))

    def _resolve(self, path: str) -> _Parts | None:
        """The way to what lies at ``path`` without a link in it; None where a link leads nowhere."""
        real: list[str] = []
        left = list(reversed(path.split("/")))
        links = 0
        while left:
            part = left.pop()
            if part == "..":
                if not real:
                    raise _LeadsOutError
                real.pop()
            elif part not in ("", "."):
                real.append(part)
                item = self._objects.get("/".join(real))
                if item is not None and item.mode == _LINK:
                    real.pop()
                    links += 1
                    if links > _MOST_LINKS or item.size > _LONGEST_LINK:
                        return None
                    left.extend(reversed(self._target(item)))
        return tuple(real)

    def _target(self, link: GitObject) -> Sequence[str]:
        target = os.fsdecode(self._repository.content(link))
        if target.startswith("/"):
            raise _LeadsOutError
        return target.split("/")


def _is_read(path: str, item: GitObject) -> bool:
    """Whether a file will be read for certain, as far as its name and size tell."""
    ours = path == MESH_FILE or path.startswith((f"{DOMAINS}/", f"{CONTRACTS}/"))
    return ours and path.endswith(".yaml") and item.mode.startswith("100") and item.size <= MAX_BYTES
