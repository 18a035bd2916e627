"""What a command finds where it runs: the day, the repository around a mesh, the user's folder for caches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path


def today() -> date:
    """The day it is, in UTC."""
    return datetime.now(UTC).date()


def repository_around(root: Path) -> Path:
    """The top of the git repository that ``root`` lies in; ``root`` itself where there is none. Both are resolved."""
    here = root.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)


def cache_home(environ: Mapping[str, str]) -> Path:
    """``$XDG_CACHE_HOME``, else ``~/.cache``.

    A relative one is ignored, as the XDG Base Directory Specification asks.
    """
    named = Path(environ.get("XDG_CACHE_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".cache"
