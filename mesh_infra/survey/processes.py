"""Work that several processes share."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar, cast

J = TypeVar("J")
T = TypeVar("T")
R = TypeVar("R")

_here: list[Callable[[Any], object]] = []
"""In a process of the pool: what it does with a task."""


_SAFE_PATH = "PYTHONSAFEPATH"


def processors() -> int:
    """How many processes can work at once on this machine; one where others could not be started safely."""
    if sys.flags.ignore_environment and not sys.flags.safe_path:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shared_out(
    begin: Callable[[J], Callable[[T], R]], job: J, own: Callable[[T], R], tasks: Sequence[T], processes: int
) -> Iterator[tuple[T, R]]:
    """What comes of each task, in any order; ``processes`` counts this one, which works with ``own``.

    Each other process calls ``begin`` with the ``job`` once, and what that returns with one task after another. All of
    it must bear to be pickled.
    """
    # Not forked: a thread of this process may hold a lock at that moment.
    context = multiprocessing.get_context("spawn")
    with _without_modules_from_here():
        pool = ProcessPoolExecutor(processes - 1, context, _start, (begin, job, gc.get_threshold()))
    try:
        with _without_modules_from_here():  # a process is started when there is something for it to do
            asked = [(task, cast("Future[R]", pool.submit(_work, task))) for task in tasks]
        # Others begin at the front. What nobody has begun is done here, from the back.
        for task, future in reversed(asked):
            yield task, own(task) if future.cancel() else _result(future, own, task)
    finally:
        pool.shutdown(cancel_futures=True)


def _start(begin: Callable[[J], Callable[[T], R]], job: J, collected: tuple[int, int, int]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that began it ends it
    gc.set_threshold(*collected)
    _here.append(begin(job))


def _work(task: object) -> object:
    return _here[0](task)


@contextmanager
def _without_modules_from_here() -> Iterator[None]:
    """Keep processes that are started from importing what lies in the working directory.

    They are started as ``python -c "from multiprocessing…"``, which looks there first (Python, "Command line and
    environment", ``-P``): a mesh that is only checked could bring a module of that name, and run it.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


def _result(future: Future[R], own: Callable[[T], R], task: T) -> R:
    try:
        return future.result()
    except BrokenProcessPool:  # killed, or never started: the machine is short of something
        return own(task)
