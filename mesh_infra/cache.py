"""What has been worked out before, kept in the user's cache folder: JSON by the digest of all that it depends on.

A cache is never needed and never believed: an entry holds its own digest, one that is cut off, damaged or of another
version counts as absent, and where the folder cannot be used nothing is kept. It lies outside of every repository, and
holds JSON alone, which runs no code when it is read.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from mesh_infra.atomic import replace_file
from mesh_infra.errors import UsageError
from mesh_infra.host import cache_home, repository_around
from mesh_infra.version import __version__

SWITCH = "MESH_CHECK_CACHE"
"""Environment variable: ``off`` keeps nothing and believes nothing."""

FOLDER = "MESH_CACHE_DIR"
"""Environment variable: the folder to use instead of the user's."""

MOST_BYTES = 256 * 1024 * 1024
KEPT_DAYS = 14

_SWEPT = "swept"
_HEX = "[0-9a-f]"
_ENTRY = f"{_HEX * 40}/{_HEX * 2}/{_HEX * 38}"
_DAY = 24 * 60 * 60
_READ_BY = ("pydantic", "PyYAML", "open-data-contract-standard")
"""Packages whose versions decide what is read out of a file."""


Json = Any  # Any: whatever JSON holds


class Cache(Protocol):
    """Values by what they depend on."""

    def get(self, *key: str) -> Json:
        """The value that was put under ``key``; None where there is none that can be believed."""

    def put(self, value: Json, *key: str) -> None:
        """Keep a value that JSON can hold."""


class NoCache:
    """Keeps nothing."""

    def get(self, *_key: str) -> None:
        """None."""

    def put(self, value: Json, *key: str) -> None:
        """Nothing."""


class FolderCache:
    """A file for each entry below ``folder``, which is made for its owner alone.

    Several processes may use it at once: files are replaced whole, and what is the same key is the same value.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._entries = folder / code_digest()
        self._usable: bool | None = None

    def get(self, *key: str) -> Json:
        """The value that was put under ``key``; None where there is none that can be believed."""
        name = digest(*key)
        file = self._file(name)
        try:
            if not self._is_ours():
                return None
            raw = file.read_bytes()
            sealed, _, text = raw.partition(b"\n")
            if sealed != _seal(name, text):
                return None
            if time.time() - file.stat().st_mtime > _DAY:
                os.utime(file)
            return json.loads(text)
        except (OSError, ValueError):
            return None

    def put(self, value: Json, *key: str) -> None:
        """Keep a value that JSON can hold; where it cannot be written, nothing happens."""
        name = digest(*key)
        text = json.dumps(value, separators=(",", ":")).encode("ascii")
        with suppress(OSError, UsageError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._entries.mkdir(mode=0o700, exist_ok=True)
            self._usable = None
            if self._is_ours():
                replace_file(self._file(name), b"%b\n%b" % (_seal(name, text), text))
                self._sweep()

    def _file(self, name: str) -> Path:
        return self._entries / name[:2] / name[2:]

    def _is_ours(self) -> bool:
        """Whether nobody else can write there."""
        if self._usable is None:
            here = self._folder.stat()
            owned = not hasattr(os, "getuid") or here.st_uid == os.getuid()
            self._usable = owned and not here.st_mode & 0o022
        return self._usable

    def _sweep(self) -> None:
        """Once a day, remove what nobody used for long, and the oldest where it is too much."""
        mark = self._folder / _SWEPT
        now = time.time()
        if mark.exists() and now - mark.stat().st_mtime < _DAY:
            return
        mark.touch()
        left = MOST_BYTES
        # By their names, for the folder may be one that somebody named and that holds other things too.
        ours = (file for file in self._folder.glob(_ENTRY) if file.is_file())
        files = ((file, file.stat()) for file in ours)
        for file, about in sorted(files, key=lambda item: item[1].st_mtime, reverse=True):
            left -= about.st_size
            if left < 0 or now - about.st_mtime > KEPT_DAYS * _DAY:
                file.unlink(missing_ok=True)


def user_cache(root: Path, environ: Mapping[str, str] = os.environ) -> Cache:
    """The cache of this user for the mesh at ``root``, as the environment says.

    A folder in the mesh's own repository is not used: whoever can commit could say there what a check has found.
    """
    if environ.get(SWITCH, "").lower() in ("off", "0", "no", "false"):
        return NoCache()
    try:
        folder = Path(environ[FOLDER]) if environ.get(FOLDER) else _user_folder(environ)
        return NoCache() if folder.resolve().is_relative_to(repository_around(root)) else FolderCache(folder)
    except (OSError, RuntimeError):  # no home, or sources that cannot be looked at
        return NoCache()


def _user_folder(environ: Mapping[str, str]) -> Path:
    """Where the platform keeps such things (Apple, "File System Basics").

    A folder of its own: the Pulumi CLI, which lies beside it, is not swept.
    """
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "mesh-infra" / "checks"
    if sys.platform == "win32" and environ.get("LOCALAPPDATA"):
        return Path(environ["LOCALAPPDATA"]) / "mesh-infra" / "checks"
    return cache_home(environ) / "mesh-infra" / "checks"


def digest(*parts: str) -> str:
    """One name for several texts, which no others have."""
    state = blake2b(digest_size=20)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        state.update(b"%d:%b" % (len(raw), raw))
    return state.hexdigest()


def _seal(name: str, text: bytes) -> bytes:
    return blake2b(text, key=name.encode("ascii"), digest_size=20).hexdigest().encode("ascii")


@lru_cache(maxsize=1)
def code_digest() -> str:
    """One name for the code that runs: its files as they are on disk, Python, and the packages that read files."""
    versions = (f"{name} {importlib.metadata.version(name)}" for name in _READ_BY)
    return digest(__version__, sys.version, *versions, *sorted(_sources(str(Path(__file__).parent))))


def _sources(folder: str) -> Iterator[str]:
    with os.scandir(folder) as found:
        for entry in found:
            if entry.is_dir():
                yield from _sources(entry.path)
            elif entry.name.endswith(".py"):
                about = entry.stat()
                yield f"{entry.path} {about.st_size} {about.st_mtime_ns}"
