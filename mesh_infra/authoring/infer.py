"""The schema of a data file, as columns of a contract.

pyarrow reads the files; it is an extra, and loaded here alone. Arrow's types to Hive's: Athena, "Data types in Amazon
Athena"; what Hive lacks becomes the narrowest type that holds every value.
"""

# ruff: noqa: PLC0415 - pyarrow is an extra

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

from mesh_infra.authoring.columns import NewColumn, usable_name
from mesh_infra.errors import UsageError
from mesh_infra.findings import printable
from mesh_infra.spec.names import RESERVED_COLUMNS
from mesh_infra.spec.problems import did_you_mean, quoted

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = {".parquet": "parquet", ".orc": "orc", ".csv": "csv", ".json": "json", ".ndjson": "json"}
"""The format of a data file, by how its name ends."""

MAX_SAMPLE = 16 * 1024 * 1024
"""How much of a text file is looked at."""

DELIMITERS = (",", ";", "\t", "|")
"""What a csv file may separate its values by."""

_ZERO_FIRST = "^0[0-9]"

_SAME = {
    "bool": "boolean",
    "int8": "tinyint",
    "int16": "smallint",
    "int32": "int",
    "int64": "bigint",
    "uint8": "smallint",
    "uint16": "int",
    "uint32": "bigint",
    "uint64": "decimal(20,0)",
    "halffloat": "float",
    "float": "float",
    "double": "double",
    "date32[day]": "date",
    "date64[ms]": "date",
    "null": "string",
}


def infer_columns(file: Path) -> tuple[NewColumn, ...]:
    """The columns of a Parquet, ORC, CSV or JSON file; a JSON file is a list of objects, or has one on each line.

    The first line of a CSV file names the columns. Raises ``UsageError`` where pyarrow is missing, the file cannot be
    read, or it holds what Glue has no type for.
    """
    ending = file.suffix.lower()
    if ending not in FORMATS:
        hint = did_you_mean(ending, FORMATS) or "give a .parquet, .orc, .csv, .json or .ndjson file"
        raise UsageError(f"no schema can be read from {quoted(file.name)}", hint)
    if not file.is_file():
        raise UsageError(f"there is no file {quoted(str(file))}")
    schema = _schema(file, ending)
    if not len(schema):
        raise UsageError(f"{quoted(file.name)} has no columns")
    return tuple(_column(field, index) for index, field in enumerate(schema, start=1))


def _schema(file: Path, ending: str) -> pa.Schema:
    try:
        import pyarrow as pa
        import pyarrow.csv
        import pyarrow.json
        import pyarrow.orc
        import pyarrow.parquet
    except ImportError:
        raise UsageError(
            "reading a schema from a data file takes pyarrow", "install it: pip install 'mesh-infra[infer]'"
        ) from None
    try:
        if ending == ".parquet":
            return pyarrow.parquet.read_schema(file)
        if ending == ".orc":
            return pyarrow.orc.ORCFile(file).schema
        sample = _sample(file)
        if ending == ".csv":
            return _csv_schema(sample)
        if sample.lstrip().startswith(b"["):
            objects = _objects(file)
            keys = dict.fromkeys(key for item in objects for key in item)
            return pa.table({key: [item.get(key) for item in objects] for key in keys}).schema
        return pyarrow.json.read_json(io.BytesIO(sample)).schema
    except (pa.ArrowException, OSError, ValueError) as error:
        first = printable(next(iter(str(error).splitlines()), "")).rstrip(".")
        raise UsageError(f"{quoted(file.name)} cannot be read: {first}") from None


def _csv_schema(sample: bytes) -> pa.Schema:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv

    try:
        sample.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8; save it as UTF-8") from None
    parse = pyarrow.csv.ParseOptions(delimiter=_delimiter(sample))
    schema = pyarrow.csv.read_csv(io.BytesIO(sample), parse_options=parse).schema
    numbers = {field.name: pa.string() for field in schema if pa.types.is_integer(field.type)}
    as_text = pyarrow.csv.ConvertOptions(column_types=numbers, include_columns=list(numbers))
    if not numbers:
        return schema
    texts = pyarrow.csv.read_csv(io.BytesIO(sample), parse_options=parse, convert_options=as_text)
    for name in numbers:
        # A postcode or a telephone number is no number: it would lose its zeros.
        if pc.any(pc.match_substring_regex(texts[name], _ZERO_FIRST)).as_py():
            index = schema.get_field_index(name)
            schema = schema.set(index, schema.field(index).with_type(pa.string()))
    return schema


def csv_delimiter(file: Path) -> str:
    """What separates the values of a csv file that ``infer_columns`` can read."""
    return _delimiter(_sample(file))


def _delimiter(sample: bytes) -> str:
    first = sample.partition(b"\n")[0].decode("utf-8-sig")
    return next((character for character in DELIMITERS if character in first), ",")


def _sample(file: Path) -> bytes:
    """The beginning of a file, as whole lines."""
    with file.open("rb") as opened:
        sample = opened.read(MAX_SAMPLE)
        if not opened.read(1):
            return sample
    return sample[: sample.rfind(b"\n") + 1]


def _objects(file: Path) -> list[dict[str, object]]:
    if file.stat().st_size > MAX_SAMPLE:
        raise ValueError("a list of objects of more than 16 MiB; write one object on each line instead")
    read = json.loads(file.read_bytes())
    if not all(isinstance(item, dict) for item in read):
        raise ValueError("it is no list of objects")
    return list(read)


def _column(field: pa.Field, number: int) -> NewColumn:
    name = usable_name(field.name)
    if name == "column":
        name = f"column_{number}"
    if name in RESERVED_COLUMNS:
        name += "_"
    return NewColumn(
        name=name,
        type=_type(field.type, field.name),
        required=not field.nullable,
        in_data=field.name if name != field.name.lower() else "",
    )


def _type(type_: pa.DataType, column: str) -> str:
    name = _SAME.get(str(type_)) or _scalar(type_) or _nested(type_, column)
    if name:
        return name
    hint = "write the contract without --from, or the file with another type"
    raise UsageError(f"the column {quoted(column)} has the type {quoted(str(type_))}, which Glue has not", hint)


def _scalar(type_: pa.DataType) -> str:
    import pyarrow.types as kinds

    if kinds.is_timestamp(type_):
        return "timestamp"
    if kinds.is_decimal(type_) and 1 <= type_.precision <= 38 and 0 <= type_.scale <= type_.precision:
        return f"decimal({type_.precision},{type_.scale})"
    if kinds.is_binary(type_) or kinds.is_large_binary(type_) or kinds.is_fixed_size_binary(type_):
        return "binary"
    if kinds.is_string(type_) or kinds.is_large_string(type_) or kinds.is_time(type_):
        return "string"
    return ""


def _nested(type_: pa.DataType, column: str) -> str:
    import pyarrow.types as kinds

    if kinds.is_dictionary(type_):
        return _type(type_.value_type, column)
    if kinds.is_list(type_) or kinds.is_large_list(type_) or kinds.is_fixed_size_list(type_):
        return f"array<{_type(type_.value_type, column)}>"
    if kinds.is_map(type_):
        return f"map<{_type(type_.key_type, column)},{_type(type_.item_type, column)}>"
    if kinds.is_struct(type_) and len(type_.fields):
        return f"struct<{','.join(f'{usable_name(f.name)}:{_type(f.type, column)}' for f in type_.fields)}>"
    return ""
