"""The README is run: its files are written, its commands called, its outputs compared.

Fences: ``yaml file=PATH`` is a new file, ``… append`` goes to its end, ``… replace`` has the old text and the new one,
divided by a line ``---``. In a ``console`` fence lines with ``$`` are commands, and the lines below them their output,
in which ``...`` stands for any number of lines. Write the outputs anew with UPDATE_README=1.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engine.harness import REPOSITORY, LocalMesh, local_mesh

pytestmark = pytest.mark.engine

README = REPOSITORY / "README.md"
FENCE = re.compile(r"^```(?P<info>[^\n`]+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Team returns"), ("EMAIL", "team-returns@company.com"))
}


@dataclass(frozen=True)
class Command:
    line: str
    expected: list[str]


def _commands(body: str) -> Iterator[Command]:
    for block in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        line, *expected = block.rstrip("\n").split("\n")
        yield Command(line, expected)


def _matches(expected: list[str], actual: list[str]) -> bool:
    if not expected:
        return not actual
    if expected[0] == "...":
        return any(_matches(expected[1:], actual[skip:]) for skip in range(len(actual) + 1))
    return bool(actual) and expected[0].rstrip() == actual[0].rstrip() and _matches(expected[1:], actual[1:])


def _write(root: Path, info: str, body: str) -> None:
    words = info.split()
    path = root / next(word.removeprefix("file=") for word in words if word.startswith("file="))
    path.parent.mkdir(parents=True, exist_ok=True)
    if "append" in words:
        body = path.read_text() + body
    if "replace" in words:
        old, new = body.split("---\n")
        text = path.read_text()
        assert text.count(old) == 1, f"{path} has {old!r} {text.count(old)} times"
        body = text.replace(old, new)
    path.write_text(body)


def _run(mesh: LocalMesh, line: str) -> list[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **IDENTITY, "NO_COLOR": "1", "PATH": path}
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=mesh.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=240,
    )
    return done.stdout.rstrip().split("\n") if done.stdout.strip() else []


@pytest.fixture
def mesh(tmp_path: Path) -> Iterator[LocalMesh]:
    with local_mesh(tmp_path) as mesh:
        (mesh.root / ".gitignore").write_text(".mesh/\nPulumi.local.yaml\n__pycache__/\n")
        for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "The mesh"]):
            subprocess.run(["git", *arguments], cwd=mesh.root, check=True, env={**os.environ, **IDENTITY})
        mesh.up()
        yield mesh


def test_the_readme_shows_what_happens(mesh: LocalMesh) -> None:
    text = README.read_text()
    updated, wrong = text, []
    for fence in FENCE.finditer(text):
        if "file=" in fence["info"]:
            _write(mesh.root, fence["info"], fence["body"])
        elif fence["info"] == "console":
            shown = ""
            for command in _commands(fence["body"]):
                actual = _run(mesh, command.line)
                shown += "\n".join([f"$ {command.line}", *actual, ""])
                if not _matches(command.expected, actual):
                    wrong.append(shown)
            updated = updated.replace(fence.group(), f"```console\n{shown}```")
    if os.environ.get("UPDATE_README"):
        README.write_text(updated)
    assert not wrong, "\n".join(wrong)
