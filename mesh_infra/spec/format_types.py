"""Which types of columns the files of a format can hold, and the SerDes read."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.spec.model import Contract, Format
from mesh_infra.spec.problems import RefusedError, quoted
from mesh_infra.spec.types import DataType

_OPEN_CSV = frozenset(("string", "boolean", "int", "bigint", "double", "date", "timestamp"))
"""Athena User Guide, "Open CSV SerDe for processing CSV": what it reads beside strings, dates as days since 1970 and
timestamps as milliseconds since then."""

_NEAREST = {"tinyint": "int", "smallint": "int", "char": "string", "varchar": "string", "float": "double"}


def refused_types(contract: Contract) -> Iterator[tuple[int, RefusedError]]:
    """The columns, by index, whose type the contract's format does not have."""
    for index, column in enumerate(contract.columns):
        # Partition keys stand in the names of folders, not in the files; Iceberg's are columns like the others.
        if column.name in contract.partition_by and contract.format is not Format.ICEBERG:
            continue
        refused = _refusal(contract, column.type)
        if refused is not None:
            yield index, refused


def _refusal(contract: Contract, type_: DataType) -> RefusedError | None:
    match contract.format:
        case Format.CSV if contract.csv is not None and contract.csv.quote is not None:
            return _open_csv(type_)
        case Format.CSV:
            return _delimited(type_)
        case Format.AVRO:
            return _avro(type_)
        case Format.ICEBERG:
            return _iceberg(type_)
        case _:
            return None


def _open_csv(type_: DataType) -> RefusedError | None:
    if not type_.primitive:
        return _delimited(type_)
    if type_.glue in _OPEN_CSV:
        return None
    message = f"with 'quote' csv is read by OpenCSVSerDe, which does not know the type {quoted(type_.glue)}"
    hint = f"use {quoted(_NEAREST.get(type_.name, 'string'))}, or another format"
    return RefusedError(message, hint, "format-type")


def _delimited(type_: DataType) -> RefusedError | None:
    """Lines of text: nothing nested, and no bytes (Athena User Guide, "Lazy Simple SerDe")."""
    if type_.primitive and type_.name != "binary":
        return None
    return RefusedError(f"csv cannot hold the type {quoted(type_.glue)}", "use another format", "format-type")


def _avro(type_: DataType) -> RefusedError | None:
    """Apache Avro specification, "Maps": keys are strings."""
    for part in _parts(type_):
        if part.name == "map" and part.inner[0].glue != "string":
            message = f"Avro's maps have text as keys, not {quoted(part.inner[0].glue)}"
            return RefusedError(message, "use 'string' for the keys, or another format", "format-type")
    return None


def _iceberg(type_: DataType) -> RefusedError | None:
    """What Iceberg lacks of Hive's types (Athena User Guide, "Supported data types for Iceberg tables in Athena")."""
    part = next((part for part in _parts(type_) if part.name in ("tinyint", "smallint", "char", "varchar")), None)
    if part is None:
        return None
    message = f"Iceberg has no type {quoted(part.glue)}"
    return RefusedError(message, f"use {quoted(_NEAREST[part.name])}", "format-type")


def _parts(type_: DataType) -> Iterator[DataType]:
    yield type_
    for inner in (*type_.inner, *(field for _, field in type_.fields)):
        yield from _parts(inner)
