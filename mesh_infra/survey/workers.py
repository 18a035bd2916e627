"""Folders of contracts, examined by several processes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mesh_infra.cache import Cache
from mesh_infra.spec.files import MeshFiles
from mesh_infra.spec.load import read_organisation
from mesh_infra.spec.tree import Disk, Entry
from mesh_infra.survey import processes
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


def shared_out(job: Job, own: Domains, folders: Sequence[Entry], count: int) -> Iterator[tuple[Entry, Known]]:
    """What is known of each folder, in any order; ``count`` processes work on it, this one with ``own``."""
    return processes.shared_out(_begin, job, _looking(own), folders, count)


def _begin(job: Job) -> Callable[[Entry], Known]:
    examiner = Examiner(read_organisation(job.top), job.as_of)
    return _looking(Domains(Disk(job.root), examiner, key_of(job.top), job.as_of, job.cache))


def _looking(domains: Domains) -> Callable[[Entry], Known]:
    return lambda folder: domains.known(folder, Reading())
