"""Granting and revoking access: an edit of a contract's ``access_policy``, or of ``roles`` in ODCS."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mesh_infra.authoring.policy_text import KEY, with_entry, without_entry
from mesh_infra.authoring.workspace import Workspace, diff, replace_text
from mesh_infra.errors import MeshInvalid, UsageError
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.environments import LOCAL
from mesh_infra.manifest.model import Access
from mesh_infra.spec import leaves
from mesh_infra.spec.document import Yaml
from mesh_infra.spec.files import CONTRACTS
from mesh_infra.spec.model import AccessEntry, Contract, Permission, Spec
from mesh_infra.spec.odcs.source import OdcsSource
from mesh_infra.spec.problems import RefusedError, UnfitError, quoted
from mesh_infra.spec.references import check_roles, role_hint
from mesh_infra.spec.scalars import INVISIBLE
from mesh_infra.spec.source import Source
from mesh_infra.spec.yaml import load_mapping


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of one contract, not yet written. ``text`` is what the file will hold; no ``diff``: nothing changes.

    ``clear`` and ``hidden`` are the columns that the role will read and will not.
    """

    target: Path
    path: str
    text: str
    diff: tuple[str, ...]
    clear: tuple[str, ...]
    hidden: tuple[str, ...]

    def write(self) -> None:
        """Put it into the file."""
        if self.diff:
            replace_text(self.target, self.text)


@dataclass(frozen=True, slots=True)
class _Format:
    """Where a format says who reads a dataset: a list, and in its entries the role and a permission."""

    listing: str
    permission: str


_OWN = _Format(KEY, "permission")
_ODCS = _Format("roles", "access")


def grant(mesh: Workspace, contract: Contract, entry: AccessEntry) -> Edit:
    """Let a role read a dataset; where it does already, change how.

    A ``purpose`` or ``approved_by`` that is not given stays as it was. Raises ``UsageError`` for a role that is not one
    of the mesh and for a contract that cannot be edited, and ``MeshInvalid`` where it would have errors.
    """
    _check_role(mesh, entry.role)
    format_ = _format(mesh, contract)
    written = {"role": entry.role, format_.permission: entry.permission.value}
    written |= {key: value for key in ("purpose", "approved_by") if (value := getattr(entry, key))}
    if format_ is _ODCS and len(written) > 2:
        hint = "grant without it, and add it under 'customProperties' of the role by hand, as 'mesh:purpose'"
        raise UsageError("a purpose or approval cannot be written into a contract of this format here", hint)
    path, old = _file(mesh, contract)
    data = _data(path, old)
    wanted = _policy(data, format_)
    present = next((item for item in wanted if item.get("role") == entry.role), None)
    if present is None:
        wanted.append(dict(written))
        new = with_entry(old, written, format_.listing)
    else:
        changed = present | written
        new = old if changed == present else with_entry(old, written, format_.listing)
        present.update(written)
    _hold(path, new, {**data, format_.listing: [*wanted]}, format_)
    spec = mesh.checked(path, new)
    if spec is None:
        raise MeshInvalid(mesh.findings)
    _hold_permission(spec, contract, entry)
    return _edit(mesh, path, old, new, _columns(spec, contract, entry.role))


def revoke(mesh: Workspace, contract: Contract, role: str) -> Edit:
    """Take a dataset from a role.

    Raises ``UsageError`` for a role that nobody knows and for a contract that cannot be edited, and ``MeshInvalid``
    where it would have errors.
    """
    format_ = _format(mesh, contract)
    path, old = _file(mesh, contract)
    data = _data(path, old)
    present = [item for item in _policy(data, format_) if item.get("role") == role]
    if not present:
        _check_role(mesh, role, {entry.role for entry in contract.access_policy})
        return _edit(mesh, path, old, old, _nothing(contract))
    new = without_entry(old, role, format_.listing)
    left: list[Yaml] = [item for item in _policy(data, format_) if item.get("role") != role]
    _hold(path, new, {**data, format_.listing: left}, format_)
    mesh.checked(path, new)
    return _edit(mesh, path, old, new, _nothing(contract))


def _format(mesh: Workspace, contract: Contract) -> _Format:
    """Raises ``UsageError`` where an edit would be one of other datasets, too."""
    if not isinstance(contract.source, OdcsSource):
        return _OWN
    others = [quoted(c.id) for c in mesh.contracts if c.source.path == contract.source.path and c is not contract]
    if others:
        message = f"{quoted(contract.source.path)} describes {', '.join(others)} too: its 'roles' hold for all of them"
        raise UsageError(message, "edit it by hand, or give each table a file of its own")
    return _ODCS


