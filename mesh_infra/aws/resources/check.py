"""Inputs held against a resource's schema: what is wrong with them, and what changed between two of them. Pure."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

from mesh_infra.aws.schema import Kind, Prop, ResourceSchema

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What Pulumi's engine sends in a preview for a value that is not known yet."""

ChangeKind = Literal["add", "delete", "update"]

Predicate = Callable[[object], bool]


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one input, and whether a new resource must be made for it."""

    kind: ChangeKind
    replaces: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes between two sets of inputs by Pulumi property path (``rules[0].status``); false if there are none."""

    by_path: Mapping[str, Change]

    @property
    def replaces(self) -> bool:
        """Whether any of them makes a new resource."""
        return any(change.replaces for change in self.by_path.values())

    def __bool__(self) -> bool:
        return bool(self.by_path)


def is_unknown_value(value: object) -> bool:
    """Whether this is Pulumi's placeholder for a value that is not known yet."""
    return value == UNKNOWN


def check(schema: ResourceSchema, inputs: Mapping[str, object], is_unknown: Predicate = is_unknown_value) -> list[str]:
    """What is wrong with ``inputs``, in words, each problem once; empty = nothing.

    An input of None is one that is not given. A value for which ``is_unknown`` holds passes as anything.
    """
    whole = Prop("object", fields=schema.inputs, exactly_one_of=schema.exactly_one_of)
    return list(_problems_of_object(whole, inputs, "", is_unknown))


def diff(schema: ResourceSchema, old: Mapping[str, object], new: Mapping[str, object]) -> Changes:
    """The changes from ``old`` inputs to ``new`` ones, as the provider would plan them.

    Both are taken to be right: ``check`` them first. A placeholder for an unknown value is a change like any other.
    An empty text, zero, false, an empty list or map is the same as none (Terraform's plugin SDK does not tell them
    apart), and so is a default. A computed input is kept where ``new`` leaves it out.
    """
    return Changes(dict(sorted(_changes_of_fields(schema.inputs, old, new, "", replaces=False))))


# Pulumi property paths


_PLAIN_KEY = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def _below(path: str, key: str) -> str:
    if not _PLAIN_KEY.fullmatch(key):
        quoted = key.replace('"', '\\"')
        return f'{path}["{quoted}"]'
    return f"{path}.{key}" if path else key


def _at(path: str, index: int) -> str:
    return f"{path}[{index}]"


# Problems


_IN_WORDS: Mapping[Kind, str] = {
    "string": "a text",
    "bool": "true or false",
    "int": "a whole number",
    "map": "a map of texts",
    "list": "a list",
    "set": "a list",
    "object": "an object",
}

_TEXT = Prop("string", required=True)
"""A value in a map: unlike an input, it is there even when it is empty."""


def _fits(kind: Kind, value: object) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
        case "int":
            # Numbers reach a provider as floats.
            return not isinstance(value, bool) and (
                isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            )
        case "map" | "object":
            return isinstance(value, Mapping)
        case "list" | "set":
            return isinstance(value, list | tuple)
        case _:
            assert_never(kind)


def _as_found(value: object) -> str:
    match value:
        case Mapping():
            return "an object"
        case list() | tuple():
            return "a list"
        case bool():
            return str(value).lower()
        case _:
            return repr(value)


def _problems(prop: Prop, value: object, path: str, is_unknown: Predicate) -> Iterator[str]:
    if is_unknown(value):
        return
    if not _fits(prop.kind, value):
        yield f"input {path!r} must be {_IN_WORDS[prop.kind]}, not {_as_found(value)}"
    elif prop.values and value not in prop.values:
        yield f"input {path!r} must be one of {', '.join(map(repr, prop.values))}, not {_as_found(value)}"
    elif isinstance(value, Mapping) and prop.kind == "object":
        yield from _problems_of_object(prop, value, path, is_unknown)
    elif isinstance(value, Mapping):
        for key, text in value.items():
            yield from _problems(_TEXT, text, _below(path, key), is_unknown)
    elif isinstance(value, list | tuple) and prop.item is not None:
        for index, item in enumerate(value):
            yield from _problems(prop.item, item, _at(path, index), is_unknown)


