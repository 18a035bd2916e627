"""Steps of stacks, with a runner that takes no time."""

from __future__ import annotations

import threading

import pytest

from mesh_infra.deployment.model import Outcome, Result, Tell
from mesh_infra.deployment.run import run_steps
from mesh_infra.manifest.stacks import Stack

PLATFORM = Stack("dev.platform", "dev", "platform")
DOMAINS = tuple(Stack(f"dev.{name}", "dev", name) for name in ("a", "b", "c", "d", "e"))
STEPS = ((PLATFORM,), DOMAINS)


class Fake:
    """Fails where it is told to, and remembers what was at work at the same time."""

    def __init__(self, failing: tuple[Stack, ...] = (), together: int = 1) -> None:
        self.started: list[Stack] = []
        self.most = 0
        self._failing = failing
        self._at_work = 0
        self._lock = threading.Lock()
        self._together = threading.Barrier(together)

    def __call__(self, stack: Stack, tell: Tell) -> Outcome:
        with self._lock:
            self.started.append(stack)
            self._at_work += 1
            self.most = max(self.most, self._at_work)
        if stack is not PLATFORM:
            self._together.wait(timeout=60)
        with self._lock:
            self._at_work -= 1
        result = Result.FAILED if stack in self._failing else Result.DONE
        tell(stack, result)
        return Outcome(stack, result)


def told() -> tuple[list[tuple[str, str]], Tell]:
    lines: list[tuple[str, str]] = []
    return lines, lambda stack, now: lines.append((stack.name, now))


def test_everything_is_run_and_reported_in_order() -> None:
    runner = Fake()
    lines, tell = told()
    outcomes = run_steps(STEPS, runner, 1, tell)
    assert [outcome.stack for outcome in outcomes] == [PLATFORM, *DOMAINS] == runner.started
    assert {outcome.result for outcome in outcomes} == {Result.DONE}
    assert lines == [(stack.name, "done") for stack in (PLATFORM, *DOMAINS)]


def test_domains_are_at_work_side_by_side_and_never_more_than_allowed() -> None:
    # Each domain waits until five are at work: fewer at a time would never end.
    runner = Fake(together=5)
    run_steps(STEPS, runner, 5, told()[1])
    assert runner.started[0] is PLATFORM
    assert runner.most == 5
    one_by_one = Fake()
    run_steps(STEPS, one_by_one, 1, told()[1])
    assert one_by_one.most == 1


def test_one_that_fails_does_not_stop_its_neighbours() -> None:
    outcomes = run_steps(STEPS, Fake(failing=DOMAINS[1:2]), 2, told()[1])
    assert [outcome.stack.scope for outcome in outcomes if outcome.result is Result.FAILED] == ["b"]
    assert sum(outcome.result is Result.DONE for outcome in outcomes) == 5


def test_what_waits_for_a_failed_platform_is_skipped() -> None:
    runner = Fake(failing=(PLATFORM,))
    lines, tell = told()
    first, *others = run_steps(STEPS, runner, 2, tell)
    assert (first.result, runner.started) == (Result.FAILED, [PLATFORM])
    assert {(outcome.result, outcome.error) for outcome in others} == {
        (Result.SKIPPED, ("not started, because 'dev.platform' failed",))
    }
    assert lines[1:] == [(stack.name, "skipped") for stack in DOMAINS]


def test_an_interrupt_starts_nothing_more() -> None:
    started: list[Stack] = []

    def interrupted(stack: Stack, _tell: Tell) -> Outcome:
        started.append(stack)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_steps(STEPS, interrupted, 1, told()[1])
    assert started == [PLATFORM]
