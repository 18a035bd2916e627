"""Pulumi stacks: which part of which environment a stack's name means."""

from __future__ import annotations

from dataclasses import dataclass

from mesh_infra.errors import UsageError
from mesh_infra.manifest.build import PLATFORM
from mesh_infra.manifest.environments import LOCAL, environment_names, find_environment
from mesh_infra.spec.files import CONTRACTS, DOMAINS
from mesh_infra.spec.model import Spec, Stacks
from mesh_infra.spec.problems import did_you_mean, nearest, quoted


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack: its environment, and its scope (None: all of it; ``"platform"``; or a domain)."""

    name: str
    environment: str
    scope: str | None

    def concerns(self, path: str) -> bool:
        """Whether a file of the mesh is about what this stack holds: a domain's its own, the platform's the others."""
        folder, _, rest = path.partition("/")
        domain = {CONTRACTS: rest.partition("/")[0], DOMAINS: rest.removesuffix(".yaml")}.get(folder, PLATFORM)
        return self.scope in (None, domain)


def stacks_of(spec: Spec, environment: str) -> tuple[Stack, ...]:
    """The stacks of an environment in the order in which additions are deployed: the platform, then the domains."""
    if find_environment(spec.mesh, environment).stacks is Stacks.ONE:
        return (Stack(environment, environment, None),)
    scopes = (PLATFORM, *(domain.domain for domain in spec.domains))
    return tuple(Stack(f"{environment}.{scope}", environment, scope) for scope in scopes)


def find_stack(spec: Spec, name: str) -> Stack:
    """The stack called ``name``; raises ``UsageError`` where no environment has one of that name."""
    environment, _, scope = name.partition(".")
    environments = environment_names(spec.mesh)
    if environment not in environments:
        hint = did_you_mean(environment, environments, "the environments are")
        raise UsageError(f"no environment of mesh.yaml fits the stack {quoted(name)}", hint)
    stacks = {stack.name: stack for stack in stacks_of(spec, environment)}
    if name in stacks:
        return stacks[name]
    if environment in stacks:
        raise UsageError(
            f"{quoted(environment)} is one stack, it has no part {quoted(scope)}", f"select the stack '{environment}'"
        )
    if not scope:
        first, *_ = stacks
        raise UsageError(f"'{environment}' has a stack for each domain", f"select one of them, such as '{first}'")
    hint = f"if its file was removed on purpose: {how_to_destroy(name)}"
    near = nearest(scope, frozenset(stack.scope for stack in stacks.values() if stack.scope))
    if near is not None:
        hint = f"did you mean {quoted(f'{environment}.{near}')}? {hint}"
    raise UsageError(f"there is no domain {quoted(scope)} for the stack {quoted(name)}", hint)


def how_to_destroy(stack: str) -> str:
    """The commands that take a stack down and forget it; Pulumi does not run the program for that.

    What is protected stops it, and in the local environment nothing is (Pulumi, "Resource option: protect").
    """
    local = stack.partition(".")[0] == LOCAL
    pulumi = "mesh local exec -- pulumi" if local else "pulumi"
    unprotect = "" if local else f"'{pulumi} state unprotect --all --stack {stack}' lets go of what it protects, "
    destroy = f"'{pulumi} destroy --stack {stack}' takes down what it left"
    return f"{unprotect}{destroy}, '{pulumi} stack rm {stack}' forgets it"
