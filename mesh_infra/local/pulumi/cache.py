"""The user's cache folder: what is installed there once, whole or not at all, by one process at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mesh_infra.host import cache_home

_PARTIAL = ".partial-"


def cache_folder() -> Path:
    """``$MESH_CACHE``, else ``mesh-infra`` among the user's caches."""
    if own := os.environ.get("MESH_CACHE"):
        return Path(own).expanduser().absolute()
    return cache_home(os.environ) / "mesh-infra"


@contextmanager
def exclusive(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of ``folder``; call ``waiting`` once if another process has it, then wait for it.

    The lock ends with the process, however that ends. Raises OSError if the folder cannot be made or locked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """An empty folder beside ``target`` that takes its place when the block ends, and is removed when it raises.

    Call it with the lock held: what a killed process has left behind is removed too.
    """
    for left in target.parent.glob(f"{_PARTIAL}*"):
        shutil.rmtree(left)
    partial = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=target.parent))
    try:
        yield partial
        partial.chmod(0o755)
        if target.exists():
            shutil.rmtree(target)
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def write_executable(path: Path, text: str) -> None:
    """Write a script that can be run, atomically: a process that starts it meanwhile gets the old or the new one."""
    handle, partial = tempfile.mkstemp(prefix=_PARTIAL, dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(partial).chmod(0o755)
    Path(partial).replace(path)
