"""Who sees which column, for a page or for a program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby

from mesh_infra.review.access import AccessRow, Answer
from mesh_infra.review.render.access import some
from mesh_infra.review.render.github_text import code, prose

_FIELDS = ("role", "principals", "dataset", "version", "columns", "via", "path", "line")


def access_document(rows: Iterable[AccessRow]) -> Mapping[str, object]:
    """The matrix as dicts, lists and scalars; the shape is stable.

    ``{"access": [{role, principals, dataset, version, columns: [{name, sensitive, visible}], via, path, line}]}``.
    """
    return {"access": [{name: asdict(row)[name] for name in _FIELDS} for row in rows]}


def render_access_markdown(rows: Sequence[AccessRow]) -> str:
    """The matrix as GitHub's Markdown: a short table for each dataset."""
    return "\n".join(line for block in _tables(rows) for line in block) or "nobody sees anything of it\n"


def _tables(rows: Sequence[AccessRow]) -> Iterator[list[str]]:
    for name, readers in groupby(rows, key=lambda row: f"{row.domain}.{row.dataset} {row.version}"):
        heading = [f"#### {code(name)}", "", _cells("Role", "Sees", "Sensitive in clear"), _cells(*["---"] * 3)]
        yield [*heading, *map(_reader, readers), ""]


def _reader(row: AccessRow) -> str:
    clear = [column.name for column in row.columns if column.visible and column.sensitive]
    return _cells(f"{code(row.role)}, {', '.join(row.via)}", seen(row), some(clear, code))


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def seen(row: AccessRow) -> str:
    """How many of the columns it sees, in words."""
    visible = sum(column.visible for column in row.columns)
    if visible == len(row.columns):
        return "all columns" if visible > 1 else "yes"
    return f"{visible} of {len(row.columns)}" if len(row.columns) > 1 else "no"


def render_why_markdown(answers: Iterable[Answer]) -> str:
    """The chain from a role to a column, as GitHub's Markdown."""
    return "\n".join(line for answer in answers for line in _why(answer))


def _why(answer: Answer) -> Iterator[str]:
    does = "sees" if answer.visible else "does not see"
    sensitive = ", which is sensitive" if answer.sensitive else ""
    what = f"{code(answer.column)} of {code(f'{answer.domain}.{answer.dataset} {answer.version}')}"
    yield f"{code(answer.role)} **{does}** {what}{sensitive}:"
    yield ""
    for number, step in enumerate(answer.steps, start=1):
        yield f"{number}. {code(f'{step.path}:{step.line}')} {prose(step.text)}"
    yield ""
