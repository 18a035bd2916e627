"""The cases: one YAML file for each resource type, with what the engine may ask of it and what must come of it.

In a case ``!json`` makes JSON text, ``${name.output}`` is an output of what the case has given, ``${it}`` the id of the
resource itself; an input of null is one taken away.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mesh_infra.local.provider.wire import Value, Values

FOLDER = Path(__file__).parent / "cases"


class _Loader(yaml.SafeLoader):
    pass


class _Json(dict[str, Any]):
    """A mapping that becomes text once its references are known."""


def _json(loader: _Loader, node: yaml.MappingNode) -> _Json:
    return _Json({str(key): value for key, value in loader.construct_mapping(node, deep=True).items()})


_Loader.add_constructor("!json", _json)


def names() -> list[str]:
    """All cases."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def load(name: str) -> dict[str, Any]:
    case: dict[str, Any] = yaml.load((FOLDER / f"{name}.yaml").read_text(), _Loader)  # noqa: S506 - a SafeLoader
    return case


def with_(key: str) -> list[str]:
    """The cases that say something under ``key``."""
    return [name for name in names() if key in load(name)]


def resolved(value: Value, known: Values) -> Value:
    """``value`` with its references replaced: ``known`` by ``name.output``."""
    if isinstance(value, _Json):
        return json.dumps({key: resolved(inner, known) for key, inner in value.items()})
    if isinstance(value, dict):
        return {key: resolved(inner, known) for key, inner in value.items()}
    if isinstance(value, list):
        return [resolved(inner, known) for inner in value]
    if isinstance(value, str):
        return re.sub(r"\$\{([^}]+)\}", lambda found: str(known[found[1]]), value)
    return value


def merged(inputs: Values, change: Values) -> Values:
    return {key: value for key, value in {**inputs, **change}.items() if value is not None}
