"""The columns of a contract in our own format, nested ones included: YAML → what the model is made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mesh_infra.spec import leaves, names
from mesh_infra.spec.document import Yaml
from mesh_infra.spec.problems import RefusedError, UnfitError, listed, quoted
from mesh_infra.spec.reader import Fields, Leaf, Reader
from mesh_infra.spec.source import Loc
from mesh_infra.spec.types import EXAMPLES, NESTED, STRING, DataType, array_of, map_of, parse_type, struct_of

NOT_YET = ("alerts", "expires", "location", "masked_as", "masking", "metrics", "quality", "row_filter")
"""Fields that other tools and later versions know: refused, because ignoring them would mislead."""

_PARTS = {"struct": ("fields",), "array": ("items",), "map": ("key", "value")}
"""The keys under which each kind of nested type says what it holds."""

_NESTED_KEYS = frozenset(key for keys in _PARTS.values() for key in keys)


def _type(value: Yaml) -> DataType | str:
    """A type, or the word ``struct``, ``array`` or ``map`` where the keys beside it say the rest."""
    if type(value) is str and value:
        return value if value in NESTED else parse_type(value)
    raise UnfitError("text", rule="type", remedy=lambda _: "write a type such as 'string'")


_ANY: dict[str, Leaf] = {
    "type": _type,
    "description": leaves.prose,
    "required": leaves.flag,
    "pii": leaves.flag,
    "classification": leaves.text,
    "tags": leaves.listing,
    "fields": leaves.filled_listing,
    "items": leaves.mapping,
    "key": leaves.mapping,
    "value": leaves.mapping,
}
_HINTS = {
    "nullable": "write 'required: true' for a column that is never null",
    "optional": "write 'required: true' for a column that is never null",
    "mode": "write 'required: true' for a column that is never null",
    "comment": "write 'description'",
    "doc": "write 'description'",
    "sensitive": "write 'pii: true', or a 'classification' that mesh.yaml declares sensitive",
    "personal": "write 'pii: true'",
    "properties": "write 'fields', a list",
    "columns": "write 'fields', a list",
}
_COLUMN = Fields(
    "a column",
    {**_ANY, "name": leaves.named(names.top_column_name), "unique": leaves.flag, "primary_key": leaves.flag},
    required=("name", "type"),
    named_by="name",
    unsupported=NOT_YET,
    hints=_HINTS,
)
_FIELD = Fields(
    "a field",
    {**_ANY, "name": leaves.named(names.column_name)},
    required=("name", "type"),
    named_by="name",
    unsupported=NOT_YET,
    hints=_HINTS,
)
_PART = Fields("an element", _ANY, required=("type",), unsupported=NOT_YET, hints=_HINTS)


def read_column(reader: Reader, data: Yaml, loc: Loc, fields: Fields = _COLUMN) -> dict[str, Any]:
    """What a ``Column`` is made from. Where something is wrong a stand-in takes its place, so that the rest is checked.

    A column without a usable name is called ``""``.
    """
    values = reader.fields(data, loc, fields)
    if "name" not in values:
        written = data.get("name") if isinstance(data, dict) else None
        values["name"] = written if isinstance(written, str) else ""
    kind = values.setdefault("type", STRING)
    if type(kind) is str or not _NESTED_KEYS.isdisjoint(values):
        _read_parts(reader, values, loc)
        _check_parts(reader, kind, data, loc)
        values["type"] = _whole_type(reader, kind, values, loc)
    if "tags" in values:
        values["tags"] = reader.texts(values["tags"], (*loc, "tags"))
    return values


def _read_parts(reader: Reader, values: dict[str, Any], loc: Loc) -> None:
    """Read what is written under ``fields``, ``items``, ``key`` and ``value``."""
    for key in _NESTED_KEYS & values.keys():
        if key == "fields":
            values[key] = tuple(read_column(reader, f, (*loc, key, i), _FIELD) for i, f in enumerate(values[key]))
        else:
            values[key] = {**read_column(reader, values[key], (*loc, key), _PART), "name": key}


def _check_parts(reader: Reader, kind: DataType | str, data: Yaml, loc: Loc) -> None:
    """Report the keys that a type lacks, or that say what only another type can hold."""
    given = _NESTED_KEYS & data.keys() if isinstance(data, dict) else frozenset()
    name, parts = (kind, _PARTS[kind]) if isinstance(kind, str) else (kind.name, ())
    for key in sorted(given - set(parts)):
        owner = next(other for other, keys in _PARTS.items() if key in keys)
        message = f"{quoted(key)} does not fit the type {quoted(name)}"
        reader.report_at("type", reader.source.key((*loc, key)), message, f"it belongs to 'type: {owner}'")
    if missing := [key for key in parts if key not in given]:
        hint = f"add it, or write the type as text, such as {quoted(EXAMPLES[name])}"
        reader.report("type", (*loc, "type"), f"the type {quoted(name)} needs {listed(missing, 'and')}", hint)


def _whole_type(reader: Reader, kind: DataType | str, values: Mapping[str, Any], loc: Loc) -> DataType:
    """The type that ``kind`` makes of the parts; a stand-in where they are not all there."""
    if isinstance(kind, DataType):
        return kind
    if not values.keys() >= set(_PARTS[kind]):
        return STRING
    try:
        return _compose(kind, values)
    except RefusedError as refused:
        reader.refuse(refused, (*loc, "type"), kind)
        return STRING


def _compose(kind: str, values: Mapping[str, Any]) -> DataType:
    match kind:
        case "array":
            return array_of(values["items"]["type"])
        case "map":
            return map_of(values["key"]["type"], values["value"]["type"])
        case _:
            # A field without a name has been reported, and is none to compare others with.
            named = [(field["name"], field["type"]) for field in values["fields"] if field["name"]]
            return struct_of(named) if named else STRING
