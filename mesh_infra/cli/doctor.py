"""`mesh doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from mesh_infra.cli.call import Call
from mesh_infra.cli.output import BAD, FAINT, GOOD, Line
from mesh_infra.local.pulumi import Diagnosis, diagnose


def run(call: Call) -> int:
    """Print what the local AWS needs of this machine; 1 where something is missing."""
    found = diagnose()
    if call.json:
        call.output.json({"diagnosis": [asdict(diagnosis) for diagnosis in found]})
    else:
        call.output.lines(_lines(found))
    return 0 if all(diagnosis.ok for diagnosis in found) else 1


def _lines(found: tuple[Diagnosis, ...]) -> Iterator[Line]:
    width = max(len(diagnosis.name) for diagnosis in found)
    for diagnosis in found:
        mark = ("ok     ", GOOD) if diagnosis.ok else ("missing", BAD)
        yield mark, f"  {diagnosis.name.ljust(width)}  {diagnosis.detail}"
        if diagnosis.remedy:
            yield (" " * (len("missing") + 2), (f"{diagnosis.remedy}", FAINT if diagnosis.ok else ""))
