"""The rule on file formats."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.governance.rule import Context, Order, Rule, Setting, Violation
from mesh_infra.governance.values import one_of, words
from mesh_infra.spec.model import Contract, Format
from mesh_infra.spec.problems import listed, quoted

KNOWN_FORMATS = frozenset((*(known.value for known in Format), "avro", "csv", "iceberg", "orc"))
"""What an organisation can allow: also formats that mesh-infra does not provision yet."""


def _check(context: Context[Contract]) -> Iterator[Violation]:
    written = context.subject.format.value
    allowed = context.words("allowed")
    if allowed and written not in allowed:
        default = "" if context.subject.source.written(("format",)) else ", the default,"
        message = f"the format {quoted(written)}{default} is not allowed here"
        yield Violation(("format",), message, f"use {listed(allowed)}")


FORMATS: Rule[Contract] = Rule(
    name="formats",
    subjects=(Contract,),
    check=_check,
    summary="Datasets have one of the formats that the organisation allows",
    rationale=(
        "Engines honour Lake Formation's column permissions for some formats and not for others, and every further "
        "format is one more that all consumers must read. Without the setting every format is allowed. A contract "
        "that names no format has parquet."
    ),
    example="format: json # with governance: {formats: {allowed: [parquet, delta]}}\n",
    remedy="format: parquet\n",
    settings=(
        Setting("allowed", "the formats that datasets may have", Order.SUBSET, words(one_of(KNOWN_FORMATS, "format"))),
    ),
)
