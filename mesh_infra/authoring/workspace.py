"""A mesh that is being written: its files, what they would be worth with one more or one changed, and safe writing."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from mesh_infra.atomic import replace_file
from mesh_infra.checks import check_files
from mesh_infra.codeowners import Codeowners, find_codeowners
from mesh_infra.errors import MeshInvalid, UsageError
from mesh_infra.findings import Finding, Severity
from mesh_infra.spec.files import CONTRACTS, MeshFile, MeshFiles, read_files
from mesh_infra.spec.load import ReadContracts
from mesh_infra.spec.model import Contract, Spec
from mesh_infra.spec.problems import quoted
from mesh_infra.spec.source import Source

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The mesh at ``root`` as it stands. ``spec`` is None where its files cannot be understood as a whole."""

    root: Path
    files: MeshFiles
    owners: Codeowners | None
    spec: Spec | None
    findings: tuple[Finding, ...]
    read: ReadContracts

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """The contracts that can be read, whatever is wrong elsewhere."""
        return tuple(contract for held, _ in self.read.values() for contract in held)

    def file_of(self, contract: Contract) -> MeshFile:
        """The file that a contract of this mesh stands in."""
        return next(file for file, (held, _) in self.read.items() if any(other is contract for other in held))

    def checked(self, path: str, text: str) -> Spec | None:
        """The mesh as it would be with ``text`` at ``path``; None where other files keep it from being understood.

        Raises ``MeshInvalid`` with every error in that file, and those that it would bring to others.
        """
        spec, errors = self.errors(path, text)
        if errors:
            raise MeshInvalid(errors)
        return spec

    def errors(self, path: str, text: str) -> tuple[Spec | None, tuple[Finding, ...]]:
        """As ``checked``, with the errors; where there is a mesh all the same, only rules are broken."""
        spec, findings = check_files(self._with(path, text), self.owners, dict(self.read), root=self.root)
        known = set(self.findings)
        errors = (f for f in findings if f.severity is Severity.ERROR and (f.path == path or f not in known))
        return spec, tuple(errors)

    def _with(self, path: str, text: str) -> MeshFiles:
        folder, _, name = path.rpartition("/")
        kind, _, domain = folder.partition("/")
        added = MeshFile(domain, name.removesuffix(".yaml"), Source(path, text))
        files = self.files
        listed = files.contracts if kind == CONTRACTS else files.domains
        others = [file for file in listed if (file.folder, file.stem) != (added.folder, added.stem)]
        whole = sorted([*others, added], key=lambda file: (file.folder, file.stem))
        return replace(files, contracts=whole) if kind == CONTRACTS else replace(files, domains=whole)


def open_mesh(root: Path) -> Workspace:
    """The mesh at ``root``; raises ``UsageError`` where there is none."""
    files, owners = read_files(root), find_codeowners(root)
    read: ReadContracts = {}
    spec, findings = check_files(files, owners, read, root=root)
    return Workspace(root, files, owners, spec, findings, read)


def diff(path: str, old: str, new: str) -> tuple[str, ...]:
    """What an edit changes, as the lines of a unified diff."""
    lines = unified_diff(old.splitlines(), new.splitlines(), f"a/{path}", f"b/{path}", lineterm="")
    return tuple(lines)


def replace_text(target: Path, text: str) -> None:
    """Put ``text`` into an existing file at once, as UTF-8 with the byte order mark that it may have.

    A link stays one: what it leads to is replaced. Raises ``UsageError`` where the file cannot be read or written.
    """
    real = target.resolve()
    try:
        mark = _BYTE_ORDER_MARK if real.read_bytes().startswith(_BYTE_ORDER_MARK) else b""
    except OSError as error:
        raise UsageError(f"{quoted(str(target))} cannot be read: {error.strerror}") from None
    replace_file(real, mark + text.encode())


def create_text(target: Path, text: str, *, force: bool = False) -> None:
    """Make a file, and the folders that it lies in, at once.

    Raises ``UsageError`` where something is there and ``force`` is not given, or the file cannot be written.
    """
    refuse_existing([target], force=force)
    replace_file(target, text.encode())


def refuse_existing(targets: list[Path], *, force: bool) -> None:
    """Raise ``UsageError`` for the first of ``targets`` that is there; with ``force`` files can be replaced."""
    for target in targets:
        if os.path.lexists(target) and not (force and target.is_file() and not target.is_symlink()):
            hint = "move it away" if force else "nothing was written; give --force to replace it"
            raise UsageError(f"{quoted(str(target))} is there already", hint)
