"""What is known of the contracts in a folder: out of the cache, or by reading them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mesh_infra.cache import Cache
from mesh_infra.spec.files import MeshFiles, read_folder
from mesh_infra.spec.tree import Entry, Tree
from mesh_infra.survey.documents import supply
from mesh_infra.survey.examine import Examiner
from mesh_infra.survey.reading import Reading, digest_of
from mesh_infra.survey.record import Record, from_json, to_json

_LINK, _DOMAIN, _UNJUDGED = "folder", "domain", "unjudged"
"""Kinds of entries of the cache: what a folder holds, by its fingerprint; what is known of it, by what it holds, with
the rules that it breaks and without."""


@dataclass(frozen=True, slots=True)
class Known:
    """The contracts in a folder; ``digest`` is one name for its content, ``fresh``: it was not known before."""

    digest: str
    record: Record
    fresh: bool = False


class Domains:
    """The folders of one tree, judged under one organisation, which ``key`` names, on one day.

    Without ``judge`` contracts are read and not judged.
    """

    def __init__(
        self, tree: Tree, examiner: Examiner, key: str, as_of: date, cache: Cache, *, judge: bool = True
    ) -> None:
        self._tree = tree
        self._examiner = examiner
        self._key = key
        self._day = as_of.isoformat()
        self._cache = cache
        self._judge = judge

    def remembered(self, folder: Entry, reading: Reading) -> Known | None:
        """What the cache knows of a folder without looking into its files; None where it knows nothing."""
        fingerprint = self._tree.fingerprint(folder.path)
        held = self._cache.get(_LINK, fingerprint) if fingerprint else None
        return self._looked_up(folder, held, reading) if isinstance(held, str) else None

    def known(self, folder: Entry, reading: Reading) -> Known:
        """What is known of a folder, whose files are read."""
        self._tree.expect((folder.path,))
        fingerprint = self._tree.fingerprint(folder.path)  # before the files: they may change meanwhile
        files = read_folder(self._tree, folder)
        held = digest_of(files)
        known = self._looked_up(folder, held, reading)
        if known is None:
            supply(files, held, self._cache)
            known = Known(held, self._examined(files, reading), fresh=True)
            if known.record.sound:
                kind = _DOMAIN if self._judge else _UNJUDGED
                self._cache.put(to_json(known.record), kind, self._key, folder.name, held)
        if fingerprint:
            self._cache.put(held, _LINK, fingerprint)
        return known

    def _examined(self, files: MeshFiles, reading: Reading) -> Record:
        held = reading.contracts(files)
        return self._examiner.examine(files, held) if self._judge else self._examiner.read(files, held)

    def _looked_up(self, folder: Entry, held: str, reading: Reading) -> Known | None:
        for kind in (_DOMAIN,) if self._judge else (_DOMAIN, _UNJUDGED):
            key = (kind, self._key, folder.name, held)
            if key not in reading.records:
                data = self._cache.get(*key)
                if data is None:
                    continue
                reading.records[key] = from_json(data)
            record = reading.records[key]
            if record.day in (None, self._day):
                return Known(held, record)
        return None
