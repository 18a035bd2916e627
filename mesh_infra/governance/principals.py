"""Who the roles of a mesh are on AWS, over all of its environments."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from mesh_infra.manifest.environments import environment_names, find_environment
from mesh_infra.manifest.names import Names
from mesh_infra.manifest.roles import ResolvedRole, resolve_roles
from mesh_infra.spec.model import Spec


class Principals:
    """The principals of every role in every environment, worked out by the manifest when first asked for."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec

    @cached_property
    def _resolved(self) -> list[tuple[str, ResolvedRole]]:
        return [
            (environment, role)
            for environment in environment_names(self._spec.mesh)
            for role in resolve_roles(
                self._spec, environment, Names(find_environment(self._spec.mesh, environment))
            ).values()
        ]

    @cached_property
    def _by_role(self) -> dict[str, set[tuple[str, str]]]:
        found: dict[str, set[tuple[str, str]]] = {}
        for environment, role in self._resolved:
            found.setdefault(role.name, set()).update((environment, arn) for arn in role.principals)
        return found

    def leading_to(self, roles: Collection[str]) -> frozenset[str]:
        """The roles that the mesh makes with which somebody may become one of ``roles``, also by way of others.

        Another one trusts them by their ARN, or has it among its principals.
        """
        found = set(roles)
        waiting = [role for role in roles if role in self._named_by]
        while waiting:
            come = self._named_by.get(waiting.pop(), frozenset()) - found
            found |= come
            waiting.extend(come)
        return frozenset(found.difference(roles))

    @cached_property
    def _named_by(self) -> dict[str, frozenset[str]]:
        """For each role those that the mesh makes and that it names by their ARNs."""
        made = {role.principals[0]: role.name for _, role in self._resolved if role.made}
        named: dict[str, set[str]] = {}
        for _, role in self._resolved:
            trusted = (entry for entries in role.role.trust.values() for entry in entries if isinstance(entry, str))
            for arn in (*trusted, *(() if role.made else role.principals)):
                if arn in made:
                    named.setdefault(role.name, set()).add(made[arn])
        return {name: frozenset(others) for name, others in named.items()}

    def shared(self, role: str, other: str) -> dict[str, list[str]]:
        """The ARNs that are both roles at once, each with the environments where it is; in order."""
        found: dict[str, list[str]] = {}
        for environment, arn in sorted(self._by_role.get(role, set()) & self._by_role.get(other, set())):
            found.setdefault(arn, []).append(environment)
        return found
