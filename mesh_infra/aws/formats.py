"""Glue tables by file format: input and output formats, SerDes and the parameters that engines go by.

No format gets a parameter with names of columns other than partition keys: Lake Formation returns parameters to
everybody who may read any column (developer guide, "Known issues"). So there is no ``avro.schema.literal``: the schema
of Avro files is in the files, and that of the table in its columns (Hive, "AvroSerDe": since 0.14).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class TableFormat:
    """How Glue describes a file format. ``serde_parameters`` and ``parameters`` go onto every table of it.

    ``log_structured``: a transaction log names the live files, so that deleting files by age would break the table.
    ``open_table``: Glue makes the table itself, from a schema of the format's own, and its partition keys are columns
    like the others; then nothing else here is set.
    """

    name: str
    input_format: str = ""
    output_format: str = ""
    serde: str = ""
    serde_parameters: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    log_structured: bool = False
    open_table: bool = False


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """How the lines of text files are cut into values; ``quote`` is empty where values are not enclosed."""

    delimiter: str = ","
    header: bool = False
    quote: str = ""


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
ORC = TableFormat(
    # Athena User Guide, "ORC SerDe". Athena finds columns by their position unless it is told otherwise ("Understand
    # index access for Apache ORC and Apache Parquet"), and so did Redshift (Database Developer Guide, "CREATE EXTERNAL
    # TABLE", orc.schema.resolution): a hidden column's values must never appear under another one's name.
    name="orc",
    input_format="org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
    output_format="org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
    serde="org.apache.hadoop.hive.ql.io.orc.OrcSerde",
    serde_parameters={"orc.column.index.access": "false", "serialization.format": "1"},
    parameters={"EXTERNAL": "TRUE", "classification": "orc", "orc.schema.resolution": "name"},
)
AVRO = TableFormat(
    # Athena User Guide, "Avro SerDe".
    name="avro",
    input_format="org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
    output_format="org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
    serde="org.apache.hadoop.hive.serde2.avro.AvroSerDe",
    serde_parameters={"serialization.format": "1"},
    parameters={"EXTERNAL": "TRUE", "classification": "avro"},
)
CSV = TableFormat(
    # What both SerDes for text have in common; ``table_format`` adds the one that the settings ask for.
    name="csv",
    input_format="org.apache.hadoop.mapred.TextInputFormat",
    output_format="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    parameters={"EXTERNAL": "TRUE", "classification": "csv"},
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

ICEBERG = TableFormat(
    # Glue web API reference, "CreateTable", OpenTableFormatInput: Glue writes the table's first metadata file and sets
    # the rest; whoever writes to the table later replaces it.
    name="iceberg",
    log_structured=True,
    open_table=True,
)

FORMATS: Mapping[str, TableFormat] = {f.name: f for f in (PARQUET, ORC, AVRO, JSON, CSV, DELTA, ICEBERG)}


def table_format(name: str, csv: CsvLayout | None = None) -> TableFormat:
    """How Glue describes a dataset of the format called ``name``; ``csv`` where that is ``csv``."""
    return _delimited(csv or CsvLayout()) if name == CSV.name else FORMATS[name]


def _delimited(layout: CsvLayout) -> TableFormat:
    """Athena User Guide, "CSV SerDe libraries": OpenCSVSerDe where values are enclosed, else LazySimpleSerDe."""
    header = {"skip.header.line.count": "1"} if layout.header else {}
    if layout.quote:
        serde = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
        settings = {"escapeChar": "\\", "quoteChar": layout.quote, "separatorChar": layout.delimiter}
    else:
        serde = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
        settings = {"field.delim": layout.delimiter, "serialization.format": layout.delimiter}
    return replace(CSV, serde=serde, serde_parameters=settings, parameters={**CSV.parameters, **header})
