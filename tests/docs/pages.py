"""The pages of the documentation, cut into the blocks that a reader acts on.

- ``console``: lines with ``$`` are commands, and the lines below them their output, in which ``...`` stands for any
  number of lines. A command that fails is followed by ``$ echo $?``.
- ``diff``: an edit of the file that ``+++`` names; each hunk's lines stand in it once.
- any other language, where the first line is a comment that names a file: that file, whole.
- ``sh``: commands that no test can run; ``not_run.yaml`` lists them, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
FILE = re.compile(r"# ([\w-]+(?:/[\w.-]+)*\.\w+)\n")

ENGINE = re.compile(r"\b(mesh (--env \S+ )?(local|up|preview|recover|doctor)|pulumi)\b")
"""Commands that take the real Pulumi CLI, or say what this machine has of it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its text, and the first line of it in the page, counted from 1."""

    language: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a ``console`` block, and the output that is shown below it."""

    line: str
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its path from ``docs/``."""

    name: str

    @property
    def path(self) -> Path:
        """The file."""
        return DOCS / self.name

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its fenced blocks, in order."""
        return tuple(_block(token) for token in self.tokens() if token.type == "fence")

    @property
    def needs_engine(self) -> bool:
        """Whether one of its commands takes the real Pulumi CLI."""
        return any(ENGINE.search(command.line) for block in self.blocks for command in commands(block))

    def tokens(self) -> list[Token]:
        """The page as Markdown knows it."""
        return MarkdownIt("commonmark").parse(self.path.read_text(encoding="utf-8"))


START = Page("howto/index.md")
"""Makes the mesh in which the other pages begin."""


def pages() -> tuple[Page, ...]:
    """All pages."""
    return tuple(Page(path.relative_to(DOCS).as_posix()) for path in sorted(DOCS.rglob("*.md")))


def run_pages(*, engine: bool) -> list[Page]:
    """The pages after the first that show commands being run, with the real Pulumi CLI among them or without."""
    return [page for page in pages() if page != START and page.needs_engine is engine and _acts(page)]


def commands(block: Block) -> Iterator[Command]:
    """The commands of a ``console`` block; none of any other."""
    if block.language == "console":
        for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            line, *shown = part.rstrip("\n").split("\n")
            yield Command(line, tuple(shown))


def _acts(page: Page) -> bool:
    return any(block.language == "console" for block in page.blocks)


def _block(token: Token) -> Block:
    return Block(token.info.strip(), token.content, (token.map or [0])[0] + 2)
