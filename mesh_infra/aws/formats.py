"""Glue tables by file format: input and output formats, SerDes and the parameters that engines go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TableFormat:
    """How Glue describes a file format. ``serde_parameters`` and ``parameters`` go onto every table of it.

    ``log_structured``: a transaction log names the live files, so that deleting files by age would break the table.
    """

    name: str
    input_format: str
    output_format: str
    serde: str
    serde_parameters: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    log_structured: bool = False


PARQUET = TableFormat(
    # Athena User Guide, Parquet SerDe.
    name="parquet",
    input_format="org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    output_format="org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    serde="org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    serde_parameters={"serialization.format": "1"},
    parameters={"EXTERNAL": "TRUE", "classification": "parquet"},
)
JSON = TableFormat(
    # Athena User Guide, OpenX JSON SerDe: one object a line, the JSON names are the columns' own.
    name="json",
    input_format="org.apache.hadoop.mapred.TextInputFormat",
    output_format="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    serde="org.openx.data.jsonserde.JsonSerDe",
    serde_parameters={"serialization.format": "1"},
    parameters={"EXTERNAL": "TRUE", "classification": "json"},
)
DELTA = TableFormat(
    # Athena User Guide, Query Linux Foundation Delta Lake tables (native tables, no symlink manifests). The input
    # format is a placeholder that every engine replaces by its own Delta reader.
    name="delta",
    input_format="org.apache.hadoop.mapred.SequenceFileInputFormat",
    output_format="org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
    serde="org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
    serde_parameters={"serialization.format": "1"},
    parameters={
        "EXTERNAL": "TRUE",
        "classification": "delta",
        "spark.sql.sources.provider": "delta",
        "table_type": "DELTA",
    },
    log_structured=True,
)

FORMATS: Mapping[str, TableFormat] = {f.name: f for f in (PARQUET, JSON, DELTA)}
