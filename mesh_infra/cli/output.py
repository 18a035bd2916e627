"""What `mesh` writes: results on standard output, everything else on standard error.

On a terminal with colours, through rich; anywhere else the same text, plain and whole. Nothing that comes from a file
reaches a terminal as a control sequence: what is not printable is escaped, and rich's markup is never read.
"""

# ruff: noqa: PLC0415 - rich is loaded for terminals alone

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TextIO

from mesh_infra.findings import printable

if TYPE_CHECKING:
    from rich.console import Console

Span = str | tuple[str, str]
"""A piece of a line: text, or text and its style."""

Line = tuple[Span, ...]

HEADING = "bold"
GOOD = "green"
BAD = "bold red"
DOUBTFUL = "yellow"
FAINT = "dim"


@dataclass(frozen=True, slots=True)
class Output:
    """Writes for one command. ``quiet`` leaves out what is neither a result nor an error."""

    quiet: bool = False

    def line(self, *spans: Span) -> None:
        """A line of the result."""
        _write(sys.stdout, spans)

    def lines(self, lines: Iterable[Line]) -> None:
        """Lines of the result."""
        for line in lines:
            self.line(*line)

    def json(self, document: object) -> None:
        """The result as a JSON document: sorted keys, so that the same result has the same bytes."""
        sys.stdout.write(to_json(document))

    def text(self, text: str) -> None:
        """A result that is written already: a document for a page or a program, without control characters."""
        sys.stdout.write(text)

    def note(self, *spans: Span) -> None:
        """Something to know beside the result."""
        if not self.quiet:
            _write(sys.stderr, spans)

    def problem(self, *spans: Span) -> None:
        """What is wrong with the input, where that is not the result."""
        _write(sys.stderr, spans)

    def error(self, text: str) -> None:
        """Why the command failed; more than one line where a log is part of it."""
        first, *rest = text.splitlines() or [""]
        _write(sys.stderr, (("mesh: ", BAD), first))
        for line in rest:
            _write(sys.stderr, (line,))

    @contextmanager
    def working(self, what: str) -> Iterator[Callable[[str], None]]:
        """Show on a terminal that something takes its time; yields a function that says what is done now."""
        if self.quiet or not sys.stderr.isatty():
            yield lambda _: None
            return
        from rich.text import Text

        with _console(sys.stderr).status(Text(printable(what))) as status:
            yield lambda now: status.update(Text(printable(now)))

    @property
    def width(self) -> int | None:
        """Columns of the terminal; None where the result goes elsewhere and need not fit."""
        if not sys.stdout.isatty():
            return None
        return _console(sys.stdout).width


def to_json(document: object) -> str:
    """The document as `mesh` prints it: ASCII, so that no terminal or pipe can change it."""
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def _write(stream: TextIO, spans: Iterable[Span]) -> None:
    pieces = [(printable(span), "") if isinstance(span, str) else (printable(span[0]), span[1]) for span in spans]
    if not stream.isatty():
        stream.write("".join(text for text, _ in pieces) + "\n")
        return
    from rich.text import Text

    _console(stream).print(Text.assemble(*pieces), soft_wrap=True)


@lru_cache(maxsize=2)
def _console(stream: TextIO) -> Console:
    from rich.console import Console

    return Console(file=stream, highlight=False)
