"""A document of the Open Data Contract Standard: from YAML to the standard's own models, with everything wrong in it.

The models are those of the package ``open-data-contract-standard``. They let unknown keys pass, and pydantic's words
are for programmers: here every problem gets its place, the name of its column, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Any, get_args

from open_data_contract_standard.model import Description, OpenDataContractStandard, Server
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mesh_infra.findings import Finding
from mesh_infra.spec import leaves
from mesh_infra.spec.document import Yaml
from mesh_infra.spec.problems import UnfitError, did_you_mean, quoted
from mesh_infra.spec.reader import Leaf, Reader, error_at
from mesh_infra.spec.source import Loc, Source

VERSIONS = ("v3.0.0", "v3.0.1", "v3.0.2", "v3.1.0", "v3.2.0")
"""The versions of the standard that are read and written (bitol.io, "Open Data Contract Standard", releases)."""

_OPEN = (Description, Server)
"""What may have keys that the models do not know: each kind of server has its own."""

_LEAVES: Mapping[str, Leaf] = {
    "string_type": leaves.prose,
    "bool_type": leaves.flag,
    "list_type": leaves.listing,
    "model_type": leaves.mapping,
    "dict_type": leaves.mapping,
}
"""By pydantic's type of error: what says in our words that a value is wrong."""

_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "list_type": "a list",
    "model_type": "a mapping",
    "dict_type": "a mapping",
    "too_short": "a list of two numbers",
    "too_long": "a list of two numbers",
}
"""By pydantic's type of error: what a value should have been, where there are several ways to write it."""

_STAND_INS: Mapping[str, Yaml] = {"string_type": "", "model_type": {}, "dict_type": {}}
"""By pydantic's type of error: what takes the place of an entry of a list, which keeps its length."""

_HINTS = {
    "pii": "write it as a tag, or under 'customProperties'",
    "type": "write 'logicalType' or 'physicalType'",
    "nullable": "write 'required: true' for a column that is never null",
    "columns": "write 'properties'",
    "fields": "write 'properties'",
    "primary": "write 'primaryKey'",
    "dataset": "write 'schema', a list of tables",
    "models": "write 'schema', a list of tables",
    "access_policy": "write 'roles'",
    "owner": "write 'team'",
    "permission": "write 'access'",
}


class OdcsReader(Reader):
    """Reads a file of the standard; its messages begin with the column, role or property that they are about.

    ``left_out`` is where something stands of which nothing could be used, ``meant`` where a key would stand that is
    misspelled: both have been reported.
    """

    def __init__(self, source: Source, data: dict[str, Yaml]) -> None:
        super().__init__(source, "odcs")
        self._data = data
        self.left_out: set[Loc] = set()
        self.meant: set[Loc] = set()

    def missing(self, loc: Loc, key: str, message: str, hint: str) -> None:
        """Keep that ``key`` is missing in the mapping at ``loc``, unless something in its place has been reported."""
        place = (*loc, key)
        if place not in self.meant and place not in self.left_out:
            self.report("missing", place, message, hint)

    def report(self, rule: str, loc: Loc, message: str, hint: str = "") -> None:
        """Keep a problem with the value at ``loc``."""
        self.report_at(rule, self.source.value(loc), self.about(loc) + message, hint)

    def about(self, loc: Loc) -> str:
        """``column 'address.street': ``, or nothing where ``loc`` has no name that people would know."""
        return about(self._data, loc)


def read_document(reader: OdcsReader, data: dict[str, Yaml]) -> OpenDataContractStandard:
    """The document; what is wrong in it is reported and left out, lists keeping their length."""
    for finding in _unknown_keys(reader, data, OpenDataContractStandard, ()):
        reader.findings.append(finding)
    known = {key: value for key, value in data.items() if key in _keys(OpenDataContractStandard)}
    usable = deepcopy(known)
    while True:
        try:
            return OpenDataContractStandard.model_validate(usable, strict=True)
        except ValidationError as invalid:
            for loc, errors in _by_place(invalid.errors(include_url=False), usable).items():
                _refuse(reader, loc, errors, _at(data, loc))
                _leave_out(reader, usable, loc, errors)


def about(data: Yaml, loc: Loc) -> str:
    """What the messages about ``loc`` begin with."""
    match loc:
        case ("schema", int() as table, "properties", int(), *_):
            names = list(_names(_at(data, ("schema", table)), loc[2:]))
            return f"column {quoted('.'.join(names))}: "
        case ("roles", int() as index, *_):
            return _named("role", _at(data, ("roles", index, "role")))
        case ("slaProperties", int() as index, *_):
            return _named("SLA", _at(data, ("slaProperties", index, "property")))
        case _:
            return ""


