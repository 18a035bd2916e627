"""`mesh codeowners`."""

from __future__ import annotations

from pathlib import Path

from mesh_infra.cli.call import Call
from mesh_infra.cli.output import GOOD
from mesh_infra.cli.repository import folder_of
from mesh_infra.codeowners import codeowners, names_somebody, write_codeowners
from mesh_infra.errors import MeshInvalid
from mesh_infra.findings import has_errors
from mesh_infra.spec.load import load
from mesh_infra.spec.model import Spec


def run(call: Call, *, write: bool) -> int:
    """Print our section of CODEOWNERS, or bring it up to date in the file."""
    root = call.root()
    spec = _spec(root)
    if write:
        path = write_codeowners(root, spec)
        if call.json:
            call.output.json({"path": str(path)})
        else:
            call.output.line(("written", GOOD), f": {path}")
        return 0
    text = codeowners(spec, folder=folder_of(root))
    if call.json:
        call.output.json({"text": text})
    else:
        call.output.text(text)
        if not names_somebody(spec):
            hint = "write 'github: [\"@organisation/team\"]' in mesh.yaml or a domain's file"
            call.output.note(f"nobody is named yet: {hint}")
    return 0


def _spec(root: Path) -> Spec:
    """The mesh as its files have it: CODEOWNERS itself may be out of date, or this command could never mend it."""
    spec, findings = load(root)
    if spec is None or has_errors(findings):
        raise MeshInvalid(findings)
    return spec
