"""`mesh grant` and `mesh revoke`."""

from __future__ import annotations

from mesh_infra.authoring.grants import Edit, entry_of
from mesh_infra.authoring.grants import grant as granting
from mesh_infra.authoring.grants import revoke as revoking
from mesh_infra.authoring.workspace import open_mesh
from mesh_infra.cli.call import Call
from mesh_infra.cli.find import find_among
from mesh_infra.cli.output import BAD, DOUBTFUL, FAINT, GOOD, Line
from mesh_infra.spec.model import Contract

_STYLES = {"+": GOOD, "-": BAD, "@": FAINT}


def grant(call: Call, role: str, dataset: str, *, masked: bool, purpose: str | None, approved_by: str | None) -> int:
    """Let ``role`` read ``dataset``, and show what that changes."""
    mesh = open_mesh(call.root())
    contract = find_among(mesh.contracts, dataset)
    entry = entry_of(role, masked=masked, purpose=purpose, approved_by=approved_by)
    edit = granting(mesh, contract, entry)
    edit.write()
    if call.json:
        return _json(call, edit, role, contract, entry.permission.value)
    _show(call, edit, f"{role} reads {contract.id} {'masked' if masked else 'in clear'} already")
    if not contract.status.is_served:
        call.output.note((f"{contract.id} is {contract.status.value}: nobody reads it until it is active", DOUBTFUL))
        return 0
    call.output.line(f"{role} reads in clear: ", (", ".join(edit.clear), GOOD))
    call.output.line("hidden: ", ", ".join(edit.hidden) or "nothing")
    return 0


def revoke(call: Call, role: str, dataset: str) -> int:
    """Take ``dataset`` from ``role``, and show what that changes."""
    mesh = open_mesh(call.root())
    contract = find_among(mesh.contracts, dataset)
    edit = revoking(mesh, contract, role)
    edit.write()
    if call.json:
        return _json(call, edit, role, contract, None)
    _show(call, edit, f"{role} has no entry in the contract of {contract.id}")
    if edit.diff:
        call.output.line(f"{role} reads nothing of {contract.id} by this contract any more")
    return 0


def _show(call: Call, edit: Edit, nothing: str) -> None:
    if not edit.diff:
        call.output.note(f"nothing to do: {nothing}")
        return
    call.output.lines(_styled(line) for line in edit.diff)
    call.output.note(f"wrote {edit.path}")


def _styled(line: str) -> Line:
    return ((line, _STYLES.get(line[:1], "")),)


def _json(call: Call, edit: Edit, role: str, contract: Contract, permission: str | None) -> int:
    call.output.json(
        {
            "path": edit.path,
            "changed": bool(edit.diff),
            "role": role,
            "dataset": contract.id,
            "permission": permission,
            "clear": list(edit.clear),
            "hidden": list(edit.hidden),
            "diff": list(edit.diff),
        }
    )
    return 0
