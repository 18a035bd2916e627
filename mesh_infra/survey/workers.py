"""Folders of contracts, examined by several processes at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
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


def processors() -> int:
    """How many processes can work at once on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start(job: Job) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that began it ends it
    examiner = Examiner(read_organisation(job.top), job.as_of)
    _here.append(Domains(Disk(job.root), examiner, key_of(job.top), job.as_of, job.cache))


def _known(folder: Entry) -> Known:
    return _here[0].known(folder, Reading())


def shared_out(job: Job, own: Domains, folders: Sequence[Entry], processes: int) -> Iterator[tuple[Entry, Known]]:
    """What is known of each folder, in any order; ``processes`` counts this one, which works with ``own``."""
    # Not forked: a thread of this process may hold a lock at that moment.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes - 1, context, _start, (job,))
    try:
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
