"""A contract in our own format: YAML → models."""

from __future__ import annotations

import re
from typing import Any

from mesh_infra.spec import leaves, names
from mesh_infra.spec.columns import NOT_YET, read_column
from mesh_infra.spec.document import Yaml
from mesh_infra.spec.model import Contract, Format, Permission, Status
from mesh_infra.spec.problems import RefusedError, UnfitError, quoted
from mesh_infra.spec.reader import Fields, Reader
from mesh_infra.spec.source import Loc
from mesh_infra.spec.storage import read_csv, read_projection

_REFERENCE = re.compile(r"(?:[a-z][a-z0-9_]*\.)?[a-z][a-z0-9_]*(?:\.v[0-9]{1,4})?")
"""A dataset as others call it: ``orders``, ``sales.orders``, ``orders.v2``, ``sales.orders.v2``."""

_FORMATS_ELSEWHERE = {
    "hudi": RefusedError("the format 'hudi' is not supported", "use iceberg or delta", "unsupported"),
    "tsv": RefusedError("unknown format 'tsv'", "write 'csv', with the delimiter under 'csv'", "format"),
}
_PERMISSIONS_ELSEWHERE = {
    "write": RefusedError("unknown permission 'write'", "only the producer of the domain writes", "permission"),
    "masked": RefusedError("unknown permission 'masked'", "did you mean 'read_masked'?", "permission"),
}
_CONTRACT = Fields(
    "a contract",
    {
        "dataset": leaves.named(names.dataset_name),
        "version": leaves.version,
        "owner": leaves.named(names.tag_value),
        "status": leaves.choice(Status, "status"),
        "format": leaves.choice(Format, "format", _FORMATS_ELSEWHERE),
        "csv": leaves.mapping,
        "title": leaves.text,
        "description": leaves.prose,
        "schema": leaves.filled_listing,
        "partition_by": leaves.listing,
        "projection": leaves.mapping,
        "retention_days": leaves.days,
        "access_policy": leaves.listing,
        "consumes": leaves.listing,
        "sla": leaves.mapping,
        "tags": leaves.listing,
        "billing": leaves.mapping,
        "api_endpoint": leaves.text,
        "accept": leaves.listing,
        "odcs": leaves.mapping,
    },
    required=("dataset", "version", "owner", "schema"),
    unsupported=NOT_YET,
    hints={
        "domain": "a contract belongs to the domain whose folder it lies in: remove it",
        "name": "write 'dataset'",
        "columns": "write 'schema'",
        "fields": "write 'schema'",
        "access": "write 'access_policy'",
        "partitioned_by": "write 'partition_by'",
        "partitions": "write 'partition_by'",
        "partition_projection": "write 'projection'",
        "delimiter": "it belongs under 'csv'",
        "header": "it belongs under 'csv'",
        "quote": "it belongs under 'csv'",
        "primary_key": "write 'primary_key: true' at the column",
        "pii": "write 'pii: true' at the column",
        "role": "it belongs to an entry of 'access_policy'",
        "purpose": "it belongs to an entry of 'access_policy'",
    },
)
_ACCESS = Fields(
    "an entry of 'access_policy'",
    {
        "role": leaves.text,
        "permission": leaves.choice(Permission, "permission", _PERMISSIONS_ELSEWHERE),
        "purpose": leaves.text,
        "approved_by": leaves.text,
    },
    required=("role", "permission"),
    unsupported=(*NOT_YET, "columns"),
    hints={"principal": "write 'role'", "roles": "write one entry for each role", "access": "write 'permission'"},
)
_SLA = Fields(
    "'sla'",
    {"freshness": leaves.freshness, "quality": leaves.percentage, "availability": leaves.percentage},
)


_ACCEPTED = Fields(
    "an entry of 'accept'",
    {"rule": leaves.text, "reason": leaves.text, "until": leaves.date},
    required=("rule", "reason", "until"),
    hints={"expires": "write 'until'", "why": "write 'reason'", "rules": "write one entry for each rule"},
)


def _reference(value: Yaml) -> str:
    name = leaves.text(value)
    if _REFERENCE.fullmatch(name):
        return name
    raise RefusedError(f"{quoted(name)} is no dataset", "write orders, sales.orders or sales.orders.v2", "consumes")


_CONSUMED = Fields("an entry of 'consumes'", {"dataset": _reference, "columns": leaves.listing}, required=("dataset",))


def read_contract(reader: Reader, data: dict[str, Yaml], domain: str, stem: str) -> Contract:
    """The contract in the file called ``stem``, in the folder of ``domain``.

    Where something is wrong, which the reader then knows, a stand-in takes its place, so that everything else can be
    checked in the same run; lists keep their length, so that places stay right.
    """
    values = reader.fields(data, (), _CONTRACT)
    columns = tuple(read_column(reader, c, ("schema", i)) for i, c in enumerate(values.pop("schema", ())))
    values["access_policy"] = tuple(
        _access_entry(reader, entry, ("access_policy", i)) for i, entry in enumerate(values.get("access_policy", ()))
    )
    values["consumes"] = tuple(
        _consumed(reader, item, ("consumes", i)) for i, item in enumerate(values.get("consumes", ()))
    )
    values["accept"] = tuple(
        {"rule": "", "reason": "", "until": "", **reader.fields(item, ("accept", i), _ACCEPTED)}
        for i, item in enumerate(values.get("accept", ()))
    )
    for key in ("partition_by", "tags"):
        if key in values:
            values[key] = reader.texts(values[key], (key,))
    if "sla" in values:
        values["sla"] = reader.fields(values["sla"], ("sla",), _SLA)
    if "csv" in values:
        values["csv"] = read_csv(reader, values["csv"], ("csv",))
    if "projection" in values:
        values["projection"] = read_projection(reader, values["projection"], ("projection",))
    if "billing" in values:
        values["billing"] = reader.entries(values["billing"], ("billing",), leaves.text)
    stand_ins = {"dataset": stem.partition(".")[0], "version": "v1", "owner": ""}
    return Contract.model_validate(
        {**stand_ins, **values, "domain": domain, "columns": columns, "source": reader.source}
    )


def _access_entry(reader: Reader, data: Yaml, loc: Loc) -> dict[str, Any]:
    if isinstance(data, str):
        hint = f"write {{role: {data}, permission: read}}" if data.isidentifier() else ""
        reader.refuse(UnfitError("a mapping of 'role' and 'permission'", hint), loc, data)
        return {"role": "", "permission": Permission.READ}
    return {"role": "", "permission": Permission.READ, **reader.fields(data, loc, _ACCESS)}


def _consumed(reader: Reader, data: Yaml, loc: Loc) -> dict[str, Any]:
    if not isinstance(data, dict):
        return {"dataset": reader.one(data, loc, _reference) or ""}
    values = reader.fields(data, loc, _CONSUMED)
    if "columns" in values:
        values["columns"] = reader.texts(values["columns"], (*loc, "columns"))
    return {"dataset": "", **values}
