"""Tables that stay readable: in a pipe one row a line, on a narrow terminal the long cells below their row."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mesh_infra.cli.output import FAINT, HEADING, Line

_GAP = "  "
_LEAST_WRAPPED = 20


@dataclass(frozen=True, slots=True)
class Column:
    """``number``: aligned to the right. ``below``: moves under its row where the terminal is too narrow."""

    title: str
    number: bool = False
    below: bool = False


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int | None) -> Iterator[Line]:
    """The lines of a table with a heading; ``width`` None: as wide as it takes. Empty columns are left out."""
    filled = [i for i in range(len(columns)) if not rows or any(row[i] for row in rows)]
    widths = {i: max([len(columns[i].title), *(len(row[i]) for row in rows)]) for i in filled}
    fits = width is None or sum(widths.values()) + len(_GAP) * (len(filled) - 1) <= width
    beside = [i for i in filled if fits or not columns[i].below]

    def aligned(cells: Sequence[str]) -> str:
        padded = (cells[i].rjust(widths[i]) if columns[i].number else cells[i].ljust(widths[i]) for i in beside)
        return _GAP.join(padded).rstrip()

    yield ((aligned([column.title for column in columns]), HEADING),)
    for row in rows:
        yield (aligned(row),)
        for i in filled:
            if i not in beside and row[i]:
                yield from _below(columns[i].title, row[i], width)


def _below(title: str, cell: str, width: int | None) -> Iterator[Line]:
    label = f"{_GAP}{title} "
    first, *rest = wrapped(cell, (width or 0) - len(label))
    yield (label, FAINT), first
    yield from ((" " * len(label) + line,) for line in rest)


def facts(values: Mapping[str, str], width: int | None) -> Iterator[Line]:
    """A line for each name that has a value, the values below each other; long ones wrapped to ``width``."""
    names = max(map(len, values))
    for name, value in values.items():
        if value:
            first, *rest = wrapped(value, None if width is None else width - names - len(_GAP))
            yield (name.ljust(names), FAINT), _GAP, first
            yield from ((" " * names + _GAP + line,) for line in rest)


def wrapped(text: str, width: int | None) -> list[str]:
    """The text in lines of ``width``; in one line where there is none. Words stay whole, to be copied."""
    if width is None:
        return [text]
    return textwrap.wrap(text, max(_LEAST_WRAPPED, width), break_long_words=False, break_on_hyphens=False)
