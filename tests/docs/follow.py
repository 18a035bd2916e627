"""Does what a page says, in a mesh, and compares what is shown with what happens."""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from mesh_infra.cli.main import main
from tests.docs.pages import ENGINE, FILE, REPOSITORY, Block, Page, commands

_SHELL = re.compile(r"[|&;<>$`*(]")
_ENVIRONMENT = {
    **{
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Team sales"), ("EMAIL", "team-sales@example.com"))
    },
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "NO_COLOR": "1",
}


@dataclass
class Reader:
    """Somebody who follows a page in the folder ``place``, and remembers how the last command ended."""

    place: Path
    code: int = 0
    output: str = ""

    def follow(self, page: Page) -> str:
        """The page with the outputs that there really were in place of those that differ."""
        lines = page.path.read_text(encoding="utf-8").split("\n")
        for block in reversed([(block, self._do(block)) for block in page.blocks]):
            at, happened = block[0].line - 1, block[1]
            if happened is not None:
                lines[at : at + block[0].text.count("\n")] = happened
        return "\n".join(lines)

    def _do(self, block: Block) -> list[str] | None:
        """Act on a block; the lines that a ``console`` block should have."""
        if block.language == "console":
            return list(self._console(block))
        if block.language == "diff":
            self._edit(block.text)
        elif named := FILE.match(block.text):
            path = self.place / named[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        return None

    def _console(self, block: Block) -> Iterator[str]:
        for command in commands(block):
            asked = command.line == "echo $?"
            assert asked or not self.code, f"line {block.line}: exit code {self.code} unsaid:\n{self.output}"
            happened = [str(self.code)] if asked else self._run(command.line)
            self.code = 0 if asked else self.code
            yield f"$ {command.line}"
            yield from command.shown if fits(command.shown, happened) else happened

    def _run(self, line: str) -> list[str]:
        if folder := re.fullmatch(r"cd (\S+)", line):
            self.place = self.place / folder[1]
            return []
        inside = line.startswith("mesh ") and not _SHELL.search(line) and not ENGINE.search(line)
        ran = mesh_inside(shlex.split(line)[1:], self.place) if inside else _outside(self.place, line)
        self.code, self.output = ran
        return [text.rstrip() for text in self.output.rstrip("\n").split("\n")] if self.output.strip() else []

    def _edit(self, text: str) -> None:
        head, *hunks = re.split(r"^@@.*\n", text, flags=re.MULTILINE)
        path = self.place / head.split()[-1].removeprefix("b/")
        edited = path.read_text(encoding="utf-8")
        for hunk in hunks:
            lines = hunk.splitlines(keepends=True)
            old = "".join(line[1:] for line in lines if line[0] != "+")
            assert edited.count(old) == 1, f"{path.name} has {edited.count(old)} times:\n{old}"
            edited = edited.replace(old, "".join(line[1:] for line in lines if line[0] != "-"))
        path.write_text(edited, encoding="utf-8")


def fits(shown: Sequence[str], happened: Sequence[str]) -> bool:
    """Whether an output is the one that is shown, where ``...`` stands for any number of lines."""
    if not shown:
        return not happened
    if shown[0] == "...":
        return any(fits(shown[1:], happened[skip:]) for skip in range(len(happened) + 1))
    return bool(happened) and shown[0] == happened[0] and fits(shown[1:], happened[1:])


def held(reader: Reader, page: Page) -> None:
    """Assert that ``page`` shows what happens; with UPDATE_DOCS=1 it is written so that it does."""
    happened = reader.follow(page)
    assert reader.code == 0, f"exit code {reader.code} unsaid:\n{reader.output}"
    if os.environ.get("UPDATE_DOCS"):
        page.path.write_text(happened, encoding="utf-8")
    assert page.path.read_text(encoding="utf-8") == happened


def mesh_inside(arguments: Sequence[str], place: Path = REPOSITORY) -> tuple[int, str]:
    """`mesh` in this process, which is a quarter of a second faster than in one of its own: its code and its output."""
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with chdir(place), patch.dict(os.environ, _ENVIRONMENT), redirect_stdout(output), redirect_stderr(output):
        code = main(arguments)
    output.seek(0)
    return code, output.read()


def _outside(place: Path, line: str) -> tuple[int, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        cwd=place,
        env={**os.environ, **_ENVIRONMENT, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=240,
    )
    return done.returncode, done.stdout
