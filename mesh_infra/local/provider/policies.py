"""Policy documents compared by what they say, not by how they are written.

Rules: IAM's JSON policy grammar (IAM User Guide, "Grammar of the IAM JSON policy language"): one element may stand
without its list, actions are case-insensitive, order means nothing, an account's root ARN and its id name the same.
"""

from __future__ import annotations

import json
import re

from mesh_infra.local.provider.wire import Value

_ROOT = re.compile(r"arn:[a-z-]+:iam::(\d{12}):root")


def parsed(text: object) -> dict[str, Value] | None:
    """The document that ``text`` holds; None where it is no JSON object."""
    if not isinstance(text, str):
        return None
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def same_policy(one: object, other: object) -> bool:
    """Whether two texts are the same, or are policies that say the same."""
    if one == other:
        return True
    first, second = parsed(one), parsed(other)
    return first is not None and second is not None and _normal(first) == _normal(second)


def _normal(document: dict[str, Value]) -> dict[str, Value]:
    statements = [_statement(statement) for statement in _listed(document.get("Statement"))]
    return {**document, "Statement": sorted(statements, key=_text)}


def _statement(statement: Value) -> Value:
    if not isinstance(statement, dict):
        return statement
    return {key: _element(key, value) for key, value in statement.items()}


def _element(key: str, value: Value) -> Value:
    match key:
        case "Action" | "NotAction":
            return sorted(str(action).lower() for action in _listed(value))
        case "Resource" | "NotResource":
            return sorted(map(str, _listed(value)))
        case "Principal" | "NotPrincipal":
            by_kind = value if isinstance(value, dict) else {"AWS": value}
            return {kind: sorted(map(_principal, _listed(names))) for kind, names in by_kind.items()}
        case "Condition" if isinstance(value, dict):
            return {operator: _condition(keys) for operator, keys in value.items()}
        case _:
            return value


def _condition(keys: Value) -> Value:
    if not isinstance(keys, dict):
        return keys
    return {key.lower(): sorted(_scalar(value) for value in _listed(values)) for key, values in keys.items()}


def _scalar(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _principal(name: Value) -> str:
    root = _ROOT.fullmatch(str(name))
    return root[1] if root else str(name)


def _listed(value: Value) -> list[Value]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Value) -> str:
    return json.dumps(value, sort_keys=True)
