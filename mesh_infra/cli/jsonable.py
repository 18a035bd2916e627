"""Values of the mesh as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from mesh_infra.aws.policies import KeyArn
from mesh_infra.manifest.origin import Origin


def jsonable(value: object) -> object:
    """``value`` as dicts, lists and scalars: dataclasses by their fields, a ``KeyArn`` by the alias it stands for.

    Raises ``TypeError`` for what has no place in JSON.
    """
    match value:
        case None | bool() | int() | float() | str():
            return str(value) if isinstance(value, str) else value
        case KeyArn(alias=alias):
            return {"key_arn_of": alias}
        case Origin():
            return {"path": value.path, "line": value.line}
        case Mapping():
            return {str(key): jsonable(item) for key, item in value.items()}
        case list() | tuple():
            return [jsonable(item) for item in value]
        case _ if is_dataclass(value):
            return {field.name: jsonable(getattr(value, field.name)) for field in fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no place in JSON")
