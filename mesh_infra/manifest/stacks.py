"""Pulumi stacks: which part of which environment a stack's name means."""

from __future__ import annotations

from dataclasses import dataclass

from mesh_infra.errors import UsageError
from mesh_infra.manifest.build import PLATFORM
from mesh_infra.manifest.environments import environment_names, find_environment
from mesh_infra.spec.model import Spec, Stacks


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack: its environment, and its scope (None: all of it; ``"platform"``; or a domain)."""

    name: str
    environment: str
    scope: str | None


def stacks_of(spec: Spec, environment: str) -> tuple[Stack, ...]:
    """The stacks of an environment in the order in which additions are deployed: the platform, then the domains."""
    if find_environment(spec.mesh, environment).stacks is Stacks.ONE:
        return (Stack(environment, environment, None),)
    scopes = (PLATFORM, *(domain.domain for domain in spec.domains))
    return tuple(Stack(f"{environment}.{scope}", environment, scope) for scope in scopes)


def find_stack(spec: Spec, name: str) -> Stack:
    """The stack called ``name``; raises ``UsageError`` where no environment has one of that name."""
    environment, _, scope = name.partition(".")
    if environment not in environment_names(spec.mesh):
        names = ", ".join(environment_names(spec.mesh))
        raise UsageError(f"no environment of mesh.yaml fits the stack '{name}'", f"the environments are: {names}")
    stacks = {stack.name: stack for stack in stacks_of(spec, environment)}
    if name in stacks:
        return stacks[name]
    if environment in stacks:
        raise UsageError(f"'{environment}' is one stack, it has no part '{scope}'", f"select the stack '{environment}'")
    if not scope:
        first, *_ = stacks
        raise UsageError(f"'{environment}' has a stack for each domain", f"select one of them, such as '{first}'")
    raise UsageError(
        f"there is no domain '{scope}' for the stack '{name}'",
        f"if its file was removed on purpose, 'pulumi destroy --stack {name}' takes down what it left",
    )
