"""Which query engines apply Lake Formation's column permissions to which formats.

Lake Formation only tells an engine which columns somebody may see: leaving the others out is the engine's part
(developer guide, "Known issues", filtering of table metadata). Where AWS's pages disagree, or name no such format, it
is not listed here.

- ``athena`` is Athena SQL (developer guide, "Using AWS Lake Formation with Amazon Athena"); Athena for Spark applies
  none.
- ``redshift`` is Redshift Spectrum ("Using AWS Lake Formation with Amazon Redshift Spectrum"): Delta tables only
  through symlink manifests, which ours are not.
- ``emr`` is Spark on EMR and EMR Serverless (EMR Management Guide, "Considerations for Amazon EMR with Lake
  Formation"): Hive tables in Parquet, ORC and delimited text, and Iceberg.
- ``glue`` is Glue for Spark, from 5.0 on ("Data filtering limitations": Hive and Iceberg tables), for the same formats.
"""

from __future__ import annotations

from collections.abc import Mapping

_SPARK = frozenset(("parquet", "orc", "csv", "iceberg"))

COLUMN_PERMISSIONS: Mapping[str, frozenset[str]] = {
    "athena": frozenset(("parquet", "orc", "avro", "json", "csv", "delta", "iceberg")),
    "redshift": frozenset(("parquet", "orc", "avro", "json", "csv", "iceberg")),
    "emr": _SPARK,
    "glue": _SPARK,
}
"""The formats by engine."""
