"""A contract of our own format as the Open Data Contract Standard has it (bitol.io, ODCS v3.0 to v3.2).

What the standard has no field for stands in custom properties that begin with ``mesh:``, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mesh_infra.spec.document import Yaml
from mesh_infra.spec.leaves import parse_percentage
from mesh_infra.spec.odcs.custom import OWN
from mesh_infra.spec.odcs.head import KIND
from mesh_infra.spec.odcs.personal import tag_says
from mesh_infra.spec.odcs.types import LOGICAL
from mesh_infra.spec.types import DataType, parse_type

Native = Mapping[str, Yaml]
"""A contract, or a part of one, as its YAML has it; it has been checked."""

_INTEGERS = frozenset(("tinyint", "smallint", "int", "bigint"))
_NUMBERS = frozenset(("decimal", "double", "float"))
_SAME = frozenset(("boolean", "date", "timestamp", "array"))

_CONTRACT = frozenset(("dataset", "version", "owner", "status", "title", "description", "schema", "partition_by")) | {
    "retention_days",
    "access_policy",
    "sla",
    "tags",
    "odcs",
}
_COLUMN = frozenset(("name", "type", "description", "required", "pii", "classification", "unique", "primary_key")) | {
    "fields",
    "items",
    "key",
    "value",
    "tags",
}
_ENTRY = frozenset(("role", "permission"))
"""Fields with a place in the standard; all others become custom properties."""


def document_of(contract: Native, domain: str, api_version: str) -> dict[str, Yaml]:
    """The document of a contract of ``domain``, in one version of the standard."""
    major = str(contract["version"]).removeprefix("v").partition(".")[0]
    owner = contract["owner"]
    document: dict[str, Yaml] = {
        "apiVersion": api_version,
        "kind": KIND,
        "id": f"{domain}.{contract['dataset']}.v{major}",
        "version": contract["version"],
        "status": contract.get("status", "active"),
        "domain": domain,
        "tags": contract.get("tags"),
        # Until v3.0 a team was the list of its members.
        "team": [{"username": owner, "role": "owner"}] if _is_old(api_version) else {"name": owner},
        "schema": [_Table(contract, api_version).table()],
        "slaProperties": list(_service_levels(contract)),
        "roles": [_role(entry) for entry in _mappings(contract.get("access_policy"))],
    }
    return _said(document)


def _is_old(api_version: str) -> bool:
    return api_version.startswith("v3.0.")


def _said(mapping: dict[str, Yaml]) -> dict[str, Yaml]:
    """What of a mapping says something."""
    return {key: value for key, value in mapping.items() if value not in (None, "", [], {})}


def _mappings(value: Yaml) -> Iterator[dict[str, Yaml]]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield item


def _custom(part: Native, homes: frozenset[str]) -> list[Yaml]:
    return [{"property": f"{OWN}{key}", "value": value} for key, value in part.items() if key not in homes]


class _Table:
    """The contract's only entry of ``schema``."""

    def __init__(self, contract: Native, api_version: str) -> None:
        self._contract = contract
        self._version = api_version
        keys = contract.get("partition_by")
        self._keys = keys if isinstance(keys, list) else []

    def table(self) -> dict[str, Yaml]:
        contract = self._contract
        table: dict[str, Yaml] = {
            "name": contract["dataset"],
            "businessName": contract.get("title"),
            "physicalType": "table",
            "description": contract.get("description"),
            "properties": [self._column(column) for column in _mappings(contract["schema"])],
            "customProperties": _custom(contract, _CONTRACT),
        }
        return _said(table)

    def _column(self, column: Native) -> dict[str, Yaml]:
        written = self._property(column)
        if column["name"] in self._keys:
            # Behind the type, where readers look for it.
            written |= {"partitioned": True, "partitionKeyPosition": self._keys.index(column["name"]) + 1}
        return written

    def _property(self, part: Native) -> dict[str, Yaml]:
        """A column, or a field, element, key or value in one."""
        written: dict[str, Yaml] = {
            "name": part.get("name"),
            **self._type(part),
            "description": part.get("description"),
            "required": part.get("required") or None,
            "unique": part.get("unique") or None,
            "primaryKey": part.get("primary_key") or None,
            "classification": part.get("classification"),
            **_tags(part),
        }
        return _said(written)

    def _type(self, part: Native) -> dict[str, Yaml]:
        match part["type"]:
            case "struct":
                return {"logicalType": "object", "properties": [self._property(f) for f in _mappings(part["fields"])]}
            case "array" if isinstance(part["items"], dict):
                return {"logicalType": "array", "items": self._property(part["items"])}
            case "map":
                return self._map(part)
            case type_:
                return self._plain_type(str(type_))

    def _map(self, part: Native) -> dict[str, Yaml]:
        parts: dict[str, Yaml] = {
            key: self._property(inner) for key in ("key", "value") if isinstance(inner := part[key], dict)
        }
        if self._version >= "v3.2.0":
            return {"logicalType": "map", "map": parts}
        named: list[Yaml] = [{"name": key, **inner} for key, inner in parts.items() if isinstance(inner, dict)]
        return {"logicalType": "object", "physicalType": type_text(part), "properties": named}

    def _plain_type(self, written: str) -> dict[str, Yaml]:
        type_ = parse_type(written)
        logical = _logical(type_)
        if logical == "timestamp" and _is_old(self._version):
            return {"logicalType": "date", "physicalType": "timestamp"}
        default = LOGICAL[logical]
        needless = type_.primitive and parse_type(default) == type_
        return {"logicalType": logical} if needless else {"logicalType": logical, "physicalType": written}


