"""Who must approve a change on GitHub: a section of CODEOWNERS, made from ``github`` in mesh.yaml and domains.

GitHub Docs, "About code owners": the last pattern that fits a file decides, and the first file of those in ``PLACES``
that exists is read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mesh_infra.atomic import replace_file
from mesh_infra.errors import UsageError
from mesh_infra.findings import Finding, Severity, printable
from mesh_infra.host import repository_around
from mesh_infra.spec.files import CONTRACTS, DOMAINS, MAX_BYTES, MESH_FILE
from mesh_infra.spec.problems import quoted

if TYPE_CHECKING:
    # To find the file takes no models, which are slow to load.
    from mesh_infra.spec.model import Spec

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks, in its order, from the top of the repository."""

_PROGRAM = ("*.py", "Pulumi*", "requirements*", "pyproject.toml")
"""What runs as the deployer once it is merged, or says what does: ``__main__.py`` imports what lies beside it first."""

_REPOSITORY = ("/.github/", "CODEOWNERS")
"""The workflow that deploys, and who must approve: without a slash, wherever the file lies."""

_BEGIN = "# >>> mesh-infra"
_END = "# <<< mesh-infra"
_FIRST_LINE = f"{_BEGIN}: written by 'mesh codeowners' from 'github' in {MESH_FILE} and {DOMAINS}/"


@dataclass(frozen=True, slots=True)
class Codeowners:
    """The CODEOWNERS file that holds our section.

    ``place`` is its path from the top of the repository, ``folder`` that of the mesh: empty, or with a slash at its
    end. ``read_instead``: the place of the file that GitHub reads in its stead, empty where it reads this one.
    """

    place: str
    text: str
    folder: str
    read_instead: str = ""

    @property
    def path(self) -> str:
        """Its path as findings have it: from the root of the mesh."""
        return "../" * self.folder.count("/") + self.place


