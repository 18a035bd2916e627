"""Which stacks a change touches, and in which order they are deployed.

A grant needs its role, so additions go from the platform to the domains. A role that goes while grants of it are left
leaves them behind for whoever is called so next, so removals go from the domains to the platform. A change that does
both takes three steps: the domains that only lose something, the platform, the other domains. (That a role and its
grants do not leave in one change is a rule of its own.)

A deployment that did not end well leaves a part of what it deployed: each resource is as one of several commits has it.
So there may be several BASEs, and a stack is touched that any of them has otherwise than HEAD. Only then may a domain
both need a role that is new and hold grants of one that goes; what is new comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from mesh_infra.manifest.build import PLATFORM
from mesh_infra.manifest.stacks import Stack, stacks_of
from mesh_infra.review.model import InfrastructureChange, Operation
from mesh_infra.spec.model import Spec


@dataclass(frozen=True, slots=True)
class AffectedStack:
    """A stack to deploy.

    ``scope`` is None for a stack that is its whole environment, else ``platform`` or a domain. ``step`` counts from 1
    in each environment: what has the same step can be deployed side by side. ``action``: ``destroy`` where HEAD has no
    such stack any more.
    """

    stack: str
    environment: str
    scope: str | None
    step: int
    action: Literal["up", "destroy"]


_Ops = frozenset[Operation]


def affected(
    bases: Iterable[Spec], head: Spec, changes: Iterable[InfrastructureChange], *, every: bool = False
) -> tuple[AffectedStack, ...]:
    """The stacks of ``changes``, which are those from each of ``bases`` to ``head``: by environment, step and name.

    With ``every`` those of ``head`` that no change touches, too.
    """
    ops: dict[str, set[Operation]] = {}
    for change in changes:
        ops.setdefault(change.stack, set()).add(change.op)
    after = _stacks(head)
    known = {name: stack for spec in bases for name, stack in _stacks(spec).items()} | after
    found: list[AffectedStack] = []
    for environment in sorted({stack.environment for stack in known.values()}):
        here = {
            stack: frozenset(ops.get(stack.name, ()))
            for stack in known.values()
            if stack.environment == environment and (stack.name in ops or (every and stack.name in after))
        }
        for number, step in enumerate(_steps(here, frozenset(after)), start=1):
            found.extend(
                AffectedStack(s.name, environment, s.scope, number, "up" if s.name in after else "destroy")
                for s in sorted(step, key=lambda stack: stack.name)
            )
    return tuple(found)


def _stacks(spec: Spec) -> dict[str, Stack]:
    return {stack.name: stack for environment in spec.mesh.environments for stack in stacks_of(spec, environment)}


def _steps(ops: dict[Stack, _Ops], existing: frozenset[str]) -> Iterator[list[Stack]]:
    """The stacks of one environment, those of each step together; one that no change touches comes last."""
    platform = next((stack for stack in ops if stack.scope == PLATFORM), None)
    domains = [stack for stack in ops if stack is not platform]
    leaving = ops.get(platform, frozenset()) if platform else frozenset()
    if "delete" not in leaving:
        first: list[Stack] = []
    elif leaving.isdisjoint(("create", "replace")):
        # Nothing of the platform is waited for: whatever a domain does, its grants go before their roles.
        first = [stack for stack in domains if ops[stack]]
    else:
        first = [stack for stack in domains if stack.name not in existing or ops[stack] == {"delete"}]
    last = [stack for stack in domains if stack not in first]
    yield from (step for step in (first, [platform] if platform else [], last) if step)
