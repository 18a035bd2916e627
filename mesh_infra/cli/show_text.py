"""A dataset as `mesh show` prints it."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.cli.output import DOUBTFUL, FAINT, HEADING, Line
from mesh_infra.cli.table import Column, facts, table, wrapped
from mesh_infra.cli.view import Reader, View
from mesh_infra.cli.words import both, retention_in_words
from mesh_infra.manifest.environments import LOCAL
from mesh_infra.manifest.model import ManifestColumn, ManifestDataset

_INDENT = "  "


def show_text(view: View, reader: Reader | None, width: int | None) -> Iterator[Line]:
    """The lines of a dataset, with how ``reader`` queries it; ``width`` None: as wide as it takes."""
    inner = None if width is None else width - len(_INDENT)
    yield ((view.dataset.id, HEADING), f"  {view.dataset.title}" if view.dataset.title else "")
    for line in view.dataset.description.splitlines():
        yield (line,)
    sections = (
        ("", _facts(view, width)),
        ("Columns", _columns(view.dataset, inner)),
        ("Who reads it", (*_readers(view, inner), *_others(view, inner))),
        ("How to query it", _query(view, reader, inner)),
    )
    for title, lines in sections:
        yield ()
        if title:
            yield ((title, HEADING),)
        yield from ((_INDENT, *line) if title and line else line for line in lines)


def _facts(view: View, width: int | None) -> Iterator[Line]:
    dataset = view.dataset
    values = {
        "contract": f"{dataset.origin.path}:{dataset.origin.line}",
        "domain": view.domain,
        "owner": dataset.owner,
        "version": dataset.version,
        "status": dataset.status,
        "promises": ", ".join(f"{name} {value}" for name, value in dataset.sla.items()),
        "made from": ", ".join(dataset.consumes),
        "tags": ", ".join(dataset.tags),
        "environment": f"{view.environment} (account {view.account}, {view.region})",
        "table": f"{dataset.database}.{dataset.table}",
        "location": dataset.location,
        "format": dataset.format,
        "retention": retention_in_words(dataset.retention),
    }
    yield from facts(values, width)


def _columns(dataset: ManifestDataset, width: int | None) -> Iterator[Line]:
    columns = (Column("name"), Column("type"), Column("about"), Column("description", below=True))
    rows = [
        (column.name, column.type, ", ".join(_about(column)), " ".join(column.description.split()))
        for column in dataset.columns
    ]
    yield from table(columns, rows, width)


def _about(column: ManifestColumn) -> Iterator[str]:
    if column.sensitive:
        yield f"sensitive ({column.classification})" if column.classification else "sensitive"
    elif column.classification:
        yield column.classification
    for name in ("partition", "primary_key", "unique", "required"):
        if getattr(column, name):
            yield name.replace("_", " ")


def _readers(view: View, width: int | None) -> Iterator[Line]:
    if not view.readers:
        why = {"draft": "it is a draft", "retired": "it is retired"}.get(view.dataset.status, "its contract names none")
        yield (f"no consumers: {why}",)
        return
    columns = (Column("role"), Column("permission"), Column("in clear", below=True), Column("hidden", below=True))
    rows = [
        (
            reader.role,
            reader.permission,
            ", ".join(reader.clear) if reader.permission == "read_masked" else "every column",
            ", ".join(reader.hidden),
        )
        for reader in view.readers
    ]
    yield from table(columns, rows, width)
    for reader in view.readers:
        for principal, roles in reader.unmasked.items():
            yield ((f"{principal} is {reader.role} and {both(roles)}: it reads every column in clear", DOUBTFUL),)


def _others(view: View, width: int | None) -> Iterator[Line]:
    others = view.others
    sentences = [
        f"{name} writes it and reads every column in clear ({both(principals)})"
        for name, principals in others.producers.items()
    ]
    sentences.append(f"the deployer reads everything in clear ({others.deployer})")
    if others.lake_formation_admins:
        sentences.append(
            f"Lake Formation administrators read everything in clear ({both(others.lake_formation_admins)})"
        )
    if others.break_glass:
        sentences.append(f"break-glass roles read the files, past Lake Formation ({both(others.break_glass)})")
    for sentence in sentences:
        yield from ((line,) for line in wrapped(sentence, width))


def _query(view: View, reader: Reader | None, width: int | None) -> Iterator[Line]:
    if reader is None:
        yield ("nobody but those above can",)
        return
    query = reader.query
    others = [other.role for other in view.readers if other is not reader]
    yield (f"as {reader.role}", (f" (for {both(others)}: --role)" if others else "", FAINT))
    who = "role" if ":role/" in query.assume else "user"
    # The statement stays on one line: it is there to be copied.
    yield from facts({who: query.assume, "workgroup": query.workgroup, "SQL": query.sql}, None)
    notes = []
    if not reader.made:
        notes.append(f"this {who} exists already: its own policies must let it use the workgroup and its results")
    if view.environment == LOCAL:
        notes.append("the local AWS runs no queries: this is what to run on AWS")
    for note in notes:
        yield from ((line,) for line in wrapped(note, width))
    yield ()
    yield from ((command,) for command in query.commands)
