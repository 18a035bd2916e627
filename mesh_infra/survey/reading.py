"""Reading contracts, each file once however often it is met."""

from __future__ import annotations

from dataclasses import replace

from mesh_infra.cache import digest
from mesh_infra.spec.files import MeshFile, MeshFiles
from mesh_infra.spec.load import Held, Organisation, ReadContracts, read_contracts, read_organisation
from mesh_infra.survey.record import Record


class Reading:
    """What was read, for both sides of a review: files that are the same are one value.

    ``read`` are the contracts, ``records`` what the cache knew, by its key.
    """

    def __init__(self) -> None:
        self.read: ReadContracts = {}
        self.records: dict[tuple[str, ...], Record] = {}
        self._files: dict[str, MeshFile] = {}
        self._organisations: dict[str, Organisation] = {}

    def organisation(self, top: MeshFiles) -> Organisation:
        """What mesh.yaml and the domains say."""
        key = key_of(top)
        if key not in self._organisations:
            self._organisations[key] = read_organisation(top)
        return self._organisations[key]

    def contracts(self, files: MeshFiles) -> Held:
        """The contracts in ``files``."""
        return read_contracts(self.known(files).contracts, self.read)

    def known(self, files: MeshFiles) -> MeshFiles:
        """``files``, those that were met at the same place with the same text as the values they were then."""
        return replace(files, contracts=[self._known(file) for file in files.contracts])

    def _known(self, file: MeshFile) -> MeshFile:
        if file.source is None:
            return file
        other = self._files.setdefault(file.source.path, file)
        return other if other.source and other.source.text == file.source.text else file


def digest_of(files: MeshFiles) -> str:
    """One name for what was read of a folder: the texts of its files, and what is wrong with them as files."""
    texts = (part for file in files.contracts for part in (file.stem, file.source.text if file.source else ""))
    return digest(*map(str, files.findings), "", *texts)


def key_of(top: MeshFiles) -> str:
    """One name for mesh.yaml and the files of domains; what is wrong with them as files included."""
    texts = (part for file in top.domains for part in (file.stem, file.source.text if file.source else ""))
    return digest(*map(str, top.findings), "", top.mesh.text if top.mesh else "", *texts)
