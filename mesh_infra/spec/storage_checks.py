"""What has to hold between a contract's format, its types, its partitions and how they are projected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from mesh_infra.spec.date_pattern import DatePattern, is_before, parse_bound, parse_pattern
from mesh_infra.spec.format_types import refused_types
from mesh_infra.spec.model import (
    TABLE_FORMATS,
    Column,
    Contract,
    DateProjection,
    EnumProjection,
    Format,
    IntegerProjection,
    Permission,
    Projection,
)
from mesh_infra.spec.problems import RefusedError, did_you_mean, listed, quoted
from mesh_infra.spec.reader import Reader
from mesh_infra.spec.source import Loc

_ESCAPED = frozenset("\"#%'*/:=?\\{}[]^,")
"""What Hive writes otherwise in the names of folders (FileUtils.escapePathName), and the comma that ends a value."""

_FITTING = {
    "date": ("string", "varchar", "date"),
    "integer": ("int", "bigint", "string", "varchar"),
    "enum": ("string", "varchar"),
}
"""The types of columns that each kind of projection yields values of (Trino, ``PartitionProjection``)."""


def check_storage(reader: Reader, contract: Contract) -> None:
    """Report what does not fit together."""
    if contract.csv is not None and contract.format is not Format.CSV:
        message = f"'csv' belongs to the format 'csv', and this dataset has {quoted(contract.format.value)}"
        reader.report_at("csv", reader.source.key(("csv",)), message, "write 'format: csv' or remove it")
    for index, refused in refused_types(contract):
        reader.refuse(refused, ("schema", index, "type"), None)
    # The text is looked at first: to know a file's keys is to parse it a second time.
    if contract.projection or ("projection" in reader.source.text and reader.source.has(("projection",))):
        _check_projection(reader, contract)


def _check_projection(reader: Reader, contract: Contract) -> None:
    key = reader.source.key(("projection",))
    if contract.format in TABLE_FORMATS:
        message = f"{quoted(contract.format.value)} knows its partitions itself: nothing is there to project"
        reader.report_at("projection", key, message, "remove 'projection'")
        return
    _check_masked_readers(reader, contract)
    columns = {column.name: column for column in contract.columns}
    for name, projection in contract.projection.items():
        loc = ("projection", name)
        if name not in contract.partition_by:
            hint = did_you_mean(name, contract.partition_by, "partition keys") or "add it to 'partition_by'"
            reader.report_at("projection", reader.source.key(loc), f"{quoted(name)} is no partition key", hint)
        elif name in columns:
            _check_one(reader, columns[name], projection, loc)
    # Athena projects all partition keys or none.
    missing = [n for n in contract.partition_by if n in columns and not _is_said(reader, contract, n)]
    if missing:
        which = f"key {quoted(missing[0])} is" if len(missing) == 1 else f"keys {listed(missing, 'and')} are"
        message = f"the partition {which} not projected"
        reader.report_at("projection", key, message, "project every key of 'partition_by', or none")


def _is_said(reader: Reader, contract: Contract, name: str) -> bool:
    return name in contract.projection or reader.source.has(("projection", name))


def _check_masked_readers(reader: Reader, contract: Contract) -> None:
    """Lake Formation's data filters cannot be used with partition projection in Athena.

    Athena User Guide, "Use partition projection with Amazon Athena", "Considerations and limitations".
    """
    for index, entry in enumerate(contract.access_policy):
        if entry.permission is Permission.READ_MASKED:
            message = "Athena cannot hide columns from masked readers where partitions are projected"
            hint = "remove 'projection', or move the sensitive columns to a dataset of their own and give 'read'"
            reader.report("projection", ("access_policy", index, "permission"), message, hint)


def _check_one(reader: Reader, column: Column, projection: Projection, loc: Loc) -> None:
    fitting = _FITTING[projection.type]
    if column.type.name not in fitting and column.type.glue not in fitting:
        message = f"a projection of type {quoted(projection.type)} does not fit {quoted(column.name)}, which is of type"
        hint = f"make it one of {listed(fitting)}"
        reader.report("projection", (*loc, "type"), f"{message} {quoted(column.type.glue)}", hint)
        return
    for at, refused in _refusals(column, projection):
        reader.refuse(refused, (*loc, *at), None)


def _refusals(column: Column, projection: Projection) -> Iterator[tuple[Loc, RefusedError]]:
    match projection:
        case DateProjection():
            yield from _date_refusals(column, projection)
        case IntegerProjection():
            if projection.range[0] > projection.range[1]:
                yield ("range",), _reversed(str(projection.range[0]), str(projection.range[1]))
        case EnumProjection():
            yield from _value_refusals(projection)
        case never:
            assert_never(never)


def _date_refusals(column: Column, projection: DateProjection) -> Iterator[tuple[Loc, RefusedError]]:
    try:
        pattern = parse_pattern(projection.format)
    except RefusedError as refused:
        yield ("format",), refused
        return
    if column.type.name == "date" and pattern.text != "yyyy-MM-dd":
        hint = "leave 'format' out, or make the column a 'string'"
        yield ("format",), _refused("a column of type 'date' is written as yyyy-MM-dd", hint)
        return
    yield from _interval_refusals(projection, pattern)
    ends = []
    for index, written in enumerate(projection.range):
        try:
            ends.append(parse_bound(written, pattern))
        except RefusedError as refused:
            yield ("range", index), refused
    if len(ends) == len(projection.range) and is_before(ends[1], ends[0]):
        yield ("range",), _reversed(*projection.range)


def _interval_refusals(projection: DateProjection, pattern: DatePattern) -> Iterator[tuple[Loc, RefusedError]]:
    interval, unit = projection.interval, projection.interval_unit
    if (interval is None) != (unit is None):
        given, lacking = ("interval", "interval_unit") if unit is None else ("interval_unit", "interval")
        yield (given,), _refused(f"{quoted(given)} says nothing without {quoted(lacking)}", f"add {quoted(lacking)}")
    elif interval is None and pattern.needs_interval:
        message = f"dates in the format {quoted(pattern.text)} need an interval"
        yield ("format",), _refused(message, "add 'interval' and 'interval_unit'")
    elif unit is not None and not pattern.tells_apart(unit):
        message = f"the format {quoted(pattern.text)} does not tell {unit.value} apart"
        yield ("interval_unit",), _refused(message, "choose a coarser unit, or a finer format")


def _value_refusals(projection: EnumProjection) -> Iterator[tuple[Loc, RefusedError]]:
    seen = {""}  # stands for values that have been reported
    for index, value in enumerate(projection.values):
        at = ("values", index)
        if value in seen and value:
            yield at, _refused(f"the value {quoted(value)} stands there twice", "remove one of them")
        elif value != value.strip():
            yield at, _refused(f"the value {quoted(value)} begins or ends with a space", "remove it")
        elif not _ESCAPED.isdisjoint(value) or not value.isprintable():
            message = f"the value {quoted(value)} cannot be the name of a folder as it stands"
            yield at, _refused(message, "use letters, digits, '-', '_', '.' and spaces")
        seen.add(value)


def _refused(message: str, hint: str) -> RefusedError:
    return RefusedError(message, hint, "projection")


def _reversed(first: str, last: str) -> RefusedError:
    return _refused(f"the range begins with {quoted(first)}, after its end {quoted(last)}", "write the first one first")
