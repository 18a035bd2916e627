"""How readers find the columns of a table in its files and partitions: what a new order of columns means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """Where columns are found by position rather than by name.

    ``files``: in the files themselves (Athena User Guide, "Handle schema updates": CSV, and ORC unless the table asks
    for names, as ours do; the others are read by name, Iceberg by the ids of fields). A column that is removed, renamed
    or moved there shows another column's values under its name, and Lake Formation's column permissions may no longer
    hold (Lake Formation Developer Guide, "Limitations").

    ``partitions``: when Athena compares the columns of a partition, which keeps those of the day it was made, with the
    table's (Athena User Guide, "Update tables with partitions": CSV, JSON and Avro by index, Parquet and ORC by name).

    ``partition_fields``: the same for the fields of a struct, in every format whose partitions stand in Glue (Trino,
    ``HiveCoercionPolicy``: fields may be added or dropped at the end). Delta's and Iceberg's stand in their own logs.
    """

    files: bool
    partitions: bool
    partition_fields: bool


LAYOUTS: Mapping[str, Layout] = {
    "parquet": Layout(files=False, partitions=False, partition_fields=True),
    "orc": Layout(files=False, partitions=False, partition_fields=True),
    "avro": Layout(files=False, partitions=True, partition_fields=True),
    "json": Layout(files=False, partitions=True, partition_fields=True),
    "delta": Layout(files=False, partitions=False, partition_fields=False),
    "csv": Layout(files=True, partitions=True, partition_fields=True),
    "iceberg": Layout(files=False, partitions=False, partition_fields=False),
}
