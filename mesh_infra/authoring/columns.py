"""Columns of a contract that is being written, and whether they look personal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from mesh_infra.authoring.yaml_text import scalar
from mesh_infra.errors import UsageError
from mesh_infra.findings import printable
from mesh_infra.governance.personal_data import Mention, in_name
from mesh_infra.spec.names import top_column_name
from mesh_infra.spec.problems import RefusedError, quoted
from mesh_infra.spec.types import DataType, parse_type


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column to write: ``type`` as contracts have it. ``pii`` None: nobody has said.

    ``in_data`` is what the data calls it, where that is no name that a column can have.
    """

    name: str
    type: str
    pii: bool | None = None
    required: bool = False
    in_data: str = ""


def column_of(name: str, type_: str) -> NewColumn:
    """A column as people give it; raises ``UsageError`` where the name or the type is none."""
    try:
        return NewColumn(top_column_name(name), type_ if parse_type(type_) else "")
    except RefusedError as refused:
        raise UsageError(refused.message, refused.hint) from None


def usable_name(name: str) -> str:
    """The nearest that a column can be called: ``Order ID`` → ``order_id``, ``OrderID`` → ``orderid``.

    Upper case alone is no change: Glue and Athena do not tell it from lower case.
    """
    return re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")[:255] or "column"


def with_proposals(columns: Iterable[NewColumn]) -> tuple[NewColumn, ...]:
    """The columns, with ``pii: true`` at those whose name, or that of a field in them, is unmistakable."""
    return tuple(
        replace(column, pii=True) if column.pii is None and any(_is_sure(m) for m in _mentions(column)) else column
        for column in columns
    )


def schema_lines(columns: Iterable[NewColumn]) -> Iterator[str]:
    """The list under ``schema``, with a comment where a name may be personal and nobody has said."""
    for column in columns:
        comment = f" # {printable(column.in_data)!r} in the data" if column.in_data else ""
        yield f"  - name: {_name(column.name)}{comment}"
        yield f"    type: {_type(column.type)}"
        if column.required:
            yield "    required: true"
        if column.pii is not None:
            yield f"    pii: {'true' if column.pii else 'false'}"
        elif mention := next((m for m in _mentions(column) if not m.about), None):
            yield f"    # named like {mention.kind.label}: say 'pii: true' or 'pii: false'"


def _is_sure(mention: Mention) -> bool:
    return mention.kind.sure and not mention.about


def _mentions(column: NewColumn) -> Iterator[Mention]:
    for names in ((column.name,), *_fields(parse_type(column.type), (column.name,))):
        mention = in_name(names[-1]) or (in_name("_".join(names[-2:])) if len(names) > 1 else None)
        if mention is not None:
            yield mention


def _fields(type_: DataType, names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, inner in type_.fields:
        yield (*names, name)
        yield from _fields(inner, (*names, name))
    for inner in type_.inner:
        yield from _fields(inner, names)


def _name(name: str) -> str:
    return scalar(name)


def _type(type_: str) -> str:
    return type_ if re.fullmatch(r"[a-z0-9_<>:,()]+", type_) else scalar(type_)


def parse_column(given: str) -> NewColumn:
    """``name:type`` as it is written after ``--column``; raises ``UsageError``."""
    name, colon, type_ = given.partition(":")
    if not colon:
        raise UsageError(f"{quoted(given)} is no column", "write NAME:TYPE, such as order_id:string")
    return column_of(name, type_)