def type_text(part: Native) -> str:
    """The whole type of a part whose nested types may be written as YAML."""
    match part["type"]:
        case "struct":
            fields = (f"{field['name']}:{type_text(field)}" for field in _mappings(part["fields"]))
            return f"struct<{','.join(fields)}>"
        case "array" if isinstance(items := part["items"], dict):
            return f"array<{type_text(items)}>"
        case "map" if isinstance(key := part["key"], dict) and isinstance(value := part["value"], dict):
            return f"map<{type_text(key)},{type_text(value)}>"
        case type_:
            return str(type_)


def _logical(type_: DataType) -> str:
    if type_.name in _INTEGERS:
        return "integer"
    if type_.name in _NUMBERS:
        return "number"
    if type_.name in ("struct", "map"):
        return "object"
    return type_.name if type_.name in _SAME else "string"


def _tags(part: Native) -> dict[str, Yaml]:
    """The tags, ``pii`` among them, and the custom properties."""
    given = part.get("tags")
    tags = list(given) if isinstance(given, list) else []
    custom = _custom(part, _COLUMN)
    if any(tag_says(str(tag)) is not None for tag in tags):
        # A tag of ours says nothing about protection, one of the standard's may.
        custom.append({"property": f"{OWN}tags", "value": tags})
        tags = []
    if part.get("pii") is True:
        tags.insert(0, "pii")
    elif part.get("pii") is False:
        custom.insert(0, {"property": "pii", "value": False})
    return {"tags": tags, "customProperties": custom}


def _role(entry: Native) -> dict[str, Yaml]:
    written = {"role": entry["role"], "access": entry["permission"], "customProperties": _custom(entry, _ENTRY)}
    return _said(written)


def _service_levels(contract: Native) -> Iterator[dict[str, Yaml]]:
    sla = contract.get("sla")
    promises = sla if isinstance(sla, dict) else {}
    if freshness := promises.get("freshness"):
        number, _, unit = str(freshness).partition(" ")
        yield {"property": "latency", "value": int(number), "unit": unit}
    for name in ("availability", "quality"):
        if name in promises:
            yield {"property": name, **_percentage(str(promises[name]))}
    if (days := contract.get("retention_days")) is not None:
        yield {"property": "retention", "value": days, "unit": "d"}


def _percentage(written: str) -> dict[str, Yaml]:
    """As a number where that is written the same; else as text."""
    digits = written.removesuffix("%")
    number = parse_percentage(written)
    if number is not None and str(float(number)) == digits:
        return {"value": float(number), "unit": "percent"}
    return {"value": written}
