"""A repository as a tree of files, wherever it lies: on disk here, in git's objects for reviews."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from stat import S_ISREG
from typing import Protocol


class Kind(Enum):
    """What something in a tree is; a link that stays inside is what it leads to."""

    FILE = auto()
    FOLDER = auto()
    LINK_OUT = auto()
    LINK_NOWHERE = auto()
    SUBMODULE = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a tree; ``path`` is relative to the tree's root, in POSIX form."""

    name: str
    path: str
    kind: Kind


class Tree(Protocol):
    """The files below one root, and nothing outside it."""

    def entry(self, path: str) -> Entry | None:
        """What lies at ``path``; None where nothing does."""

    def entries(self, folder: str) -> Iterator[Entry]:
        """What lies in a folder, in any order; raises ``OSError`` where it cannot be read."""

    def read(self, path: str, most: int) -> bytes | None:
        """A file; None where it is larger than ``most`` bytes. Raises ``OSError`` where it cannot be read."""

    def fingerprint(self, folder: str) -> str | None:
        """What tells, without reading files, that a folder holds what it held when this was the same.

        None where nothing does.
        """

    def expect(self, folders: Collection[str]) -> None:
        """Say which folders will be read, for a tree that is faster to read them together."""


_SETTLED_NS = 2_000_000_000
"""How long ago a file was changed for its time to tell the next change apart: FAT counts in steps of two seconds."""


class Disk:
    """A folder on disk; raises ``OSError`` where ``root`` itself cannot be resolved."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def entry(self, path: str) -> Entry | None:
        """What lies at ``path``; None where nothing does."""
        target = self._root / path
        if not (target.is_symlink() or target.exists()):
            return None
        return Entry(target.name, path, self._linked(target) if target.is_symlink() else _kind(target))

    def entries(self, folder: str) -> Iterator[Entry]:
        """What lies in a folder; raises ``OSError`` where it cannot be read."""
        with os.scandir(self._root / folder) as found:
            for entry in found:
                kind = self._linked(Path(entry)) if entry.is_symlink() else _kind(entry)
                yield Entry(entry.name, f"{folder}/{entry.name}", kind)

    def read(self, path: str, most: int) -> bytes | None:
        """A file; None where it is larger than ``most`` bytes. Raises ``OSError`` where it cannot be read."""
        with (self._root / path).open("rb") as opened:
            raw = opened.read(most + 1)
        return raw if len(raw) <= most else None

    def fingerprint(self, folder: str) -> str | None:
        """The size, times and number of every file, as git's index has them; None with links or folders inside.

        None too where a file changed just now: the next change could have the same time (git, "Racy Git").
        """
        settled = time.time_ns() - _SETTLED_NS
        base = self._root / folder
        seen: list[str] = []
        try:
            if base.is_symlink():
                return None
            with os.scandir(base) as found:
                for entry in found:
                    about = entry.stat(follow_symlinks=False)
                    changed, touched = about.st_mtime_ns, about.st_ctime_ns
                    if changed > settled or touched > settled or not S_ISREG(about.st_mode):
                        return None
                    place = f"{entry.name}\0{about.st_dev} {about.st_ino}"
                    seen.append(f"{place} {about.st_mode} {about.st_size} {changed} {touched}")
        except OSError:
            return None
        return "\0".join((str(base), *sorted(seen)))  # no name holds a NUL

    def expect(self, folders: Collection[str]) -> None:
        """Nothing: each file is read by itself."""

    def _linked(self, link: Path) -> Kind:
        try:
            if not link.resolve(strict=True).is_relative_to(self._root):
                return Kind.LINK_OUT
        except (OSError, RuntimeError):  # a link to nothing, or to itself
            return Kind.LINK_NOWHERE
        return _kind(link)


def _kind(target: Path | os.DirEntry[str]) -> Kind:
    if target.is_dir():
        return Kind.FOLDER
    return Kind.FILE if target.is_file() else Kind.OTHER
