"""Which types of columns may grow without breaking whoever reads them, by file format.

A type is widened safely where every value keeps its meaning and readers take files written before the change. Three
readers were looked at; where they differ the row says what the producer has to do.

- Athena User Guide, "Change a column data type": TINYINT → SMALLINT → INT → BIGINT, FLOAT → DOUBLE, in every format;
  for Parquet it promises them only where partitions keep their own types. Decimals and character types are compared by
  the engine that Athena builds on (Trino, ``HiveCoercionPolicy``), which takes longer ones for shorter ones.
- Spark reads a Parquet file as it was written; wider types since 4.0 (SPARK-40876), before that not (SPARK-35640).
  Within 32-bit integers nothing changes in the file (Parquet, "LogicalTypes.md": INT(8), INT(16) and INT(32) annotate
  INT32), and ``string`` and ``varchar`` are both STRING there.
- Delta Lake, "Type widening": integers, FLOAT → DOUBLE, decimals whose scale grows by no more than their precision. It
  is a reader feature, and Athena's list of reader features ("Query Linux Foundation Delta Lake tables") lacks it: the
  files have to be rewritten instead.
- Apache Avro specification, "Schema Resolution": int → long, float → double; every integer up to 32 bits is an int
  (Hive, "AvroSerDe"). Decimals match only where precision and scale are the same.
- Apache ORC, "Schema Evolution": ORC's own readers, which Spark uses, convert the types above. Athena has a reader of
  its own, of which its guide only says that queries should be tested: so the files have to be rewritten.
- Apache Iceberg specification, "Schema Evolution": int → long, float → double, decimals of more digits. Who writes to
  the table has to ask for it there (``ALTER TABLE``).

Left out on purpose: integers to decimals or doubles, ``date`` to ``timestamp``, anything to ``string``: some reader
takes each of them, but none takes them in all formats, and consumers' comparisons change their meaning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mesh_infra.spec.types import DataType

_INTEGERS = ("tinyint", "smallint", "int", "bigint")
_SIZE = re.compile(r"\((\d+)(?:,(\d+))?\)")

REWRITE = "files written before keep the old type: rewrite them, since Spark reads them as the new one only from 4.0 on"
REWRITE_ORC = "files written before keep the old type: rewrite them, since Athena may not read them as the new one"
REWRITE_AVRO = "files written before keep the old precision, which Avro does not convert: rewrite them"
EVOLVE_ICEBERG = "the table has to be changed where it is written (ALTER TABLE)"
REWRITE_DELTA = "rewrite the table (overwriteSchema): Athena cannot read tables with Delta's type widening switched on"


@dataclass(frozen=True, slots=True)
class Widening:
    """A safe widening; ``care`` is what the producer has to do so that it stays one, empty where nothing."""

    care: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A format's care for each kind of widening."""

    integers_of_32_bits: str
    integers_to_64_bits: str
    floats: str
    decimals: str


_AS_TEXT = _Row("", "", "", "")
"""Numbers written as text are read as whatever the table says."""

_ROWS: Mapping[str, _Row] = {
    "parquet": _Row("", REWRITE, REWRITE, REWRITE),
    "orc": _Row(REWRITE_ORC, REWRITE_ORC, REWRITE_ORC, REWRITE_ORC),
    "avro": _Row("", "", "", REWRITE_AVRO),
    "json": _AS_TEXT,
    "delta": _Row(REWRITE_DELTA, REWRITE_DELTA, REWRITE_DELTA, REWRITE_DELTA),
    "csv": _AS_TEXT,
    "iceberg": _Row(EVOLVE_ICEBERG, EVOLVE_ICEBERG, EVOLVE_ICEBERG, EVOLVE_ICEBERG),
}


def widening(file_format: str, old: DataType, new: DataType) -> Widening | None:
    """How ``old`` becomes ``new`` safely in files of a format; None where it does not. Both are primitive types."""
    return _widened(_ROWS[file_format], old, new)


def key_widening(old: DataType, new: DataType) -> Widening | None:
    """As ``widening`` for a partition key, whose values are text in the names of folders or in Delta's log."""
    return _widened(_AS_TEXT, old, new)


def _widened(row: _Row, old: DataType, new: DataType) -> Widening | None:
    if old.name in _INTEGERS and new.name in _INTEGERS:
        return _longer_integer(row, old.name, new.name)
    match old.name, new.name:
        case "varchar", "varchar":
            return Widening() if _size(old)[0] < _size(new)[0] else None
        case "varchar", "string":
            return Widening()
        case "float", "double":
            return Widening(row.floats)
        case "decimal", "decimal" if _holds_decimal(_size(old), _size(new)):
            return Widening(row.decimals)
    return None


def _longer_integer(row: _Row, old: str, new: str) -> Widening | None:
    if _INTEGERS.index(old) >= _INTEGERS.index(new):
        return None
    return Widening(row.integers_to_64_bits if new == "bigint" else row.integers_of_32_bits)


def _size(type_: DataType) -> tuple[int, int]:
    """Length, or precision and scale, of ``varchar(n)`` and ``decimal(p,s)``."""
    match = _SIZE.search(type_.glue)
    if match is None:
        raise ValueError(f"{type_.glue} has no size")
    return int(match[1]), int(match[2] or 0)


def _holds_decimal(old: tuple[int, int], new: tuple[int, int]) -> bool:
    """Whether neither digits before the point nor digits behind it are lost."""
    return old != new and new[0] - new[1] >= old[0] - old[1] and new[1] >= old[1]
