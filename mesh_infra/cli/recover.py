"""`mesh recover`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError

from mesh_infra.cli.call import Call
from mesh_infra.cli.output import GOOD
from mesh_infra.errors import AccountNotReady, MeshError, UsageError
from mesh_infra.resources.recover import Pending, Recovery, find_out, pending_creations, repaired


def run(call: Call, stack: str | None, *, yes: bool) -> int:
    """Bring a stack back to what Pulumi can work with after its deployment died; returns an exit code."""
    root = call.root()
    chosen = ["--stack", stack] if stack else []
    if not yes and not sys.stdin.isatty():
        raise UsageError(
            "there is nobody to ask", "see that no deployment of this stack runs any more, then give --yes"
        )
    if not yes and not typer.confirm("Is no deployment of this stack running any more?", err=True):
        return 1
    _pulumi(root, ["cancel", "--yes", *chosen], may_fail=True)
    exported = json.loads(_pulumi(root, ["stack", "export", *chosen]))
    pending = pending_creations(exported)
    recovery = _find_out(call, pending) if pending else Recovery((), ())
    for urn, _ in recovery.imported:
        call.output.note(f"was made, is taken over: {_short(urn)}")
    for urn in recovery.cleared:
        call.output.note(f"is made again by the next 'pulumi up': {_short(urn)}")
    if exported["deployment"].get("pending_operations"):
        _import(root, repaired(exported, recovery), chosen)
    _pulumi(root, ["refresh", "--yes", "--skip-preview", "--non-interactive", *chosen])
    call.output.note(("recovered", GOOD), ": now run 'pulumi up'")
    return 0


def _find_out(call: Call, pending: Sequence[Pending]) -> Recovery:
    region = call.manifest(call.spec()).region
    try:
        return find_out(boto3.Session(region_name=region), pending)
    except (BotoCoreError, ClientError) as error:
        raise AccountNotReady(f"AWS does not say what was made: {error}", "use the deployer's credentials") from None


def _import(root: Path, deployment: dict[str, Any], chosen: Sequence[str]) -> None:
    # The state may be confidential: only this user can read the file, and it is gone when this returns.
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(deployment, file)
        file.flush()
        _pulumi(root, ["stack", "import", "--file", file.name, *chosen])


def _pulumi(root: Path, arguments: Sequence[str], *, may_fail: bool = False) -> str:
    """Run the Pulumi CLI in the mesh; what it prints on standard output."""
    try:
        done = subprocess.run(["pulumi", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise UsageError(
            "there is no 'pulumi' on the PATH", "install the Pulumi CLI, or go through: mesh local exec -- mesh recover"
        ) from None
    if done.returncode and not may_fail:
        last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-15:])
        raise MeshError(f"'pulumi {arguments[0]}' failed:\n{last}")
    return done.stdout


def _short(urn: str) -> str:
    type_, name = urn.split("::")[2:4]
    return f"{type_.rsplit(':', 1)[-1]} {name}"
