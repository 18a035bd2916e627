"""`mesh export odcs` and `mesh import odcs`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from mesh_infra.authoring.new import NewFile, taken_over
from mesh_infra.authoring.workspace import create_text, open_mesh, refuse_existing
from mesh_infra.cli.call import Call
from mesh_infra.cli.find import find_contract
from mesh_infra.cli.findings import finding_line
from mesh_infra.cli.output import DOUBTFUL, GOOD
from mesh_infra.errors import UsageError
from mesh_infra.exchange.odcs import Imported, domain_of, export_odcs, import_odcs
from mesh_infra.exchange.text import json_text
from mesh_infra.findings import printable
from mesh_infra.spec.files import MAX_BYTES
from mesh_infra.spec.problems import quoted
from mesh_infra.spec.source import Source

_NAMED = 8
"""How many kept pieces are named."""


def export(call: Call, dataset: str, api_version: str | None, output: Path | None, *, force: bool) -> int:
    """Write the document of ``dataset``; JSON where that is asked for."""
    exported = export_odcs(find_contract(call.spec(), dataset), api_version)
    text = json_text(exported.document) if call.json else exported.text
    if output is None:
        call.output.text(text)
    else:
        create_text(call.base / output, text, force=force)
        call.output.note(("wrote ", GOOD), str(output))
    for piece in exported.left_out:
        call.output.note(("left out", DOUBTFUL), f": {printable(piece)}, which the contract now says otherwise")
    return 0


def import_(call: Call, file: Path, domain: str | None, *, force: bool) -> int:
    """Write the contracts that ``file`` describes into the mesh; raises ``UsageError`` where nobody says whose."""
    mesh = open_mesh(call.root())
    source = _read(call.base / file, file)
    domain = domain if domain is not None else domain_of(source)
    if domain is None:
        raise UsageError(f"{quoted(str(file))} does not say which domain it belongs to", "give --domain")
    imported = import_odcs(source, domain)
    files = [taken_over(mesh, domain, one.dataset, one.version, one.text, force=force) for one in imported]
    refuse_existing([new.root / new.path for new in files], force=force)
    for new in files:
        new.write(force=force)
    if call.json:
        call.output.json({"files": [_document(one, new) for one, new in zip(imported, files, strict=True)]})
        return 0
    for one, new in zip(imported, files, strict=True):
        _show(call, one, new)
    return 0


def _read(path: Path, named: Path) -> Source:
    try:
        with path.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{quoted(str(named))} cannot be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise UsageError(f"{quoted(str(named))} is larger than 1 MiB")
    try:
        return Source(printable(str(named)), raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UsageError(f"{quoted(str(named))} is not UTF-8", "save it as UTF-8") from None


def _show(call: Call, one: Imported, new: NewFile) -> None:
    call.output.lines((line,) for line in new.text.splitlines())
    call.output.note(f"wrote {new.path}")
    if one.kept:
        shown, more = one.kept[:_NAMED], len(one.kept) - _NAMED
        pieces = ", ".join(map(printable, shown)) + (f" and {more} more" if more > 0 else "")
        call.output.note(f"kept under 'odcs' for the way back, without effect here: {pieces}")
    for piece in one.left_out:
        call.output.note(("not carried over", DOUBTFUL), f": {printable(piece)}")
    if new.to_do:
        call.output.note("to do, before it passes 'mesh check':")
        for finding in new.to_do:
            call.output.problem(*finding_line(finding))


def _document(one: Imported, new: NewFile) -> dict[str, object]:
    return {
        "path": new.path,
        "text": new.text,
        "kept": list(one.kept),
        "left_out": list(one.left_out),
        "to_do": [asdict(finding) for finding in new.to_do],
    }
