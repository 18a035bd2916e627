"""`mesh new domain` and `mesh new contract`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import typer

from mesh_infra.authoring.columns import NewColumn, column_of, parse_column, with_proposals
from mesh_infra.authoring.infer import FORMATS, csv_delimiter, infer_columns
from mesh_infra.authoring.new import NewContract, NewFile, check_place, new_contract, new_domain
from mesh_infra.authoring.workspace import Workspace, open_mesh
from mesh_infra.cli.call import Call
from mesh_infra.cli.findings import finding_line
from mesh_infra.errors import UsageError
from mesh_infra.spec.model import Format
from mesh_infra.spec.problems import did_you_mean, quoted


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options of `mesh new contract` say; None or empty where they do not."""

    columns: tuple[str, ...] = ()
    pii: tuple[str, ...] = ()
    source: Path | None = None
    version: str = "v1"
    owner: str | None = None
    description: str | None = None
    file_format: str | None = None


_FORMATS = {"json": Format.JSON, "orc": Format.ORC}
"""The format of a dataset whose columns come from a file of a format; the others become parquet."""


def domain(call: Call, name: str, owner: str | None, description: str | None, *, force: bool) -> int:
    """Add a domain; raises ``UsageError`` where nobody says who owns it."""
    mesh = open_mesh(call.root())
    owner = owner if owner is not None else _ask("Owner", "--owner")
    description = description if description is not None else _ask_if_possible("Description")
    return _write(call, new_domain(mesh, name, owner, description, force=force), force=force)


def contract(call: Call, domain_name: str, dataset: str, asked: Asked, *, force: bool) -> int:
    """Add a contract; raises ``UsageError`` where nobody says what its columns are."""
    mesh = open_mesh(call.root())
    check_place(mesh, domain_name, dataset)
    columns = _columns(call, asked)
    owner = asked.owner if asked.owner is not None else _owner(mesh, domain_name)
    description = asked.description if asked.description is not None else _ask_if_possible("Description")
    ending = FORMATS[asked.source.suffix.lower()] if asked.source is not None else ""
    format_ = _format(asked.file_format) if asked.file_format else _FORMATS.get(ending, Format.PARQUET)
    # Columns are read from the first line of a csv file.
    header = ending == "csv"
    delimiter = csv_delimiter(call.base / asked.source) if header and asked.source is not None else ","
    new = NewContract(domain_name, dataset, owner, columns, asked.version, description, format_, header, delimiter)
    code = _write(call, new_contract(mesh, new, force=force), force=force)
    if header and not asked.file_format:
        call.output.note("its files are to be parquet; where they stay csv: --file-format csv")
    return code


def _format(written: str) -> Format:
    try:
        return Format(written)
    except ValueError:
        hint = did_you_mean(written, [known.value for known in Format], "formats")
        raise UsageError(f"unknown format {quoted(written)}", hint) from None


def _write(call: Call, file: NewFile, *, force: bool) -> int:
    file.write(force=force)
    if call.json:
        to_do = [asdict(finding) for finding in file.to_do]
        call.output.json({"path": file.path, "text": file.text, "to_do": to_do})
        return 0
    call.output.lines((line,) for line in file.text.splitlines())
    call.output.note(f"wrote {file.path}")
    if file.to_do:
        call.output.note("to do, before it passes 'mesh check':")
        for finding in file.to_do:
            call.output.problem(*finding_line(finding))
    return 0


def _columns(call: Call, asked: Asked) -> tuple[NewColumn, ...]:
    if asked.source is not None and asked.columns:
        raise UsageError("--from and --column both say what the columns are", "give one of them")
    if asked.source is not None:
        columns = infer_columns(call.base / asked.source)
    elif asked.columns:
        columns = tuple(parse_column(column) for column in asked.columns)
    elif sys.stdin.isatty():
        columns = tuple(_asked_columns(set(asked.pii)))
    else:
        raise UsageError("there is nobody to ask for the columns", "give --column NAME:TYPE, or --from FILE")
    return _marked(columns, asked.pii)


def _marked(columns: tuple[NewColumn, ...], personal: tuple[str, ...]) -> tuple[NewColumn, ...]:
    known = frozenset(column.name for column in columns)
    for name in personal:
        if name not in known:
            raise UsageError(f"there is no column {quoted(name)}", did_you_mean(name, known, "columns"))
    return tuple(replace(column, pii=True) if column.name in personal else column for column in columns)


def _asked_columns(personal: set[str]) -> Iterator[NewColumn]:
    """Columns as they are typed, until an empty name; what is refused is asked for again."""
    some = False
    while True:
        name = _prompt("Column (empty to end)" if some else "Column", default="" if some else None)
        if not name:
            return
        column = _accepted(name, "string") and _accepted(name, _prompt("  Type", default="string"))
        if column is None:
            continue
        if name not in personal:
            proposed = bool(with_proposals([column])[0].pii)
            answer = typer.confirm("  Personal data?", default=proposed, err=True)
            # What nobody would ask of need not be said.
            column = replace(column, pii=answer if answer or proposed else None)
        some = True
        yield column


def _accepted(name: str, type_: str) -> NewColumn | None:
    """The column; None where it is refused, which is then said."""
    try:
        return column_of(name, type_)
    except UsageError as error:
        typer.echo(f"  {error}", err=True)
        return None


def _owner(mesh: Workspace, domain_name: str) -> str:
    """The owner of the domain, which the contract's is unless somebody says otherwise."""
    known = {d.domain: d.owner for d in mesh.spec.domains} if mesh.spec else {}
    owner = known.get(domain_name)
    if owner is None:
        return _ask("Owner", "--owner")
    return _prompt("Owner", default=owner) if sys.stdin.isatty() else owner


def _ask(what: str, option: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError(f"there is nobody to ask for the {what.lower()}", f"give {option}")
    return _prompt(what)


def _ask_if_possible(what: str) -> str:
    return _prompt(what, default="") if sys.stdin.isatty() else ""


def _prompt(what: str, default: str | None = None) -> str:
    return str(typer.prompt(what, default=default, show_default=bool(default), err=True)).strip()
