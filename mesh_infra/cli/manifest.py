"""`mesh manifest`."""

from __future__ import annotations

from mesh_infra.cli.call import Call
from mesh_infra.cli.jsonable import jsonable
from mesh_infra.cli.manifest_text import manifest_text
from mesh_infra.errors import UsageError
from mesh_infra.manifest.build import PLATFORM
from mesh_infra.spec.model import Spec
from mesh_infra.spec.problems import did_you_mean, quoted


def run(call: Call, scope: str | None) -> int:
    """Print the manifest of an environment, or of the part of it that ``scope`` names."""
    spec = call.spec()
    if scope is not None:
        _check_scope(spec, scope)
    manifest = call.manifest(spec, scope)
    if call.json:
        call.output.json(jsonable(manifest))
    else:
        call.output.lines(manifest_text(manifest, call.output.width))
    return 0


def _check_scope(spec: Spec, scope: str) -> None:
    scopes = (PLATFORM, *(domain.domain for domain in spec.domains))
    if scope not in scopes:
        raise UsageError(f"there is no domain {quoted(scope)}", did_you_mean(scope, scopes, "scopes are"))
