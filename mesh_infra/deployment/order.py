"""Which stacks are deployed, and what waits for what."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mesh_infra.deployment.model import Operation
from mesh_infra.errors import MeshError, UsageError
from mesh_infra.manifest.build import PLATFORM
from mesh_infra.manifest.stacks import Stack, how_to_destroy, stacks_of
from mesh_infra.spec.model import Spec
from mesh_infra.spec.problems import nearest, quoted

Steps = tuple[tuple[Stack, ...], ...]
"""The stacks of each step are independent of each other, and wait for those of the step before."""


def choose(spec: Spec, environment: str, scopes: Collection[str]) -> tuple[Stack, ...]:
    """The stacks of ``environment`` with these scopes (``platform`` or domains); all of them where none is named.

    Raises ``UsageError`` where there is no such scope, or the environment is a single stack.
    """
    stacks = stacks_of(spec, environment)
    if not scopes:
        return stacks
    known = {stack.scope: stack for stack in stacks if stack.scope is not None}
    if not known:
        raise UsageError(
            f"'{environment}' is one stack: its domains cannot be deployed one by one",
            "leave out --domains, or give the environment 'stacks: per-domain' before its first deployment",
        )
    for scope in scopes:
        if scope not in known:
            raise UsageError(f"there is no domain {quoted(scope)}", _hint(environment, scope, known))
    return tuple(stack for stack in stacks if stack.scope in scopes)


def _hint(environment: str, scope: str, known: Iterable[str]) -> str:
    near = nearest(scope, frozenset(known))
    if near is not None:
        return f"did you mean {quoted(near)}?"
    return f"if its file was removed on purpose: {how_to_destroy(f'{environment}.{scope}')}"


def steps_of(stacks: Iterable[Stack], operation: Operation) -> Steps:
    """The order of ``stacks``.

    Domains need of the platform that its roles exist, so an ``up`` has the platform first; a preview changes nothing,
    so nothing waits there.
    """
    chosen = tuple(stacks)
    if operation is Operation.PREVIEW:
        return (chosen,) if chosen else ()
    platform = tuple(stack for stack in chosen if stack.scope == PLATFORM)
    others = tuple(stack for stack in chosen if stack.scope != PLATFORM)
    return tuple(step for step in (platform, others) if step)


def left_over(existing: Iterable[str], spec: Spec, environment: str) -> tuple[str, ...]:
    """Those of the ``existing`` stacks that are the environment's by name and that the mesh has no use for any more."""
    wanted = {stack.name for stack in stacks_of(spec, environment)}
    ours = {name for name in existing if name.partition(".")[0] == environment}
    return tuple(sorted(ours - wanted))


def refuse_left_over(stacks: Iterable[Stack], left: Collection[str]) -> None:
    """Raise ``MeshError`` where an ``up`` of ``stacks`` would take roles from under the grants of stacks ``left`` over.

    Removals go the other way round than additions: the domain first, then the platform, which has its roles.
    """
    if left and any(stack.scope in (None, PLATFORM) for stack in stacks):
        first = min(left)
        raise MeshError(
            f"nothing in the mesh asks for the stack '{first}' any more, but what it deployed is still there, and its "
            "grants must not outlive their roles",
            f"take it down first: {how_to_destroy(first)}",
        )
