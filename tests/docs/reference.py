"""What the reference pages say of fields, rules and commands, made from what mesh-infra itself goes by.

A page has such a part between ``<!-- made: NAME -->`` and ``<!-- end -->``; everything around it is written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import partial
from typing import Any

from mesh_infra.authoring.json_schema import FileKind, json_schema
from mesh_infra.authoring.schema_words import CALLED, PARTS
from mesh_infra.governance import RULES
from mesh_infra.governance.rule import AnyRule, Setting
from mesh_infra.spec.columns import NOT_YET
from mesh_infra.spec.model import Column, Contract, Domain, Mesh, Model
from mesh_infra.spec.types import EXAMPLES, PLAIN, SIZED, parse_type
from tests.docs.follow import mesh_inside

PART = re.compile(r"(?<=<!-- made: )(?P<name>[\w. -]+) -->\n.*?(?=<!-- end -->)", re.DOTALL)

RECORDED = frozenset(
    (
        *("Mesh.description", "Domain.description", "Classification.description", "Role.description"),
        *("Contract.title", "Contract.description", "Contract.sla", "Contract.tags", "Contract.billing"),
        *("Contract.api_endpoint", "Contract.odcs", "AccessEntry.purpose", "AccessEntry.approved_by"),
        *("Column.description", "Column.unique", "Column.primary_key", "Column.tags"),
        *("Sla.freshness", "Sla.quality", "Sla.availability"),
        *("Accepted.reason",),
    )
)
"""Fields that are kept for people to read, and change neither what is provisioned nor what is refused."""

_ROOTS: Mapping[FileKind, type[Model]] = {
    FileKind.MESH: Mesh,
    FileKind.DOMAIN: Domain,
    FileKind.CONTRACT: Contract,
}
_TITLES = {
    "AccessEntry": "Entry of access_policy",
    "Accepted": "Entry of accept",
    "Consumed": "Entry of consumes",
    "Field": "Field of a struct",
    "Part": "Element, key or value",
    "Csv": "CSV",
    "Sla": "SLA",
    "OidcTrust": "OIDC trust",
}
_SCALARS = {
    "string": "text",
    "boolean": "`true`, `false`",
    "integer": "whole number",
    "number": "number",
    "object": "mapping",
}


def filled(page: str) -> str:
    """The page with its made parts as they should be; raises ``KeyError`` for one that nobody makes."""
    return PART.sub(lambda part: f"{part['name']} -->\n\n{MADE[part['name']]().rstrip()}\n\n", page)


def model_of(definition: str) -> type[Model]:
    """The model that a definition of a JSON Schema describes."""
    if definition in PARTS:
        return Column
    return next(model for model in Model.__subclasses__() if model.__name__ == definition)


def _title(definition: str) -> str:
    """What a definition is called on a page: ``DateProjection`` is "Date projection"."""
    words = re.sub(r"(?<=.)[A-Z]", lambda letter: f" {letter[0].lower()}", definition)
    return _TITLES.get(definition, words)


def _fields(kind: FileKind) -> str:
    schema = json_schema(kind)
    parts = [_table(_ROOTS[kind], schema)]
    for name, definition in schema.get("$defs", {}).items():
        parts += [f"### {_title(name)}", _table(model_of(name), definition)]
    return "\n\n".join(parts)


def _table(model: type[Model], schema: Mapping[str, Any]) -> str:
    keys = {CALLED.get(f"{model.__name__}.{field}", field): field for field in model.model_fields}
    rows = ["| Key | Value | Default | What it says | |", "|---|---|---|---|---|"]
    for key, value in schema["properties"].items():
        field = f"{model.__name__}.{keys[key]}"
        examples = ", ".join(f"`{example}`".replace("\t", r"\t") for example in value.get("examples", ()))
        says = value["description"] + (f". Example: {examples}" if examples else "")
        default = "required" if key in schema["required"] else _default(model, keys[key])
        kept = "recorded" if field in RECORDED else "enforced"
        rows.append("| " + " | ".join(map(_cell, (f"`{key}`", _value(value), default, says, kept))) + " |")
    return "\n".join(rows)


def _cell(text: str) -> str:
    """A text as the cell of a table; what stands in code is left as it is."""
    parts = re.split(r"(`[^`]*`)", text)
    prose = [re.sub(r"[<*]", r"\\\g<0>", part) for part in parts[::2]]
    return "".join(part for pair in zip(prose, [*parts[1::2], ""], strict=True) for part in pair).replace("|", r"\|")


def _default(model: type[Model], field: str) -> str:
    value = model.model_fields[field].get_default(call_default_factory=True)
    if isinstance(value, Enum):
        return f"`{value.value}`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, (str, int, float)) and value != "":
        return f"`{value}`"
    return "none"


def _value(schema: Mapping[str, Any]) -> str:
    """What can be written, in words."""
    match schema:
        case {"$ref": str(reference)}:
            title = _title(reference.removeprefix("#/$defs/"))
            words = f"[{title}](#{re.sub(r'[^a-z0-9_-]', '', title.lower().replace(' ', '-'))})"
        case {"type": "string", "anyOf": _}:
            words = "a [type](#types)"
        case {"anyOf": [{"type": "array"} as once, {"additionalProperties": _}]}:
            words = f"{_value(once)}; or such a list for each environment"
        case {"anyOf": [*choices]}:
            words = " or ".join(dict.fromkeys(_value(choice) for choice in choices if choice != {"type": "null"}))
        case {"enum": [*known]}:
            words = ", ".join(f"`{word}`" for word in known)
        case {"const": known}:
            words = f"`{known}`"
        case {"type": "array", "items": Mapping() as items}:
            words = f"list of {_value(items)}"
        case {"properties": _, "additionalProperties": _}:
            words = "[rules](rules.md) by name"
        case {"type": "object", "additionalProperties": Mapping() as entry}:
            words = f"{_value(entry)} by name"
        case _:
            words = _SCALARS[schema["type"]]
    return words


def _refused() -> str:
    return ", ".join(f"`{name}`" for name in sorted(NOT_YET))


def _types() -> str:
    kinds: dict[str, list[str]] = {}
    for name in PLAIN:
        kinds.setdefault(parse_type(name).glue, []).append(f"`{name}`")
    rows = ["| Type | In Glue |", "|---|---|", *(f"| {', '.join(names)} | `{glue}` |" for glue, names in kinds.items())]
    rows.append("| `decimal(precision,scale)` | the same; up to 38 digits |")
    rows += [f"| `{name}(length)` | the same; up to {longest:,} |" for name, longest in SIZED.items()]
    rows += [f"| `{example}` | the same |" for _, example in sorted(EXAMPLES.items())]
    return "\n".join(rows)


def _rules() -> str:
    return "\n\n".join(_rule(rule) for _, rule in sorted(RULES.items()))


def _rule(rule: AnyRule) -> str:
    level = f"`{rule.level.word}`, always: {rule.fixed}." if rule.fixed else f"`{rule.level.word}` by default."
    return "\n\n".join(
        (
            f"## {rule.name}",
            f"{rule.summary}. {level}",
            rule.rationale,
            *([_settings(rule.settings)] if rule.settings else []),
            f"Breaks it:\n\n```yaml\n{rule.example.rstrip()}\n```",
            f"Keeps it:\n\n```yaml\n{rule.remedy.rstrip()}\n```",
        )
    )


def _settings(settings: tuple[Setting, ...]) -> str:
    rows = ["| Setting | What it says | Default | A domain's is |", "|---|---|---|---|"]
    for one in settings:
        default = ", ".join(map(str, one.default)) if isinstance(one.default, tuple) else one.default
        shown = f"`{default}`" if default is not None else "not set"
        rows.append(f"| `{one.name}` | {one.summary} | {shown} | {one.order.value} the mesh's |")
    return "\n".join(rows)


def _commands() -> str:
    return "\n\n".join(f"## mesh{name}\n\n```text\n{text.rstrip()}\n```" for name, text in _helps(()))


def _helps(command: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every command below ``command`` with its help, in the order in which the help lists them."""
    _, text = mesh_inside([*command, "--help"])
    yield "".join(f" {word}" for word in command), text
    listed = text.partition("Commands:\n")[2].partition("\n\n")[0]
    for name in re.findall(r"^  (\w[\w-]*)", listed, flags=re.MULTILINE):
        yield from _helps((*command, name))


MADE: Mapping[str, Callable[[], str]] = {
    **{f"fields of {kind.value}": partial(_fields, kind) for kind in FileKind},
    "refused": _refused,
    "types": _types,
    "rules": _rules,
    "commands": _commands,
}
"""What can be made, by name."""
