"""`mesh up` and `mesh preview`."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict

import typer

from mesh_infra.cli.call import Call
from mesh_infra.cli.local import prepare
from mesh_infra.cli.output import BAD, FAINT, GOOD, Line
from mesh_infra.cli.progress import progress
from mesh_infra.cli.table import Column, table
from mesh_infra.cli.words import count
from mesh_infra.deployment.automation import Automation
from mesh_infra.deployment.model import Operation, Outcome, Result
from mesh_infra.deployment.order import choose, left_over, refuse_left_over, steps_of
from mesh_infra.deployment.run import run_steps
from mesh_infra.errors import UsageError
from mesh_infra.local.pulumi import Provider
from mesh_infra.manifest.environments import LOCAL
from mesh_infra.manifest.stacks import Stack, how_to_destroy

_SHOWN = 5
"""Lines of an error; the rest is in the log."""


def preview(call: Call, domains: str | None, parallel: int | None) -> int:
    """Say what a deployment would change in each stack; 1 where one of them fails."""
    return _run(call, domains, parallel or _default_parallel(), (Operation.PREVIEW,))


def up(call: Call, domains: str | None, parallel: int | None, *, yes: bool) -> int:
    """Deploy the stacks; where nobody said yes before, after a preview and a question. 1 where one of them fails."""
    if not yes and (call.json or not sys.stdin.isatty()):
        raise UsageError("there is nobody to ask", "see 'mesh preview', then give --yes")
    operations = (Operation.UP,) if yes else (Operation.PREVIEW, Operation.UP)
    return _run(call, domains, parallel or _default_parallel(), operations)


def _run(call: Call, domains: str | None, parallel: int, operations: Sequence[Operation]) -> int:
    spec = call.spec()
    environment = call.environment_name(spec)
    stacks = choose(spec, environment, _names(domains))
    with _variables(call, environment):
        left = left_over(Automation(call.root(), operations[0]).existing(), spec, environment)
        if Operation.UP in operations:
            refuse_left_over(stacks, left)
        for operation in operations:
            if operation is not operations[0] and not typer.confirm("Deploy this?", err=True):
                return 1
            outcomes = _side_by_side(call, operation, stacks, parallel)
            _show(call, environment, operation, outcomes, left)
            if any(outcome.result is not Result.DONE for outcome in outcomes):
                return 1
    return 0


def _names(domains: str | None) -> tuple[str, ...]:
    if domains is None:
        return ()
    names = tuple(name.strip() for name in domains.split(",") if name.strip())
    if not names:
        raise UsageError("--domains names no domain", "name some, such as --domains sales,platform, or leave it out")
    return names


def _default_parallel() -> int:
    # AWS limits how often Lake Formation's and IAM's APIs are called: more at a time would wait there.
    return min(8, max(2, os.cpu_count() or 2))


@contextmanager
def _variables(call: Call, environment: str) -> Iterator[None]:
    """The environment variables that Pulumi inherits: those of the shell, or of the local AWS's deployer."""
    if environment != LOCAL:
        yield
        return
    before = dict(os.environ)
    _set(prepare(call, Provider.STAND_IN).environment)
    try:
        yield
    finally:
        _set(before)


def _set(variables: Mapping[str, str]) -> None:
    # Whole: a profile or an endpoint of the user's that stayed would lead Pulumi elsewhere.
    os.environ.clear()
    os.environ.update(variables)


def _side_by_side(call: Call, operation: Operation, stacks: Collection[Stack], parallel: int) -> tuple[Outcome, ...]:
    runner = Automation(call.root(), operation)
    with progress(call.output, operation, len(stacks), list(Result)) as show:
        return run_steps(steps_of(stacks, operation), runner, parallel, lambda stack, now: show(stack.name, now))


def _show(call: Call, environment: str, operation: Operation, outcomes: Sequence[Outcome], left: Sequence[str]) -> None:
    if call.json:
        call.output.json(
            {
                "environment": environment,
                "operation": operation.value,
                "stacks": [_document(outcome) for outcome in outcomes],
                "left_over": list(left),
            }
        )
        return
    call.output.lines(_text(operation, outcomes, call.output.width))
    for stack in left:
        call.output.note(f"nothing in the mesh asks for the stack '{stack}' any more: {how_to_destroy(stack)}")


def _document(outcome: Outcome) -> dict[str, object]:
    return {
        "stack": outcome.stack.name,
        "scope": outcome.stack.scope,
        "result": outcome.result.value,
        **asdict(outcome.changes),
        "seconds": round(outcome.seconds, 1),
        "error": list(outcome.error),
        "log": outcome.log,
    }


def _text(operation: Operation, outcomes: Sequence[Outcome], width: int | None) -> Iterator[Line]:
    ending = "d" if operation is Operation.UP else ""
    numbers = (*(f"{verb}{ending}" for verb in ("create", "update", "replace", "delete")), "unchanged", "seconds")
    columns = (Column("stack"), Column("result"), *(Column(name, number=True) for name in numbers))
    yield from table(columns, [_row(outcome) for outcome in outcomes], width)
    for outcome in outcomes:
        if outcome.result is not Result.DONE:
            yield from _failure(outcome)
    results = [outcome.result for outcome in outcomes]
    bad = [f"{results.count(result)} {result}" for result in (Result.FAILED, Result.SKIPPED) if result in results]
    yield (f"{count(len(results), 'stack')}, ", (", ".join(bad), BAD) if bad else ("all fine", GOOD))


def _row(outcome: Outcome) -> tuple[str, ...]:
    if outcome.result is Result.SKIPPED:
        return (outcome.stack.name, outcome.result, *[""] * 6)
    numbers = map(str, asdict(outcome.changes).values())
    return (outcome.stack.name, outcome.result, *numbers, f"{outcome.seconds:.1f}")


def _failure(outcome: Outcome) -> Iterator[Line]:
    yield ((outcome.stack.name, BAD), f" {outcome.result}:")
    for line in outcome.error[:_SHOWN]:
        yield (f"  {line}",)
    if outcome.log:
        more = len(outcome.error) - _SHOWN
        rest = f"{count(more, 'more line')}, and what else Pulumi said" if more > 0 else "all that Pulumi said"
        yield ((f"  {rest}: {outcome.log}", FAINT),)
