"""`mesh init`."""

from __future__ import annotations

import shlex
from pathlib import Path

from mesh_infra.authoring.initialize import NewMesh, new_mesh_files, write_files
from mesh_infra.cli.call import Call
from mesh_infra.cli.output import HEADING


def run(call: Call, directory: Path, new: NewMesh, *, force: bool) -> int:
    """Write the files of a new mesh into ``directory``, and say what to do next."""
    root = call.base / directory
    texts = new_mesh_files(new)
    write_files(root, texts, force=force)
    paths = sorted(texts)
    if call.json:
        call.output.json({"directory": str(directory), "files": paths})
        return 0
    for path in paths:
        call.output.line(str(directory / path))
    call.output.note(("Next", HEADING))
    for step in (f"cd {shlex.quote(str(directory))}", "mesh check", "mesh local exec -- pulumi up"):
        call.output.note(f"  {step}")
    return 0
