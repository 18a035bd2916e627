"""The tables of a file in the Open Data Contract Standard as our own format would have them, as YAML's values."""

from __future__ import annotations

from mesh_infra.spec.document import Yaml
from mesh_infra.spec.odcs.document import OdcsReader, read_document
from mesh_infra.spec.odcs.table import Table
from mesh_infra.spec.odcs.terms import Owner, owner_of
from mesh_infra.spec.source import Source


def native_forms(source: Source, data: dict[str, Yaml]) -> tuple[dict[str, Yaml], ...]:
    """What our own format would say of each table of a file that has no errors; what is the default is left out."""
    reader = OdcsReader(source, data)
    document = read_document(reader, data)
    owner = owner_of(document) or Owner("", ())
    tables = (Table(reader, document, index) for index in range(len(document.schema_ or ())))
    return tuple(_without_defaults(table.native(owner)) for table in tables)


def _without_defaults(contract: dict[str, Yaml]) -> dict[str, Yaml]:
    columns = contract["schema"]
    assert isinstance(columns, list)  # noqa: S101 - Table.native writes one
    spare = {"status": "active", "access_policy": []}
    kept = {key: value for key, value in contract.items() if spare.get(key) != value}
    return {**kept, "schema": [_plain_column(column) for column in columns]}


def _plain_column(column: Yaml) -> Yaml:
    if not isinstance(column, dict):
        return column
    flags = ("required", "unique", "primary_key")
    kept = {key: value for key, value in column.items() if not (key in flags and value is False)}
    for key in ("items", "key", "value"):
        if key in kept:
            kept[key] = _plain_column(kept[key])
    fields = kept.get("fields")
    return {**kept, "fields": [_plain_column(field) for field in fields]} if isinstance(fields, list) else kept
