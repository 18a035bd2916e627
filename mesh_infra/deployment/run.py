"""Runs the steps of a deployment: the stacks of a step side by side, a failure never stopping its neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from mesh_infra.deployment.model import Outcome, Result, Runner, Tell
from mesh_infra.deployment.order import Steps
from mesh_infra.manifest.stacks import Stack


def run_steps(steps: Steps, runner: Runner, parallel: int, tell: Tell) -> tuple[Outcome, ...]:
    """What became of every stack, in the order of ``steps``; at most ``parallel`` of them at work at a time.

    Where a stack fails, the others of its step still run to their end, and the later steps are skipped: they wait for
    what it should have made. On an interrupt nothing more is started; what runs has heard of it itself and is waited
    for.
    """
    outcomes: list[Outcome] = []
    for step in steps:
        failed = [outcome.stack.name for outcome in outcomes if outcome.result is not Result.DONE]
        outcomes += _skipped(step, failed[0], tell) if failed else _side_by_side(step, runner, parallel, tell)
    return tuple(outcomes)


def _skipped(step: Iterable[Stack], failed: str, tell: Tell) -> list[Outcome]:
    for stack in step:
        tell(stack, "skipped")
    return [Outcome(stack, Result.SKIPPED, error=(f"not started, because '{failed}' failed",)) for stack in step]


def _side_by_side(step: Iterable[Stack], runner: Runner, parallel: int, tell: Tell) -> list[Outcome]:
    with ThreadPoolExecutor(max_workers=parallel) as pool:
        futures = [pool.submit(runner, stack, tell) for stack in step]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