def _hold_permission(spec: Spec, contract: Contract, entry: AccessEntry) -> None:
    """Make sure that the role reads as was asked for: in ODCS a custom property of the role may say otherwise."""
    same = (c for c in spec.contracts if (c.domain, c.id) == (contract.domain, contract.id))
    given = next((e.permission for c in same for e in c.access_policy if e.role == entry.role), None)
    if given is not entry.permission:
        message = f"custom properties of the role {quoted(entry.role)} say otherwise; nothing was changed"
        raise UsageError(message, "edit its 'roles' by hand")


def _edit(mesh: Workspace, path: str, old: str, new: str, columns: tuple[tuple[str, ...], tuple[str, ...]]) -> Edit:
    clear, hidden = columns
    return Edit(mesh.root / path, path, new, diff(path, old, new), clear, hidden)


def _file(mesh: Workspace, contract: Contract) -> tuple[str, str]:
    file = mesh.file_of(contract)
    return f"{CONTRACTS}/{file.folder}/{file.stem}.yaml", contract.source.text


def _data(path: str, text: str) -> dict[str, Yaml]:
    data, problems = load_mapping(Source(path, text))
    if data is None or problems:
        raise MeshInvalid(tuple(problems))
    return data


def _policy(data: dict[str, Yaml], format_: _Format) -> list[dict[str, Yaml]]:
    """The entries of the list, as copies; those that are none are left for the check to find."""
    listed = data.get(format_.listing)
    return [dict(item) for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def _hold(path: str, text: str, wanted: dict[str, Yaml], format_: _Format) -> None:
    """Make sure that an edited text says what it should, and nothing else has changed."""
    said, problems = load_mapping(Source(path, text))
    if said is None or problems or _without_empty(said, format_) != _without_empty(wanted, format_):
        message = f"{quoted(path)} is written in a way that cannot be edited here; nothing was changed"
        raise UsageError(message, f"edit its {format_.listing!r} by hand")


def _without_empty(data: dict[str, Yaml], format_: _Format) -> dict[str, Yaml]:
    return {key: value for key, value in data.items() if key != format_.listing or value}


def _check_role(mesh: Workspace, role: str, others: set[str] | None = None) -> None:
    """Raise ``UsageError`` for a role that neither the mesh nor ``others`` have."""
    if mesh.spec is None:
        return
    known = frozenset({*check_roles(mesh.spec.mesh, mesh.spec.domains)[0], *(others or ())})
    if role not in known:
        raise UsageError(f"unknown role {quoted(role)}", role_hint(role, known))


def _text(key: str, value: str) -> str:
    """The text as the spec layer takes it, without what nobody would see."""
    hidden = INVISIBLE.search(value.replace("\n", ""))
    if hidden:
        raise UsageError(f"{quoted(key)} holds the invisible character U+{ord(hidden[0]):04X}", "leave it out")
    try:
        return leaves.text(value)
    except UnfitError as refused:
        raise UsageError(f"{quoted(key)} {refused.message}", refused.hint) from None
    except RefusedError as refused:
        raise UsageError(refused.message, refused.hint) from None


def _columns(spec: Spec, contract: Contract, role: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What ``role`` reads and what it does not; the local environment's answer is that of all."""
    manifest = build_manifest(spec, LOCAL, contract.domain)
    dataset = next(d for domain in manifest.domains for d in domain.datasets if d.id == contract.id)
    access: Access | None = next((access for access in dataset.access if access.role == role), None)
    clear = access.columns if access else ()
    return clear, tuple(column.name for column in dataset.columns if column.name not in clear)


def _nothing(contract: Contract) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (), tuple(column.name for column in contract.columns)


def entry_of(role: str, *, masked: bool, purpose: str | None = None, approved_by: str | None = None) -> AccessEntry:
    """An entry of ``access_policy`` as people ask for it; raises ``UsageError`` for texts that say nothing."""
    texts = {"purpose": purpose, "approved_by": approved_by}
    given = {key: _text(key, value) for key, value in texts.items() if value is not None}
    permission = Permission.READ_MASKED if masked else Permission.READ
    return AccessEntry(role=role, permission=permission, **given)
