"""Time taken, and how it is told."""

from __future__ import annotations

import multiprocessing
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from mesh_infra.survey import processors


@dataclass(frozen=True, slots=True)
class Figure:
    """``seconds`` for ``what``, held against a baseline; ``target`` is the ratio to stay below, if there is one."""

    what: str
    seconds: float
    baseline: str
    baseline_seconds: float
    target: float | None = None
    note: str = ""

    def __str__(self) -> str:
        ratio = self.seconds / self.baseline_seconds
        target = "" if self.target is None else f" (target: {self.target:g})"
        note = f"; {self.note}" if self.note else ""
        return (
            f"{self.what}: {self.seconds:.2f} s\n"
            f"    {ratio:.2f} times {self.baseline}, {self.baseline_seconds:.2f} s{target}{note}"
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """What a function took in a process of its own: seconds of its first and second call, and the most memory."""

    first: float
    second: float
    mebibytes: float


def in_own_process(function: Callable[[Path], object], argument: Path) -> Taken:
    """Call ``function`` twice in a fresh process, which has imported its module and nothing else."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_twice, function, argument).result()


def _twice(function: Callable[[Path], object], argument: Path) -> Taken:
    first, second = (_seconds(lambda: function(argument)) for _ in range(2))
    # Linux counts in kibibytes, macOS in bytes (getrusage(2)). Of its own processes the largest is known, not the sum.
    unit = 1024**2 if sys.platform == "darwin" else 1024
    others = (processors() - 1) * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return Taken(first, second, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + others) / unit)


def _seconds(function: Callable[[], object]) -> float:
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def best(function: Callable[[], object], runs: int) -> float:
    """Seconds that ``function`` takes, the best of some runs."""
    return min(_seconds(function) for _ in range(runs))


@dataclass(frozen=True, slots=True)
class Spent:
    """What something took: seconds, and those in which its processes had a processor, which no neighbour lengthens."""

    seconds: float
    processor: float


def spent(function: Callable[[], object]) -> Spent:
    """What ``function`` takes that runs a process and waits for it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = _seconds(function)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def least(runs: Iterable[Spent]) -> Spent:
    """The best of some runs, of either measure by itself."""
    held = list(runs)
    return Spent(min(run.seconds for run in held), min(run.processor for run in held))


def python(*args: str, runs: int = 1) -> float:
    """Seconds of a whole Python process, the best of some runs; its exit code must be 0."""
    return best(lambda: _run(args), runs)


def _run(args: tuple[str, ...]) -> None:
    # As installed: with the compiled modules that the first run writes.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([sys.executable, *args], capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(f"{' '.join(args)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")


def mesh(root: Path, *args: str, runs: int = 1) -> float:
    """Seconds of a `mesh` command in the mesh at ``root``, as a whole process."""
    return python("-m", "mesh_infra.cli", "-C", str(root), *args, runs=runs)
