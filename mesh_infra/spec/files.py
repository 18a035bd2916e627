"""The files of a mesh: which there are, and their text, without following anything out of the repository."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mesh_infra.errors import UsageError
from mesh_infra.findings import Finding, Severity, printable
from mesh_infra.spec.problems import quoted
from mesh_infra.spec.source import Source
from mesh_infra.spec.tree import Disk, Entry, Kind, Tree

MAX_BYTES = 1024 * 1024
"""The largest file that is read; a contract of 1,000 columns has a tenth of it."""

MESH_FILE = "mesh.yaml"
DOMAINS = "domains"
CONTRACTS = "contracts"

_UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff")
_UNUSABLE = {
    Kind.LINK_OUT: ("file-link", "the link leads out of the mesh", "replace it by a copy"),
    Kind.LINK_NOWHERE: ("file-link", "the link leads nowhere", "remove it"),
    Kind.SUBMODULE: ("file-unreadable", "the files of a submodule are not in this repository", "replace it by a copy"),
}


@dataclass(frozen=True, slots=True)
class MeshFile:
    """A file of a domain or a contract; ``folder`` is the contract's domain, ``stem`` its name without ``.yaml``.

    ``source`` is None where it could not be read.
    """

    folder: str
    stem: str
    source: Source | None


@dataclass(slots=True)
class MeshFiles:
    """All files of a mesh in the order of their paths, and what is wrong with them as files."""

    mesh: Source | None = None
    domains: list[MeshFile] = field(default_factory=list)
    contracts: list[MeshFile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_files(root: Path) -> MeshFiles:
    """Read the mesh at ``root``; raises ``UsageError`` where there is no mesh.yaml."""
    return read_tree(Disk(root), str(root))


def read_tree(tree: Tree, name: str) -> MeshFiles:
    """Read the mesh in ``tree``, which people know as ``name``; raises ``UsageError`` where there is no mesh.yaml."""
    found, folders = read_top(tree, name)
    for folder in folders:
        inside = read_folder(tree, folder)
        found.contracts.extend(inside.contracts)
        found.findings.extend(inside.findings)
    return found


def read_top(tree: Tree, name: str) -> tuple[MeshFiles, tuple[Entry, ...]]:
    """The mesh in ``tree`` without its contracts, and the folders that they lie in; raises as ``read_tree``."""
    mesh = tree.entry(MESH_FILE)
    if mesh is None:
        hint = "run this in the folder that holds mesh.yaml, or name that folder"
        if tree.entry("mesh.yml") is not None:
            hint = "rename mesh.yml to mesh.yaml"
        raise UsageError(f"there is no mesh.yaml in '{printable(name)}'", hint)
    reader = _FileReader(tree)
    if reader.is_usable(mesh):
        reader.found.mesh = reader.read(mesh)
    reader.read_domains()
    return reader.found, tuple(reader.folders())


def read_folder(tree: Tree, folder: Entry) -> MeshFiles:
    """The contracts in one of the folders that ``read_top`` has found, and what is wrong with the files in it."""
    reader = _FileReader(tree)
    reader.read_folder(folder)
    return reader.found


def is_passed_over(name: str) -> bool:
    """Whether something is called as if it were hidden, or left behind by an editor: nobody reads it."""
    return name.startswith((".", "#")) or name.endswith("~")


class _FileReader:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.found = MeshFiles()

    def read_domains(self) -> None:
        for entry in self._inside_of(self._tree.entry(DOMAINS)):
            if entry.kind is Kind.FOLDER:
                self._problem("file-place", entry.path, "domains have no folders", "move its files up into 'domains'")
            elif stem := self._stem(entry):
                self.found.domains.append(MeshFile("", stem, self.read(entry)))

    def folders(self) -> Iterator[Entry]:
        for entry in self._inside_of(self._tree.entry(CONTRACTS)):
            if entry.kind is Kind.FOLDER:
                yield entry
            elif self._stem(entry):
                self._problem("file-place", entry.path, "a contract lies in the folder of its domain", "move it there")

    def read_folder(self, folder: Entry) -> None:
        for entry in self._inside_of(folder):
            if entry.kind is Kind.FOLDER:
                hint = f"move its files up into {quoted(folder.path)}"
                self._problem("file-place", entry.path, "a domain's contracts have no folders", hint)
            elif stem := self._stem(entry):
                self.found.contracts.append(MeshFile(folder.name, stem, self.read(entry)))

    def _inside_of(self, folder: Entry | None) -> Iterator[Entry]:
        """What lies in a folder, sorted: nothing hidden, nothing that editors leave behind, nothing from elsewhere."""
        if folder is None or not self.is_usable(folder):
            return
        try:
            entries = sorted(self._tree.entries(folder.path), key=lambda entry: entry.name)
        except OSError as error:
            self._problem("file-unreadable", folder.path, f"the folder cannot be read: {error.strerror}")
            return
        for entry in entries:
            if not is_passed_over(entry.name) and self.is_usable(entry):
                yield entry

    def _stem(self, entry: Entry) -> str | None:
        """The name of a YAML file without its ending; None for other files."""
        stem, _, ending = entry.name.rpartition(".")
        if ending == "yaml":
            return stem
        if ending.lower() in ("yaml", "yml"):
            self._problem("file-name", entry.path, "only files that end in .yaml are read", f"rename it to {stem}.yaml")
        return None

    def read(self, entry: Entry) -> Source | None:
        """The text of a file; None where it cannot be had, with a finding."""
        if entry.kind is not Kind.FILE:
            self._problem("file-unreadable", entry.path, "this is no file that can be read", "replace it by a file")
            return None
        try:
            raw = self._tree.read(entry.path, MAX_BYTES)
        except OSError as error:
            self._problem("file-unreadable", entry.path, f"the file cannot be read: {error.strerror}")
            return None
        if raw is None:
            self._problem("file-size", entry.path, "the file is larger than 1 MiB", "describe one dataset in each file")
            return None
        return self._decoded(raw, entry.path)

    def _decoded(self, raw: bytes, path: str) -> Source | None:
        try:
            return Source(printable(path), raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            before = raw[: error.start].decode("utf-8", "replace")
            line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
            what = "UTF-16" if raw.startswith(_UTF_16_OR_32) else f"not UTF-8: byte 0x{raw[error.start]:02X} here"
            self._problem("file-encoding", path, f"the file is {what}", "save it as UTF-8", (line, column))
            return None

    def is_usable(self, entry: Entry) -> bool:
        """Whether something is the repository's own, wherever links lead; where it is not, with a finding."""
        problem = _UNUSABLE.get(entry.kind)
        if problem is not None:
            rule, message, hint = problem
            self._problem(rule, entry.path, message, hint)
        return problem is None

    def _problem(self, rule: str, path: str, message: str, hint: str = "", at: tuple[int, int] = (0, 0)) -> None:
        self.found.findings.append(Finding(rule, Severity.ERROR, printable(path), *at, message, hint))