def _names(table: Yaml, path: Loc) -> Iterator[str]:
    """The names on the way to a column or a field in it; one without a name is called by its number."""
    here = table
    for part in path:
        here = _at(here, (part,))
        if isinstance(part, int):
            name = here.get("name") if isinstance(here, dict) else None
            yield name if isinstance(name, str) else str(part + 1)
        elif part in {"items", "key", "value"}:
            yield str(part)
        elif part not in {"properties", "map"}:
            return


def _named(what: str, name: Yaml) -> str:
    return f"{what} {quoted(name)}: " if isinstance(name, str) else ""


def _at(data: Yaml, loc: Iterable[str | int]) -> Yaml:
    """The value at ``loc``; None where there is none."""
    here = data
    for part in loc:
        if isinstance(here, dict) and isinstance(part, str):
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            return None
    return here


@lru_cache(maxsize=64)
def _keys(model: type[BaseModel]) -> Mapping[str, Any]:
    """The keys of a mapping, each with the annotation of its field."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _unknown_keys(reader: OdcsReader, data: Yaml, model: type[BaseModel], loc: Loc) -> Iterator[Finding]:
    """The keys that the standard does not have: a slip in one may take a column's protection away."""
    if not isinstance(data, dict):
        return
    keys = _keys(model)
    for key, value in data.items():
        here = (*loc, key)
        if key not in keys:
            if model not in _OPEN:
                hint = _HINTS.get(key) or did_you_mean(key, keys) or "what is your own goes under 'customProperties'"
                message = f"{reader.about(here)}unknown key {quoted(key)}"
                reader.meant.update((*loc, other) for other in keys if quoted(other) in hint)
                yield error_at(reader.source, reader.source.key(here), "odcs-key", message, hint)
            continue
        inner = list(_models(keys[key]))
        if not inner:
            continue
        # 'team' is the only key with two models: the mapping's comes first, the list's second.
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from _unknown_keys(reader, item, inner[-1], (*here, index))
        else:
            yield from _unknown_keys(reader, value, inner[0], here)


def _by_place(errors: Iterable[ErrorDetails], data: Yaml) -> dict[Loc, list[ErrorDetails]]:
    """The errors by where they are in the document: pydantic's places name the alternatives that it tried, too."""
    found: dict[Loc, list[ErrorDetails]] = {}
    for error in errors:
        here = data
        loc: list[str | int] = []
        for part in error["loc"]:
            if (isinstance(here, dict) and part in here) or (isinstance(here, list) and isinstance(part, int)):
                here = _at(here, (part,))
                loc.append(part)
        found.setdefault(tuple(loc), []).append(error)
    # Of several alternatives those that got furthest say best what is wrong.
    above = {loc[:depth] for loc in found for depth in range(len(loc))}
    return {loc: kinds for loc, kinds in found.items() if loc not in above}


def _refuse(reader: OdcsReader, loc: Loc, errors: list[ErrorDetails], value: Yaml) -> None:
    kinds = list(dict.fromkeys(error["type"] for error in errors))
    leaf = leaves.version if loc == ("version",) else _LEAVES.get(kinds[0]) if len(kinds) == 1 else None
    known = len(reader.findings)
    if leaf is not None:
        reader.one(value, loc, leaf)
    if len(reader.findings) == known:
        expected = list(dict.fromkeys(_EXPECTED.get(kind, "as the standard has it") for kind in kinds))
        *others, last = expected
        reader.refuse(UnfitError(f"{', '.join(others)} or {last}" if others else last), loc, value)


def _leave_out(reader: OdcsReader, data: Yaml, loc: Loc, errors: list[ErrorDetails]) -> None:
    """Take a value out of the document, and the list that it stands in where nothing else may stand there."""
    known = loc in reader.left_out
    reader.left_out.add(loc)
    holder = _at(data, loc[:-1])
    if isinstance(holder, list) and isinstance(loc[-1], int):
        stand_in = _STAND_INS.get(errors[0]["type"])
        if stand_in is None or known:
            _leave_out(reader, data, loc[:-1], errors)
        else:
            holder[loc[-1]] = deepcopy(stand_in)
    elif isinstance(holder, dict) and isinstance(loc[-1], str):
        holder.pop(loc[-1], None)