def codeowners(spec: Spec, text: str = "", folder: str = "") -> str:
    """CODEOWNERS with our section brought up to date; what stands outside it in ``text`` is kept.

    ``folder`` is where the mesh lies in the repository. Files of the mesh that no domain answers for belong to the
    owners of mesh.yaml, and so does all that runs as the deployer: the program, what it is installed from, the rules of
    the organisation's own. ``.github`` and CODEOWNERS do where the mesh is the repository; where it is a folder of a
    larger one they are others' too.

    Raises ``UsageError`` where the section in ``text`` does not end, or there are several.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    section = "".join(f"{line}{newline}" for line in (_FIRST_LINE, *_rules(spec, folder), _END))
    lines = text.splitlines(keepends=True)
    begins = [index for index, line in enumerate(lines) if line.startswith(_BEGIN)]
    ends = [index for index, line in enumerate(lines) if line.startswith(_END)]
    if not begins and not ends:
        gap = newline if text.endswith("\n") else newline * 2
        return f"{text}{gap}{section}" if text.strip() else section
    if len(begins) != 1 or len(ends) != 1 or begins > ends:
        raise UsageError(
            f"the section of mesh-infra in CODEOWNERS must stand between one line '{_BEGIN}' and one line '{_END}'",
            "delete what is left of it, and it is written anew",
        )
    return "".join((*lines[: begins[0]], section, *lines[ends[0] + 1 :]))


def _rules(spec: Spec, folder: str) -> Iterator[str]:
    root = f"/{_pattern(folder)}"
    mesh = " ".join(spec.mesh.github)
    if mesh:
        # First, since the last rule that fits decides: a domain that is not listed yet is theirs to let in.
        for path in (MESH_FILE, f"{DOMAINS}/", f"{CONTRACTS}/", *_PROGRAM):
            yield f"{root}{path} {mesh}"
        for pattern in () if folder else _REPOSITORY:
            yield f"{pattern} {mesh}"
    for domain in sorted(spec.domains, key=lambda domain: domain.domain):
        owners = " ".join(domain.github)
        if owners:
            yield f"{root}{CONTRACTS}/{domain.domain}/ {owners}"
            yield f"{root}{DOMAINS}/{domain.domain}.yaml {owners}"
    if mesh:
        # Last: wherever they lie, they run wherever the mesh is checked or deployed.
        for path in sorted({path for path in spec.mesh.rule_modules if path}):
            yield f"{root}{_pattern(path)} {mesh}"


def names_somebody(spec: Spec) -> bool:
    """Whether anybody has to approve anything."""
    return any((spec.mesh.github, *(domain.github for domain in spec.domains)))


def _pattern(path: str) -> str:
    """A pattern that fits ``path``, of characters that mean nothing else in CODEOWNERS."""
    return re.sub(r"[^A-Za-z0-9._/-]", "?", path)


def codeowners_finding(spec: Spec, found: Codeowners | None) -> Finding | None:
    """What is wrong with the CODEOWNERS file that holds our section, if there is one.

    An error: where it is out of date, people approve changes who no longer should, or nobody has to.
    """
    if found is None:
        return None
    hint = "run 'mesh codeowners'"
    if found.read_instead:
        message = f"GitHub does not read this file, because there is {quoted(found.read_instead)}"
        hint = "move its lines there"
    else:
        try:
            if codeowners(spec, found.text, found.folder) == found.text:
                return None
            message = "the section of mesh-infra is out of date: it does not say what mesh.yaml and the domains say"
        except UsageError as error:
            message, hint = error.message, error.hint
    line = next((n for n, text in enumerate(found.text.splitlines(), start=1) if text.startswith(_BEGIN)), 0)
    return Finding("codeowners-stale", Severity.ERROR, printable(found.path), line, min(line, 1), message, hint)


def read_by_github(texts: Mapping[str, str], folder: str) -> Codeowners | None:
    """Of the CODEOWNERS files of a repository, by place, the one with our section; None where none has it."""
    existing = [place for place in PLACES if place in texts]
    ours = next((place for place in existing if _is_ours(texts[place])), None)
    if ours is None:
        return None
    return Codeowners(ours, texts[ours], folder, "" if ours == existing[0] else existing[0])


def _is_ours(text: str) -> bool:
    return any(line.startswith((_BEGIN, _END)) for line in text.splitlines())


def find_codeowners(root: Path) -> Codeowners | None:
    """The CODEOWNERS file with our section in the repository that the mesh at ``root`` lies in."""
    top, folder = _repository(root)
    return read_by_github({place: text for place in PLACES if (text := _text(top / place)) is not None}, folder)


def write_codeowners(root: Path, spec: Spec) -> Path:
    """Bring our section up to date in the file that GitHub reads, or make one; returns its path.

    Raises ``UsageError`` where the file cannot be read or written, its section is damaged, or nobody has to approve.
    """
    top, folder = _repository(root)
    place = next((place for place in PLACES if os.path.lexists(top / place)), PLACES[0])
    target = top / place
    text = _text(target)
    if text is None and os.path.lexists(target):
        raise UsageError(f"{quoted(str(target))} cannot be read", "make it a UTF-8 file of less than 1 MiB")
    if not _is_ours(text or "") and not names_somebody(spec):
        hint = f'write github: ["@organisation/team"] in {MESH_FILE} and in the files of domains'
        raise UsageError("nobody is named under 'github'", hint)
    replace_file(target, codeowners(spec, text or "", folder).encode())
    return target


def _repository(root: Path) -> tuple[Path, str]:
    """The top of the repository around ``root``, and where in it ``root`` lies; ``root`` itself where there is none."""
    top = repository_around(root)
    folder = root.resolve().relative_to(top).as_posix()
    return top, "" if folder == "." else f"{folder}/"


def _text(file: Path) -> str | None:
    """The text of a file; None where there is none that can be read."""
    with suppress(OSError, UnicodeDecodeError):
        if file.is_file():
            with file.open("rb") as opened:
                raw = opened.read(MAX_BYTES + 1)
            return raw.decode("utf-8") if len(raw) <= MAX_BYTES else None
    return None