def _problems_of_object(prop: Prop, value: Mapping[str, object], path: str, is_unknown: Predicate) -> Iterator[str]:
    for key in [key for key in value if key not in prop.fields]:
        close = difflib.get_close_matches(key, prop.fields, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        yield f"unknown input {_below(path, key)!r}{hint}"
    for key, field in prop.fields.items():
        inner = value.get(key)
        if inner is not None:
            yield from _problems(field, inner, _below(path, key), is_unknown)
        elif field.required:
            yield f"missing input {_below(path, key)!r}"
    for group in prop.exactly_one_of:
        given = [key for key in group if value.get(key) is not None]
        # What is unknown now may turn out not to be given.
        known = [key for key in given if not is_unknown(value[key])]
        if len(known) > 1 or not given:
            names = ", ".join(repr(_below(path, key)) for key in group)
            found = f"{' and '.join(map(repr, known))} are" if known else "none is"
            yield f"exactly one of {names} must be given; {found}"


# Changes


_Found = Iterator[tuple[str, Change]]


def _is_absent(prop: Prop, value: object) -> bool:
    if value is None:
        return True
    if prop.required or prop.kind == "object":
        return False
    if prop.default is not None:
        return value == prop.default
    return value in ("", 0, [], (), {})


def _given(fields: Mapping[str, Prop], value: Mapping[str, object]) -> Iterator[tuple[str, Prop, object]]:
    """The inputs that are there, each with its schema; one that no schema knows is compared as it stands."""
    for key, inner in value.items():
        prop = fields.get(key, _TEXT)
        if not _is_absent(prop, inner):
            yield key, prop, inner


def _replaces_throughout(prop: Prop, value: object) -> bool:
    """Whether the coming or going of this value replaces, for its own sake or for something inside it."""
    if prop.replaces or prop.replaces_as_whole:
        return True
    if isinstance(value, Mapping):
        return any(_replaces_throughout(inner, given) for _, inner, given in _given(prop.fields, value))
    if isinstance(value, list | tuple) and prop.item is not None:
        return any(_replaces_throughout(prop.item, item) for item in value)
    return False


def _changes_of_fields(
    fields: Mapping[str, Prop], old: Mapping[str, object], new: Mapping[str, object], path: str, *, replaces: bool
) -> _Found:
    for key in old.keys() | new.keys():
        yield from _changes(fields.get(key, _TEXT), old.get(key), new.get(key), _below(path, key), replaces=replaces)


def _changes(prop: Prop, old: object, new: object, path: str, *, replaces: bool) -> _Found:
    if (_is_absent(prop, old) and _is_absent(prop, new)) or (prop.computed and new is None):
        return
    if old is None:
        yield path, Change("add", replaces or _replaces_throughout(prop, new))
    elif new is None:
        yield path, Change("delete", replaces or _replaces_throughout(prop, old))
    else:
        yield from _changes_inside(prop, old, new, path, replaces=replaces or prop.replaces)


def _changes_inside(prop: Prop, old: object, new: object, path: str, *, replaces: bool) -> _Found:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _changes_of_fields(prop.fields, old, new, path, replaces=replaces)
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple) and prop.item is not None:
        if prop.kind == "list":
            common = min(len(old), len(new))
            for index in range(common):
                yield from _changes_inside(prop.item, old[index], new[index], _at(path, index), replaces=replaces)
            gone, come = dict(enumerate(old[common:], common)), dict(enumerate(new[common:], common))
        else:
            gone, come = _elements_apart(prop.item, old, new)
        yield from _changes_of_elements(prop, gone, come, path, replaces=replaces)
    elif old != new:
        yield path, Change("update", replaces or _replaces_throughout(prop, old))


def _changes_of_elements(
    prop: Prop, gone: Mapping[int, object], come: Mapping[int, object], path: str, *, replaces: bool
) -> _Found:
    """Elements by their place: in the old list for one that went, in the new list for one that came."""
    item = prop.item or _TEXT
    for index in gone.keys() | come.keys():
        kind: ChangeKind = "add" if index not in gone else "delete" if index not in come else "update"
        changed = [elements[index] for elements in (gone, come) if index in elements]
        inside = any(_replaces_throughout(item, element) for element in changed)
        yield _at(path, index), Change(kind, replaces or prop.replaces_as_whole or inside)


def _elements_apart(
    item: Prop, old: Sequence[object], new: Sequence[object]
) -> tuple[dict[int, object], dict[int, object]]:
    """The elements that only the old set has, and those that only the new one has."""
    old_forms, new_forms = ([_form(item, value) for value in values] for values in (old, new))
    stayed = {*old_forms} & {*new_forms}
    gone = {index: old[index] for index, form in enumerate(old_forms) if form not in stayed}
    come = {index: new[index] for index, form in enumerate(new_forms) if form not in stayed}
    return gone, come


def _form(prop: Prop, value: object) -> str:
    """One text for all values that mean the same as an element of a set."""
    match value:
        case str():
            return f'"{value}'
        case Mapping():
            return json.dumps(
                {key: _form(inner, given) for key, inner, given in _given(prop.fields, value)}, sort_keys=True
            )
        case list() | tuple():
            forms = [_form(prop.item or _TEXT, element) for element in value]
            return json.dumps(sorted(set(forms)) if prop.kind == "set" else forms)
        case float() if value.is_integer():
            return json.dumps(int(value))
        case _:
            return json.dumps(value)
