"""Who may become a role that the mesh makes, also by way of others, and who of them is new.

Whoever has assumed a role may assume the next one with it that trusts the role by name, in whichever account (IAM User
Guide, "IAM roles", "Role chaining"; STS API Reference, "AssumeRole"): so whom one role trusts counts for all that is
read behind it. The roles of all environments are one web, since a role of one may be named in another.

A role that trusts a whole account leaves it to IAM who may assume it, and no policy that the mesh writes lets one of
its roles do so. Such trust leads to no other role.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from mesh_infra.manifest.environments import find_environment
from mesh_infra.manifest.names import Names
from mesh_infra.manifest.roles import resolve_roles
from mesh_infra.review.access.trust import Trustee, is_let_in, trustees_of
from mesh_infra.review.environments import PairOfNames
from mesh_infra.spec.model import Spec


@dataclass(frozen=True, slots=True)
class Made:
    """An IAM role that the mesh makes in one environment, whatever the environment is called on either side."""

    environment: PairOfNames
    role: str


Way = tuple[Made, ...]
"""Roles of which each may assume the next."""


@dataclass(frozen=True, slots=True)
class Comers:
    """Who may become the last role of a ``way`` by assuming the first one.

    ``said_by`` is the role whose trust policy says so: the first one, or another where the way itself is new.
    """

    way: Way
    trustees: frozenset[Trustee]
    said_by: Made

    @property
    def by_link(self) -> bool:
        """Whether they come since the way is new."""
        return self.said_by != self.way[0]


Arrivals = Mapping[Made, tuple[Comers, ...]]
"""For each role those who may become it on one side alone."""


class Trusts:
    """Whom the roles trust that one side of a review makes in its ``environments``, by what both sides call them."""

    def __init__(self, spec: Spec, environments: Mapping[PairOfNames, str]) -> None:
        self._trust: dict[Made, frozenset[Trustee]] = {}
        self._accounts: dict[PairOfNames, str] = {}
        self._arns: dict[str, Made] = {}
        for environment, name in environments.items():
            names = Names(find_environment(spec.mesh, name))
            self._accounts[environment] = names.environment.account
            for role in resolve_roles(spec, name, names).values():
                if role.made:
                    made = Made(environment, role.name)
                    self._arns[role.principals[0]] = made
                    self._trust[made] = trustees_of(role.role, name, names.account)
        self._named = {made: named for made in self._trust if (named := tuple(self._named_by(made)))}
        self._next: dict[Made, Mapping[Made, Made]] = {}

    def _named_by(self, role: Made) -> Iterator[Made]:
        """The roles of the mesh that a role trusts by name, in the order of their ARNs."""
        arns = sorted(one.name for one in self._trust[role] if isinstance(one.name, str) and one.name in self._arns)
        return (self._arns[arn] for arn in arns)

    def made(self, identity: str, environment: PairOfNames) -> Made | None:
        """The role that a reader of an environment is; None where the mesh makes no such role."""
        if ":" in identity:
            return self._arns.get(identity)
        made = Made(environment, identity)
        return made if made in self._trust else None

    def comers(self, role: Made) -> Iterator[Comers]:
        """All who may become ``role``: by assuming it, or another one on the way to it."""
        return (Comers(self._way(one, role), self._trust[one], one) for one in self._behind(role))

    def arrivals(self, before: Trusts) -> Arrivals:
        """For each role those of its comers who could not become it ``before``, if there are any."""
        found = {role: tuple(self._arrivals(role, before)) for role in self._trust if self._differs(role, before)}
        return {role: comers for role, comers in found.items() if comers}

    def _differs(self, role: Made, before: Trusts) -> bool:
        return role in self._named or self._trust[role] != before._trust.get(role)

    def _arrivals(self, role: Made, before: Trusts) -> Iterator[Comers]:
        had = before._behind(role)
        known: dict[PairOfNames, set[Trustee]] = {}
        for one in had:
            known.setdefault(one.environment, set()).update(before._trust[one])
        for one in self._behind(role):
            there, account = known.get(one.environment, set()), self._accounts[one.environment]
            new = frozenset(t for t in self._trust[one] - there if not is_let_in(t, there, account))
            if new:
                way = self._way(one, role)
                yield Comers(way, new, next((made for made in way if made in had), one))

    def by_identity(
        self, arrivals: Arrivals, environment: PairOfNames, before: Trusts
    ) -> Mapping[str, tuple[Comers, ...]]:
        """Arrivals by what the readers of an environment are identified by: its roles by name, others by ARN.

        A role of the environment that was not made ``before`` is a new reader by itself. One of another environment was
        its ARN all along.
        """
        arns = {made: arn for arn, made in self._arns.items()} if arrivals else {}
        return {
            role.role if role.environment == environment else arns[role]: comers
            for role, comers in arrivals.items()
            if role.environment != environment or role in before._trust
        }

    def _behind(self, role: Made) -> Collection[Made]:
        """The roles with which one may become ``role``: itself, whom it trusts by name, and so on."""
        return self._steps(role) if role in self._trust else ()

    def _steps(self, role: Made) -> Mapping[Made, Made]:
        """The roles behind ``role``, nearest first, each with the next one on a shortest way to it."""
        if role not in self._next:
            found = {role: role}
            waiting = [role]
            for one in waiting:  # grows meanwhile
                for other in self._named.get(one, ()):
                    if other not in found:
                        found[other] = one
                        waiting.append(other)
            self._next[role] = found
        return self._next[role]

    def _way(self, first: Made, last: Made) -> Way:
        steps, way = self._steps(last), [first]
        while way[-1] != last:
            way.append(steps[way[-1]])
        return tuple(way)
