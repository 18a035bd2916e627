"""JSON Schemas (2020-12) of a mesh's files, for editors: made from the models that the files are read into."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin

from mesh_infra.authoring.schema_words import CALLED, LEFT_OUT, PARTS, WORDS, WRITTEN, Schema
from mesh_infra.spec.model import Column, Contract, Domain, Mesh, Model


class FileKind(StrEnum):
    """The kinds of files of a mesh."""

    MESH = "mesh"
    DOMAIN = "domain"
    CONTRACT = "contract"


_MODELS: Mapping[FileKind, type[Model]] = {
    FileKind.MESH: Mesh,
    FileKind.DOMAIN: Domain,
    FileKind.CONTRACT: Contract,
}
_TITLES = {
    FileKind.MESH: "mesh.yaml: an organisation's data mesh",
    FileKind.DOMAIN: "domains/<domain>.yaml: a domain of a data mesh",
    FileKind.CONTRACT: "contracts/<domain>/<dataset>.yaml: a dataset of a data mesh",
}
_SCALARS: Mapping[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
}


def json_schema(kind: FileKind) -> Schema:
    """The JSON Schema of a kind of file: what an editor can tell of one file alone."""
    maker = _Maker()
    root = maker.object_of(_MODELS[kind])
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": _TITLES[kind]}
    return {**head, **root, "$defs": dict(sorted(maker.definitions.items()))} if maker.definitions else {**head, **root}


class _Maker:
    """Makes schemas of models, and keeps those that others refer to."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def object_of(self, model: type[Model], name: str = "") -> Schema:
        lacking = PARTS.get(name, ())
        fields = {
            field: info
            for field, info in model.model_fields.items()
            if f"{model.__name__}.{field}" not in LEFT_OUT and field not in lacking
        }
        called = {field: CALLED.get(f"{model.__name__}.{field}", field) for field in fields}
        return {
            "type": "object",
            "properties": {called[f]: self._field(model, f, info.annotation) for f, info in fields.items()},
            "required": [called[field] for field, info in fields.items() if info.is_required()],
            "additionalProperties": False,
        }

    def _field(self, model: type[Model], name: str, annotation: Any) -> Schema:  # noqa: ANN401 - any annotation
        key = f"{model.__name__}.{name}"
        description, *examples = WORDS.get(key, ("",))
        schema = self._with_definitions(WRITTEN.get(key) or self._of(annotation))
        said = {"description": description} if description else {}
        return {**schema, **said, **({"examples": examples} if examples else {})}

    def _of(self, annotation: Any) -> Schema:  # noqa: ANN401 - any annotation
        if annotation in _SCALARS:
            return dict(_SCALARS[annotation])
        if isinstance(annotation, type) and issubclass(annotation, Enum):
            return {"type": "string", "enum": [member.value for member in annotation]}
        if isinstance(annotation, type) and issubclass(annotation, Model):
            return {"$ref": f"#/$defs/{annotation.__name__}"}
        origin, args = get_origin(annotation), get_args(annotation)
        if origin is tuple:
            return {"type": "array", "items": self._of(args[0])}
        if origin in (Union, UnionType):
            kinds = [self._of(arg) for arg in args if arg is not type(None)]
            return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
        if origin is Mapping:
            return {"type": "object", "additionalProperties": self._of(args[1])}
        raise TypeError(f"no JSON Schema is known for {annotation!r}: add it to 'WRITTEN'")

    def _with_definitions(self, schema: Schema) -> Schema:
        """The schema; what it refers to is defined."""
        for name in _references(schema):
            if name not in self.definitions:
                self.definitions[name] = {}  # it may refer to itself
                self.definitions[name] = self.object_of(_named(name), name)
        return schema


def _references(value: object) -> list[str]:
    match value:
        case {"$ref": str(reference)}:
            return [reference.removeprefix("#/$defs/")]
        case Mapping():
            return [name for inner in value.values() for name in _references(inner)]
        case list():
            return [name for inner in value for name in _references(inner)]
        case _:
            return []


def _named(name: str) -> type[Model]:
    """The model that a definition is made of; a part of a column is one that can say less."""
    if name in PARTS:
        return Column
    return next(model for model in Model.__subclasses__() if model.__name__ == name)
