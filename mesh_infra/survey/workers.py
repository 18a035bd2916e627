"""Folders of contracts, examined by several processes at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mesh_infra.cache import Cache
from mesh_infra.spec.files import MeshFiles
from mesh_infra.spec.load import read_organisation
from mesh_infra.spec.tree import Disk, Entry
from mesh_infra.survey.domains import Domains, Known
from mesh_infra.survey.examine import Examiner
from mesh_infra.survey.reading import Reading, key_of


@dataclass(frozen=True, slots=True)
class Job:
    """What all folders have in common: the mesh's, the organisation's files as they were read, a day, a cache."""

    root: Path
    top: MeshFiles
    as_of: date
    cache: Cache


_here: list[Domains] = []
"""In a process of the pool: what it works with."""


_SAFE_PATH = "PYTHONSAFEPATH"


def processors() -> int:
    """How many processes can work at once on this machine; one where others could not be started safely."""
    if sys.flags.ignore_environment and not sys.flags.safe_path:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start(job: Job) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that began it ends it
    examiner = Examiner(read_organisation(job.top), job.as_of)
    _here.append(Domains(Disk(job.root), examiner, key_of(job.top), job.as_of, job.cache))


def _known(folder: Entry) -> Known:
    return _here[0].known(folder, Reading())


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


def shared_out(job: Job, own: Domains, folders: Sequence[Entry], processes: int) -> Iterator[tuple[Entry, Known]]:
    """What is known of each folder, in any order; ``processes`` counts this one, which works with ``own``."""
    # Not forked: a thread of this process may hold a lock at that moment.
    context = multiprocessing.get_context("spawn")
    with _without_modules_from_here():
        pool = ProcessPoolExecutor(processes - 1, context, _start, (job,))
    try:
        with _without_modules_from_here():  # a process is started when there is something for it to do
            asked = [(folder, pool.submit(_known, folder)) for folder in folders]
        # Others begin at the front. What nobody has begun is done here, from the back.
        for folder, future in reversed(asked):
            yield folder, own.known(folder, Reading()) if future.cancel() else _result(future, own, folder)
    finally:
        pool.shutdown(cancel_futures=True)


def _result(future: Future[Known], own: Domains, folder: Entry) -> Known:
    try:
        return future.result()
    except BrokenProcessPool:  # killed, or never started: the machine is short of something
        return own.known(folder, Reading())
