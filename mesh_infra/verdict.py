"""What a check of a whole mesh found, kept for the next time that nothing of it has changed.

`mesh check` of a small mesh takes most of its time to load the code that reads and judges it. Where every file is as it
was, none of that is needed: so this module imports none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path

from mesh_infra.cache import Cache
from mesh_infra.codeowners import find_codeowners
from mesh_infra.findings import Finding, as_rows, from_rows
from mesh_infra.spec.files import CONTRACTS, read_files

MOST_FILES = 500
"""In a larger mesh the code takes little of the time, and to read all files once more would take longer."""

_OWN_RULES = ("modules", "\\")
"""A mesh.yaml with this word, or with an escape that may hide it, may name rules that can look at anything."""


@dataclass(frozen=True, slots=True)
class Checked:
    """All findings about a mesh, in order, and how many domains and contracts it has; None where it cannot be read."""

    findings: tuple[Finding, ...]
    domains: int | None = None
    contracts: int | None = None


Key = tuple[str, ...]


def key_of(root: Path, as_of: date) -> Key | None:
    """All that a check of the mesh at ``root`` on a day depends on, the code apart, which the cache itself knows.

    None where a check must look for itself. Raises ``UsageError`` where there is no mesh at ``root``.
    """
    if any(islice((root / CONTRACTS).glob("*/*"), MOST_FILES, None)):
        return None
    files = read_files(root)
    if files.mesh is None or files.findings or any(sign in files.mesh.text for sign in _OWN_RULES):
        return None
    held = [(file.folder, file.stem, file.source) for file in (*files.domains, *files.contracts)]
    texts = chain.from_iterable((folder, stem, source.path, source.text) for folder, stem, source in held if source)
    return ("verdict", as_of.isoformat(), repr(find_codeowners(root)), files.mesh.text, *texts)


def recall(key: Key | None, cache: Cache) -> Checked | None:
    """What was found where everything was the same; None where that is not known."""
    kept = None if key is None else cache.get(*key)
    if kept is None:
        return None
    return Checked(from_rows(kept["findings"]), kept["domains"], kept["contracts"])


def keep(key: Key | None, after: Key | None, checked: Checked, cache: Cache) -> None:
    """Keep what was found; ``after`` is the key as it is now, since files may have changed meanwhile."""
    if key is not None and key == after:
        cache.put(
            {"findings": as_rows(checked.findings), "domains": checked.domains, "contracts": checked.contracts}, *key
        )
