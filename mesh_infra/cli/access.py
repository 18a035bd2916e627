"""`mesh access`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from mesh_infra.cli.call import Call, Format
from mesh_infra.cli.output import BAD, FAINT, GOOD, HEADING, Line
from mesh_infra.cli.table import Column, table
from mesh_infra.errors import UsageError
from mesh_infra.review.access import AccessRow, Answer, matrix, why
from mesh_infra.review.render.matrix import access_document, render_access_markdown, render_why_markdown, seen
from mesh_infra.spec.problems import quoted

_COLUMNS = (
    Column("dataset"),
    Column("role"),
    Column("sees"),
    Column("sensitive in clear", below=True),
    Column("hidden", below=True),
    Column("by", below=True),
    Column("says", below=True),
)


def run(call: Call, role: str | None, dataset: str | None, column: str | None) -> int:
    """Print who sees what in an environment."""
    spec = call.spec()
    rows = matrix(spec, call.environment_name(spec), role, dataset, column)
    match call.format:
        case Format.JSON:
            call.output.json(access_document(rows))
        case Format.MARKDOWN:
            call.output.text(render_access_markdown(rows))
        case _ if rows:
            call.output.lines(table(_COLUMNS, [_row(row) for row in rows], call.output.width))
        case _:
            call.output.note("nobody sees anything of it")
    return 0


def _row(row: AccessRow) -> tuple[str, ...]:
    return (
        f"{row.domain}.{row.dataset} {row.version}",
        row.role,
        seen(row),
        ", ".join(column.name for column in row.columns if column.visible and column.sensitive),
        ", ".join(column.name for column in row.columns if not column.visible),
        ", ".join(row.via),
        f"{row.path}:{row.line}",
    )


def run_why(call: Call, role: str, reference: str) -> int:
    """Print why a role sees a column, or does not."""
    dataset, _, column = reference.rpartition(".")
    if not dataset or not column:
        raise UsageError(f"{quoted(reference)} names no column", "write DATASET.COLUMN, such as orders.order_id")
    spec = call.spec()
    answers = why(spec, call.environment_name(spec), role, dataset, column)
    match call.format:
        case Format.JSON:
            call.output.json({"why": [asdict(answer) for answer in answers]})
        case Format.MARKDOWN:
            call.output.text(render_why_markdown(answers))
        case _:
            call.output.lines(_why(answers))
    return 0


def _why(answers: Sequence[Answer]) -> Iterator[Line]:
    for number, answer in enumerate(answers):
        if number:
            yield ()
        what = f"{answer.domain}.{answer.dataset} {answer.version} {answer.column}"
        does = ("sees", BAD if answer.sensitive else GOOD) if answer.visible else ("does not see", HEADING)
        yield (answer.role, HEADING), " ", does, f" {what}{' (sensitive)' if answer.sensitive else ''}"
        if len(answers) > 1:
            yield (f"  as {', '.join(answer.principals)}", FAINT), ""
        width = max(len(step.text) for step in answer.steps)
        for step in answer.steps:
            yield f"  {step.text.ljust(width)}  ", (f"{step.path}:{step.line}", FAINT)
