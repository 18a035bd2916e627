"""What only shows on composed names and resolved roles: too long for AWS, two things of one name, grants to admins."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import chain

from mesh_infra.aws import names as aws_names
from mesh_infra.aws.names import NameRule
from mesh_infra.aws.policies import KeyArn, producer_data_policy
from mesh_infra.findings import Finding, Severity
from mesh_infra.manifest.environments import environment_names, find_environment
from mesh_infra.manifest.names import Names
from mesh_infra.manifest.origin import Origin
from mesh_infra.manifest.roles import ResolvedRole, resolve_roles, trusted_by
from mesh_infra.spec.model import Contract, Domain, Spec, Status, producer_of

LONGEST_INLINE_POLICIES = 10_240
"""IAM, "IAM and AWS STS quotas": all inline policies of a role together, without white space."""


@dataclass(frozen=True, slots=True)
class _Name:
    """A composed name: what it is for, in words, and the line that asks for it."""

    rule: NameRule
    account: str
    value: str
    what: str
    origin: Origin


def check_names(spec: Spec) -> tuple[Finding, ...]:
    """Findings on the names and roles of every environment, the local one included."""
    by_domain: dict[str, list[Contract]] = {}
    for contract in spec.contracts:
        by_domain.setdefault(contract.domain, []).append(contract)
    sizes = Sizes(spec)
    found = (sizes.check(domain, by_domain.get(domain.domain, ())) for domain in spec.domains)
    return (*check_organisation(spec), *chain.from_iterable(found))


def check_organisation(spec: Spec) -> tuple[Finding, ...]:
    """Those of ``check_names`` that no contract has a part in."""
    findings: list[Finding] = []
    taken: dict[tuple[str, str, str], _Name] = {}
    for environment in environment_names(spec.mesh):
        names = Names(find_environment(spec.mesh, environment))
        roles = resolve_roles(spec, environment, names)
        for name in _composed(spec, names, roles):
            findings.extend(_name_problems(name, environment, taken))
        findings.extend(_granted_admins(environment, names, roles))
        findings.extend(_trust_in_circles(environment, names, roles))
    return tuple(findings)


def _composed(spec: Spec, names: Names, roles: dict[str, ResolvedRole]) -> Iterator[_Name]:
    account = names.environment.account
    mesh = Origin(spec.mesh.source.path, 1)
    yield _Name(aws_names.BUCKET, account, names.results_bucket(), "the bucket of query results", mesh)
    for role in roles.values():
        if role.made:
            yield _Name(aws_names.ROLE, account, role.iam_role, f"the role '{role.name}'", role.origin)
        if role.kind == "consumer":
            yield _Name(aws_names.WORKGROUP, account, role.iam_role, f"the role '{role.name}'", role.origin)
    for domain in spec.domains:
        origin, what = _origin(domain), f"the domain '{domain.domain}'"
        registration = names.registration_role(domain.domain)
        yield _Name(aws_names.BUCKET, account, names.bucket(domain.domain), what, origin)
        yield _Name(aws_names.DATABASE, account, names.database(domain.domain), what, origin)
        yield _Name(aws_names.KEY_ALIAS, account, names.key_alias(domain.domain), what, origin)
        yield _Name(aws_names.ROLE, account, registration, f"{what} (its role for Lake Formation)", origin)


def _origin(domain: Domain) -> Origin:
    return Origin(domain.source.path, lambda: domain.source.value(("domain",)).line)


def _name_problems(name: _Name, environment: str, taken: dict[tuple[str, str, str], _Name]) -> Iterator[Finding]:
    problem = name.rule.problem(name.value)
    if problem:
        yield _finding("name-length", name.origin, f"{problem} (environment '{environment}')", "choose a shorter name")
    first = taken.setdefault((name.rule.kind, name.account, name.value), name)
    if first is not name:
        yield _finding(
            "name-taken",
            name.origin,
            f"{name.what} and {first.what} ({first.origin.path}:{first.origin.line}) would both have the "
            f"{name.rule.kind} '{name.value}' (environment '{environment}')",
            "rename one of them, or give one environment another prefix",
        )


def _granted_admins(environment: str, names: Names, roles: dict[str, ResolvedRole]) -> Iterator[Finding]:
    # Lake Formation, "Implicit permissions": administrators hold everything anyway, and a grant to one never looks as
    # it was written, so that every preview would change it.
    admins = {names.environment.deployer, *names.environment.lake_formation_admins}
    for role in roles.values():
        for principal in sorted(admins.intersection(role.principals)):
            yield _finding(
                "admin-principal",
                role.origin,
                f"the role '{role.name}' is '{principal}', a Lake Formation administrator of '{environment}' "
                "that reads everything anyway",
                "give the role a principal of its own",
            )


def _trust_in_circles(environment: str, names: Names, roles: dict[str, ResolvedRole]) -> Iterator[Finding]:
    # IAM refuses a trust policy that names a role which is not there, so one of them would have to be first.
    made = {role.principals[0]: role.name for role in roles.values() if role.made}
    trusts = {
        role.name: [
            made[arn]
            for arn in trusted_by(role.role, environment, names.account).aws
            if arn in made and made[arn] != role.name
        ]
        for role in roles.values()
        if role.made
    }
    try:
        TopologicalSorter(trusts).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        yield _finding(
            "trust-circle",
            roles[circle[0]].origin,
            f"the roles {', '.join(repr(name) for name in sorted(set(circle)))} trust each other in a circle "
            f"(environment '{environment}')",
            "IAM must make one of them first: take one trust away",
        )


class Sizes:
    """Whether domains fit into their producers' policies: those of ``check_names`` that hang on contracts."""

    def __init__(self, spec: Spec) -> None:
        self._environments: list[tuple[str, Names, Mapping[str, ResolvedRole]]] = []
        for environment in environment_names(spec.mesh):
            names = Names(find_environment(spec.mesh, environment))
            self._environments.append((environment, names, resolve_roles(spec, environment, names)))

    def check(self, domain: Domain, contracts: Iterable[Contract]) -> Iterator[Finding]:
        """The findings on a domain, whose contracts these are."""
        written = [contract for contract in contracts if contract.status is not Status.RETIRED]
        for environment, names, roles in self._environments:
            if written and roles[producer_of(domain.domain)].made:
                yield from _producer_policy(domain, written, environment, names)


def _producer_policy(
    domain: Domain, contracts: Sequence[Contract], environment: str, names: Names
) -> Iterator[Finding]:
    prefixes = [names.prefix(contract) for contract in contracts]
    key = KeyArn(names.key_alias(domain.domain))
    document = producer_data_policy(names.account, names.bucket(domain.domain), prefixes, key)
    # The ARN of a key has 75 characters or so; the policy of the role for the catalogue about 1,000.
    size = len(json.dumps(document, separators=(",", ":"), default=lambda _: "x" * 80)) + 1_200
    if size > LONGEST_INLINE_POLICIES:
        yield _finding(
            "domain-size",
            _origin(domain),
            f"the domain '{domain.domain}' has {len(contracts)} datasets: the policy of its producer would have "
            f"about {size} characters, IAM takes {LONGEST_INLINE_POLICIES} (environment '{environment}')",
            "split the domain, or name an existing role under 'principals' of its producer",
        )


def _finding(rule: str, origin: Origin, message: str, hint: str) -> Finding:
    return Finding(rule, Severity.ERROR, origin.path, origin.line, 1, message, hint)
