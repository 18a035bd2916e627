"""Several things at work side by side, shown on a terminal: a line for each of them, and how many have ended."""

# ruff: noqa: PLC0415 - rich is loaded for terminals alone

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from mesh_infra.cli.output import Output
from mesh_infra.findings import printable

Show = Callable[[str, str], None]
"""Is told what a thing by its name does now; from any thread."""


@contextmanager
def progress(output: Output, what: str, total: int, ends: Collection[str]) -> Iterator[Show]:
    """Show ``total`` things at work; one that is told one of ``ends`` has ended. Nothing but on a terminal."""
    if output.quiet or not sys.stderr.isatty():
        yield lambda _name, _now: None
        return
    from rich.console import Console, Group
    from rich.live import Live
    from rich.text import Text

    at_work: dict[str, str] = {}
    ended: set[str] = set()

    def lines() -> Group:
        shown = [f"{what}: {len(ended)} of {total}", *(f"  {name}  {now}" for name, now in sorted(at_work.items()))]
        return Group(*(Text(printable(line), no_wrap=True, overflow="ellipsis") for line in shown))

    def show(name: str, now: str) -> None:
        if now in ends:
            ended.add(name)
            at_work.pop(name, None)
        else:
            at_work[name] = now
        live.update(lines())

    with Live(lines(), console=Console(file=sys.stderr, highlight=False), transient=True) as live:
        yield show
