"""JSON Schemas as files of a repository."""

from __future__ import annotations

import json

from mesh_infra.authoring.json_schema import FileKind, json_schema

SCHEMAS = "schemas"
"""The folder of JSON Schemas in a mesh, where it has one."""


def schema_text(kind: FileKind) -> str:
    """The JSON Schema of a kind of file, as it stands in a repository."""
    return json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n"


def schema_comment(kind: str, path: str) -> str:
    """The line by which editors find the JSON Schema of a file at ``path``, in a mesh that keeps them."""
    return f"# yaml-language-server: $schema={'../' * path.count('/')}{SCHEMAS}/{kind}.json"
