"""Iceberg tables are made once: what their contracts say of columns and partitions afterwards changes nothing on AWS.

Glue makes the table from its contract; from then on its writers own schema and partitioning, and an update by Pulumi
would put back metadata that they have replaced (terraform-provider-aws issue 36641).
"""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.findings import Finding
from mesh_infra.review.contracts.pairing import Pairing
from mesh_infra.review.rules.breaking import new_version, newest_majors
from mesh_infra.spec.model import Contract, Format, Spec
from mesh_infra.spec.problems import listed
from mesh_infra.spec.reader import error_at

RULE = "iceberg-evolution"


def iceberg_findings(pairing: Pairing, head: Spec) -> Iterator[Finding]:
    """An error for each Iceberg table whose contract changes what only a new table would have."""
    for old, new in (*pairing.kept, *pairing.moved):
        if Format.ICEBERG not in (old.format, new.format):
            continue
        changed = _changed(old, new)
        if changed:
            newest = newest_majors(head, {new.dataset})[new.domain, new.dataset]
            position = new.source.key((changed[0],))
            message = f"{listed(changed, 'and')} of an Iceberg table cannot be changed yet"
            yield error_at(new.source, position, RULE, message, new_version(old, new, newest))


def _changed(old: Contract, new: Contract) -> list[str]:
    """The keys of the contract that say something else now; the order of columns means nothing to Iceberg."""
    if old.format is not new.format:
        return ["format"]
    schema = _schema(old) != _schema(new)
    return [*(["schema"] if schema else []), *(["partition_by"] if old.partition_by != new.partition_by else [])]


def _schema(contract: Contract) -> frozenset[tuple[str, str, bool]]:
    return frozenset((column.name, column.type.glue, column.required) for column in contract.columns)
