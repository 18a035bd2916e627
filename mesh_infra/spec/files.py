"""The files of a mesh: which there are, and their text, without following anything out of the repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mesh_infra.errors import UsageError
from mesh_infra.findings import Finding, Severity
from mesh_infra.spec.problems import printable, quoted
from mesh_infra.spec.source import Source

MAX_BYTES = 1024 * 1024
"""The largest file that is read; a contract of 1,000 columns has a tenth of it."""

_UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff")


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
    mesh = root / "mesh.yaml"
    if not (mesh.is_symlink() or mesh.exists()):
        hint = "run this in the folder that holds mesh.yaml, or name that folder"
        if (root / "mesh.yml").exists():
            hint = "rename mesh.yml to mesh.yaml"
        raise UsageError(f"there is no mesh.yaml in '{printable(str(root))}'", hint)
    reader = _FileReader(root)
    if reader.is_ours(mesh, "mesh.yaml"):
        reader.found.mesh = reader.read(mesh, "mesh.yaml")
    reader.read_domains()
    reader.read_contracts()
    return reader.found


class _FileReader:
    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self.found = MeshFiles()

    def read_domains(self) -> None:
        for entry, path in self._inside_of(self._root / "domains", "domains"):
            if entry.is_dir():
                self._problem("file-place", path, "domains have no folders", "move its files up into 'domains'")
            elif stem := self._stem(entry, path):
                self.found.domains.append(MeshFile("", stem, self.read(entry, path)))

    def read_contracts(self) -> None:
        for entry, path in self._inside_of(self._root / "contracts", "contracts"):
            if entry.is_dir():
                self._read_folder(entry, path)
            elif self._stem(entry, path):
                self._problem("file-place", path, "a contract lies in the folder of its domain", "move it there")

    def _read_folder(self, folder: os.DirEntry[str], folder_path: str) -> None:
        for entry, path in self._inside_of(Path(folder), folder_path):
            if entry.is_dir():
                hint = f"move its files up into {quoted(folder_path)}"
                self._problem("file-place", path, "a domain's contracts have no folders", hint)
            elif stem := self._stem(entry, path):
                self.found.contracts.append(MeshFile(folder.name, stem, self.read(entry, path)))

    def _inside_of(self, folder: Path, path: str) -> Iterator[tuple[os.DirEntry[str], str]]:
        """What lies in a folder, sorted, each with its path in the mesh.

        Nothing hidden, nothing that editors leave behind, and no link out of the mesh.
        """
        if not (folder.is_symlink() or folder.exists()) or not self.is_ours(folder, path):
            return
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self._problem("file-unreadable", path, f"the folder cannot be read: {error.strerror}")
            return
        for entry in entries:
            inner = f"{path}/{entry.name}"
            if entry.name.startswith((".", "#")) or entry.name.endswith("~"):
                continue
            if not entry.is_symlink() or self.is_ours(Path(entry), inner):
                yield entry, inner

    def _stem(self, entry: os.DirEntry[str], path: str) -> str | None:
        """The name of a YAML file without its ending; None for other files."""
        stem, _, ending = entry.name.rpartition(".")
        if ending == "yaml":
            return stem
        if ending.lower() in ("yaml", "yml"):
            self._problem("file-name", path, "only files that end in .yaml are read", f"rename it to {stem}.yaml")
        return None

    def read(self, file: Path | os.DirEntry[str], path: str) -> Source | None:
        """The text of a file; None where it cannot be had, with a finding."""
        try:
            if not file.is_file():
                self._problem("file-unreadable", path, "this is no file that can be read", "replace it by a file")
                return None
            with Path(file).open("rb") as opened:
                raw = opened.read(MAX_BYTES + 1)
        except OSError as error:
            self._problem("file-unreadable", path, f"the file cannot be read: {error.strerror}")
            return None
        return self._decoded(raw, path)

    def _decoded(self, raw: bytes, path: str) -> Source | None:
        if len(raw) > MAX_BYTES:
            self._problem("file-size", path, "the file is larger than 1 MiB", "describe one dataset in each file")
            return None
        try:
            return Source(printable(path), raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            before = raw[: error.start].decode("utf-8", "replace")
            line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
            what = "UTF-16" if raw.startswith(_UTF_16_OR_32) else f"not UTF-8: byte 0x{raw[error.start]:02X} here"
            self._problem("file-encoding", path, f"the file is {what}", "save it as UTF-8", (line, column))
            return None

    def is_ours(self, target: Path, path: str) -> bool:
        """Whether a file or folder is one of the repository's own, wherever symbolic links lead."""
        try:
            if target.resolve(strict=True).is_relative_to(self._root):
                return True
            self._problem("file-link", path, "the link leads out of the mesh", "replace it by a copy")
        except (OSError, RuntimeError):  # a link to nothing, or to itself
            self._problem("file-link", path, "the link leads nowhere", "remove it")
        return False

    def _problem(self, rule: str, path: str, message: str, hint: str = "", at: tuple[int, int] = (0, 0)) -> None:
        self.found.findings.append(Finding(rule, Severity.ERROR, printable(path), *at, message, hint))
