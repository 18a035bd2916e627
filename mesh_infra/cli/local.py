"""`mesh local`."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence

from mesh_infra.cli.call import Call
from mesh_infra.cli.output import GOOD, Line
from mesh_infra.errors import UsageError
from mesh_infra.local import mesh, server
from mesh_infra.local.pulumi import Provider
from mesh_infra.local.pulumi import run as run_command
from mesh_infra.local.server import LocalAws
from mesh_infra.manifest.environments import LOCAL_ACCOUNT
from mesh_infra.spec.problems import did_you_mean, quoted

_FRESH = "a fresh local AWS was started: it is empty, and Pulumi knows of nothing in it"

_OWN = ("AWS_", "PULUMI_")
"""Variables of these names lead to an AWS or a backend: they are set, or unset, whole."""


def start(call: Call) -> int:
    """Start the local AWS, or find it running."""
    root = call.root()
    with call.output.working("looking for the Pulumi CLI") as tell:
        aws = mesh.start(root, tell)
    if call.json:
        call.output.json(_document(aws))
    else:
        call.output.lines(_running(aws))
        call.output.note("deploy to it: mesh local exec -- pulumi up")
    return 0


def stop(call: Call) -> int:
    """Stop the local AWS, if it runs."""
    stopped = server.stop(call.root())
    if call.json:
        call.output.json({"stopped": stopped})
    else:
        call.output.line("stopped: what was deployed there is gone" if stopped else "the local AWS was not running")
    return 0


def status(call: Call) -> int:
    """Say whether the local AWS runs; 1 where it does not."""
    aws = server.status(call.root())
    if call.json:
        call.output.json(_document(aws))
    elif aws is None:
        call.output.line("the local AWS is not running")
        call.output.note("start it: mesh local start")
    else:
        call.output.lines(_running(aws))
    return 1 if aws is None else 0


def env(call: Call) -> int:
    """Print the environment of the local AWS."""
    variables = prepare(call, Provider.STAND_IN).environment
    if call.json:
        call.output.json(_changed(variables))
    else:
        for name in sorted(os.environ):
            if name.startswith(_OWN) and name not in variables:
                call.output.line(f"unset {name}")
        for name, value in sorted(_changed(variables).items()):
            call.output.line(f"export {name}={shlex.quote(value)}")
    return 0


def exec_(call: Call, command: Sequence[str], provider: str) -> int:
    """Run ``command`` against the local AWS; its exit code."""
    if provider not in {known.value for known in Provider}:
        raise UsageError(f"unknown provider {quoted(provider)}", did_you_mean(provider, list(Provider), "there are"))
    prepared = prepare(call, Provider(provider))
    return run_command(command, prepared.environment, call.root())


def prepare(call: Call, provider: Provider) -> mesh.Prepared:
    """The local AWS of the mesh, running, and the environment of its deployer."""
    with call.output.working("looking for the Pulumi CLI") as tell:
        prepared = mesh.prepare(call.root(), tell, provider)
    if prepared.aws.fresh:
        call.output.note(_FRESH)
    return prepared


def _changed(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables that make the difference to this process's own."""
    return {name: value for name, value in variables.items() if name.startswith(_OWN) or os.environ.get(name) != value}


def _document(aws: LocalAws | None) -> dict[str, object]:
    if aws is None:
        return {"running": False}
    return {"running": True, "endpoint": aws.endpoint, "pid": aws.pid, "port": aws.port, "account": LOCAL_ACCOUNT}


def _running(aws: LocalAws) -> Iterator[Line]:
    yield ("running", GOOD), f" at {aws.endpoint} (process {aws.pid}), account {LOCAL_ACCOUNT}"
