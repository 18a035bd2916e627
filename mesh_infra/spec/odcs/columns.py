"""The columns of a table in the Open Data Contract Standard, as our own format would have them."""

from __future__ import annotations

from open_data_contract_standard.model import CustomProperty, SchemaProperty

from mesh_infra.spec.document import Yaml
from mesh_infra.spec.odcs.custom import OwnFields, bare_name, refuse_protection
from mesh_infra.spec.odcs.document import OdcsReader
from mesh_infra.spec.odcs.personal import Said, says_of_persons, tag_says
from mesh_infra.spec.odcs.types import Typed, UnknownTypeError, type_of
from mesh_infra.spec.problems import RefusedError, listed, quoted
from mesh_infra.spec.source import Loc
from mesh_infra.spec.types import NESTED, parse_type

_STRATEGY = "anonymizationstrategy"

_HOMES = {
    "name": "name",
    "type": "logicalType' and 'physicalType",
    "description": "description",
    "required": "required",
    "pii": "tags",
    "classification": "classification",
    "unique": "unique",
    "primary_key": "primaryKey",
    "fields": "properties",
    "items": "items",
    "key": "map",
    "value": "map",
}
"""The fields of our columns that have a place in the standard."""

_PART_KEYS = ("properties", "items", "map")


class Columns:
    """Translates the columns of one table; ``places`` gets where each value of our format stands in the file."""

    def __init__(self, reader: OdcsReader, places: dict[Loc, Loc]) -> None:
        self._reader = reader
        self._places = places
        self._own = OwnFields(reader, places)

    def column(self, given: SchemaProperty, at: Loc, own: Loc) -> dict[str, Yaml]:
        """A column or a field, which stands at ``at`` in the file and at ``own`` in our format."""
        self._places[own] = at
        stand_in = f"_{at[-1]}"
        if at in self._reader.left_out:
            return {"name": stand_in, "type": "string"}
        name = given.physicalName or given.name
        if name is None:
            self._reader.missing(at, "name", "it has no 'name'", "write one")
        self._places[*own, "name"] = (*at, "physicalName" if given.physicalName else "name")
        top = len(own) == 2
        values: dict[str, Yaml] = {"name": name or stand_in, **self._part(given, at, own)}
        if top:
            flags = {"unique": given.unique, "primary_key": given.primaryKey}
            values |= {key: flag for key, flag in flags.items() if flag is not None}
            self._places[*own, "primary_key"] = (*at, "primaryKey")
        elif given.partitioned:
            message = "a field inside a column cannot be a partition key"
            self._reader.report("partition", (*at, "partitioned"), message, "partition by a column")
        return values

    def _part(self, given: SchemaProperty, at: Loc, own: Loc) -> dict[str, Yaml]:
        """What a column has in common with an element, a key or a value."""
        self._refuse(given, at)
        typed = self._typed(given, at)
        self._places[*own, "type"] = (*at, typed.key) if typed.key else at
        parts = self._parts(given, typed, at, own)
        values: dict[str, Yaml] = {"type": "string" if typed.text in NESTED and not parts else typed.text, **parts}
        same = {"description": given.description, "required": given.required}
        values |= {key: value for key, value in same.items() if value is not None}
        if given.classification:
            values["classification"] = given.classification
        values |= self._about_persons(given, at, own)
        return values | self._own.fields(given.customProperties, (*at, "customProperties"), own, _HOMES)

    def _typed(self, given: SchemaProperty, at: Loc) -> Typed:
        logical = given.logicalType
        if logical is None and given.physicalType is None:
            logical = "object" if given.properties else "array" if given.items else "map" if given.map else None
        try:
            typed = type_of(logical, given.physicalType, given.logicalTypeOptions)
        except UnknownTypeError as unknown:
            self._reader.report("type", (*at, unknown.key) if unknown.key else at, unknown.message, unknown.hint)
            return Typed("string", unknown.key)
        if typed.text in NESTED or not any(getattr(given, key) for key in _PART_KEYS):
            return typed
        kind = parse_type(typed.text).name
        if kind in NESTED:
            return Typed(kind, typed.key)  # its parts say more: which of them are personal
        part = next(key for key in _PART_KEYS if getattr(given, key))
        message = f"the type {quoted(typed.text)} does not fit its {quoted(part)}"
        self._reader.report("type", (*at, typed.key), message, f"remove the {typed.key} or the {part}")
        return Typed("string", typed.key)

    def _parts(self, given: SchemaProperty, typed: Typed, at: Loc, own: Loc) -> dict[str, Yaml]:
        """What a nested type holds; empty where it is none, or where that is not said, which is then on record."""
        said = [key for key in _PART_KEYS if getattr(given, key)]
        if len(said) > 1:
            message = f"it cannot have {listed(said, 'and')}"
            self._reader.report("type", (*at, said[1]), message, "'properties' are an object's, 'items' an array's")
        match typed.text:
            case "struct" if given.properties:
                fields: list[Yaml] = [
                    self.column(field, (*at, "properties", index), (*own, "fields", index))
                    for index, field in enumerate(given.properties)
                ]
                self._places[*own, "fields"] = (*at, "properties")
                return {"fields": fields}
            case "array" if given.items:
                return {"items": self._inner(given.items, (*at, "items"), (*own, "items"))}
            case "map" if given.map and given.map.key and given.map.value:
                parts = {"key": given.map.key, "value": given.map.value}
                return {k: self._inner(part, (*at, "map", k), (*own, k)) for k, part in parts.items()}
            case "map" if given.properties and [part.name for part in given.properties] == ["key", "value"]:
                # Before 3.2 the standard had no maps: this is how one is written then.
                pairs = dict(zip(("key", "value"), enumerate(given.properties), strict=True))
                return {k: self._inner(part, (*at, "properties", i), (*own, k)) for k, (i, part) in pairs.items()}
            case "struct" | "array" | "map" if any((*at, key) in self._reader.meant for key in _PART_KEYS):
                return {}
            case "struct" | "array" | "map" as kind:
                needed = {"struct": "'properties'", "array": "'items'", "map": "'map' with 'key' and 'value'"}[kind]
                example = {"struct": "struct<name:string>", "array": "array<string>", "map": "map<string,int>"}[kind]
                message = f"it does not say what its {typed.key or 'type'} holds"
                loc = (*at, typed.key) if typed.key else at
                self._reader.report("type", loc, message, f"add {needed}, or a physicalType such as {quoted(example)}")
                return {}
            case _:
                return {}

    def _inner(self, given: SchemaProperty, at: Loc, own: Loc) -> dict[str, Yaml]:
        self._places[own] = at
        return self._part(given, at, own)

    def _about_persons(self, given: SchemaProperty, at: Loc, own: Loc) -> dict[str, Yaml]:
        """``pii`` and the other tags."""
        values: dict[str, Yaml] = {}
        try:
            said = says_of_persons(given)
        except RefusedError as refused:
            self._reader.report("pii", at, refused.message, refused.hint)
            said = Said(personal=True, key="tags", place=0)
        if said is not None:
            values["pii"] = said.personal
            self._places[*own, "pii"] = (*at, said.key, said.place)
        others = [(index, tag) for index, tag in enumerate(given.tags or ()) if tag_says(tag) is None]
        if others:
            values["tags"] = [tag for _, tag in others]
            for place, (index, _) in enumerate(others):
                self._places[*own, "tags", place] = (*at, "tags", index)
        return values

    def _refuse(self, given: SchemaProperty, at: Loc) -> None:
        """Refuse what would protect the column elsewhere and does not here."""
        if given.encryptedName:
            message = "'encryptedName' is not supported yet: masked readers would not get the encrypted column"
            hint = "declare the encrypted column as one of its own, and this one as personal with the tag 'pii'"
            self._reader.report("unsupported", (*at, "encryptedName"), message, hint)
        if given.semanticType not in (None, "column", "dimension"):
            message = f"a property of the semanticType {quoted(given.semanticType)} is no column of a table"
            self._reader.report("unsupported", (*at, "semanticType"), message, "remove it")
        for index, custom in enumerate(given.customProperties or ()):
            loc = (*at, "customProperties", index)
            refuse_protection(self._reader, custom, loc)
            if bare_name(custom) == _STRATEGY and custom.value not in (None, "none", "None", False):
                self._refuse_strategy(given, custom, loc)

    def _refuse_strategy(self, given: SchemaProperty, custom: CustomProperty, loc: Loc) -> None:
        try:
            said = says_of_persons(given)
        except RefusedError:
            return
        if said is None or not said.personal:
            message = f"{quoted(custom.property or '')} is not supported: the column would be shown as it is"
            self._reader.report("unsupported", loc, message, "hide it from masked readers with the tag 'pii'")
