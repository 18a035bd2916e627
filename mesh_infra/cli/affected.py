"""`mesh affected`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace

from mesh_infra.cache import user_cache
from mesh_infra.cli.call import Call, Format
from mesh_infra.cli.table import Column, table
from mesh_infra.errors import MeshInvalid
from mesh_infra.findings import Severity, has_errors, printable
from mesh_infra.review.affected import AffectedStack, affected
from mesh_infra.review.build import narrowed
from mesh_infra.review.infrastructure import infrastructure_changes
from mesh_infra.review.sides import Side, read_sides
from mesh_infra.spec.model import Environment, Spec
from mesh_infra.survey import processors

MOST_JOBS = 256 // 3
"""Jobs of a step. A matrix makes 256 ("Running variations of jobs in a workflow"), and all three steps fit into one."""

_ELSEWHERE = "give a revision without errors"

_COLUMNS = (Column("step", number=True), Column("stack"), Column("action"))

Row = dict[str, str]


def run(call: Call, base: str | None, head: str | None, others: Sequence[str], *, every: bool) -> int:
    """Print the stacks to deploy; nothing where none is touched.

    ``others`` are revisions to compare HEAD with, as with BASE. Without one, ``every`` stack needs no repository.
    """
    bases = others if every and base is None else (base, *others)
    sides = [_sides(call, revision, head) for revision in bases]
    after = sides[0][1] if sides else call.spec()
    changes = (change for side in sides for change in infrastructure_changes(*narrowed(*side)))
    stacks = affected([before for before, _ in sides], after, changes, every=every)
    match call.format:
        case Format.JSON:
            call.output.json({"affected": [asdict(stack) for stack in stacks]})
        case Format.GITHUB_MATRIX:
            specs = (*(before for before, _ in sides), after)
            environments = {name: settings for spec in specs for name, settings in spec.mesh.environments.items()}
            call.output.text(f"{json.dumps(_matrices(stacks, environments))}\n")
        case _ if stacks:
            rows = [(str(stack.step), stack.stack, stack.action) for stack in stacks]
            call.output.lines(table(_COLUMNS, rows, call.output.width))
        case _:
            call.output.note("no stack is touched")
    return 0


def _sides(call: Call, base: str | None, head: str | None) -> tuple[Spec, Spec]:
    root = call.root()
    before, after = read_sides(root, base, head, user_cache(root), whole=False, processes=processors())
    return _valid(before, old=True), _valid(after, old=head is not None)


def _valid(side: Side, *, old: bool) -> Spec:
    """What a side holds; ``old``: its files are not those on disk, so that whoever reads of errors must know whose."""
    if side.spec is not None and not has_errors(side.findings):
        return side.spec
    if not old:
        raise MeshInvalid(side.findings)
    errors = (finding for finding in side.findings if finding.severity is Severity.ERROR)
    name = printable(side.name)
    raise MeshInvalid(tuple(replace(one, message=f"in {name}: {one.message}", hint=_ELSEWHERE) for one in errors))


def _matrices(stacks: Iterable[AffectedStack], environments: dict[str, Environment]) -> list[dict[str, list[Row]]]:
    """A matrix for each step, each row of which is a job: mostly one stack, several where there are too many."""
    steps: dict[int, list[AffectedStack]] = {}
    for stack in stacks:
        steps.setdefault(stack.step, []).append(stack)
    return [{"include": list(_rows(steps[number], environments))} for number in sorted(steps)]


def _rows(stacks: Sequence[AffectedStack], environments: dict[str, Environment]) -> Iterator[Row]:
    kinds: dict[tuple[str, str], list[AffectedStack]] = {}
    for stack in stacks:
        kinds.setdefault((stack.environment, stack.action), []).append(stack)
    # A kind's last row need not be full: that many more rows than stacks of this size would fill.
    size = -(-len(stacks) // max(1, MOST_JOBS - len(kinds)))
    for (environment, action), alike in kinds.items():
        settings = environments[environment]
        for start in range(0, len(alike), size):
            yield {
                "environment": environment,
                "account": settings.account,
                "region": settings.region,
                "action": action,
                "stacks": " ".join(stack.stack for stack in alike[start : start + size]),
            }
