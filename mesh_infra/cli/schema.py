"""`mesh schema`."""

from __future__ import annotations

from mesh_infra.authoring.json_schema import FileKind
from mesh_infra.authoring.schema_file import schema_text
from mesh_infra.cli.call import Call
from mesh_infra.errors import UsageError
from mesh_infra.spec.problems import did_you_mean, quoted


def run(call: Call, kind: str) -> int:
    """Print the JSON Schema of a kind of file, as it stands in a repository."""
    if kind not in tuple(FileKind):
        raise UsageError(f"there is no kind of file {quoted(kind)}", did_you_mean(kind, FileKind, "there are"))
    call.output.text(schema_text(FileKind(kind)))
    return 0
