"""Who may become a role that the mesh makes: what its trust policy says, compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from mesh_infra.aws.policies import Trusted
from mesh_infra.governance.principals import Principals
from mesh_infra.governance.rule import Context
from mesh_infra.governance.rules.public import PUBLIC_ROLE
from mesh_infra.manifest.environments import find_environment
from mesh_infra.manifest.names import Names
from mesh_infra.manifest.roles import resolve_roles, trusted_by
from mesh_infra.spec.model import Domain, Mesh, Spec
from mesh_infra.spec.problems import quoted


@dataclass(frozen=True, slots=True, order=True)
class Trustee:
    """Somebody whom a role trusts, in words; ``account`` is whose it is, empty for a service of AWS."""

    text: str
    kind: Literal["account", "principal", "federated", "service"]
    account: str


Trust = Mapping[str, frozenset[Trustee]]
"""For each role that is made, whom it trusts."""


def trust_of(spec: Spec, environment: str) -> Trust:
    """Whom the roles of an environment trust; raises ``UsageError`` where there is no such environment."""
    names = Names(find_environment(spec.mesh, environment))
    return {
        role.name: frozenset(_trustees(trusted_by(role.role, environment, names.account)))
        for role in resolve_roles(spec, environment, names).values()
        if role.made
    }


def _trustees(trusted: Trusted) -> Iterator[Trustee]:
    for arn in trusted.aws:
        account = _account(arn)
        if arn.endswith(":root"):
            yield Trustee(f"everybody whom IAM lets in the account {account}", "account", account)
        else:
            yield Trustee(quoted(arn), "principal", account)
    for service in trusted.services:
        yield Trustee(quoted(service), "service", "")
    for arn in trusted.saml:
        yield Trustee(f"identities of {quoted(arn)}", "federated", _account(arn))
    for identity in trusted.oidc:
        issuer = identity.provider_arn.partition(":oidc-provider/")[2]
        text = f"{quoted(identity.subject)} of {quoted(issuer)}"
        yield Trustee(text, "federated", _account(identity.provider_arn))


def added(before: Trust, after: Trust) -> Trust:
    """For each role that is made on both sides, whom it trusts in ``after`` and did not in ``before``.

    Where a role trusted a whole account before, whose IAM decides who that is, naming some of that account adds nobody.
    """
    found = {}
    for role in before.keys() & after.keys():
        accounts = {trustee.account for trustee in before[role] if trustee.kind == "account"}
        new = after[role] - before[role]
        found[role] = frozenset(t for t in new if t.kind != "principal" or t.account not in accounts)
    return {role: trustees for role, trustees in found.items() if trustees}


def public_roles(spec: Spec) -> frozenset[str]:
    """The roles that let everybody in, however the rule against that is set."""
    principals = Principals(spec)
    subjects: tuple[Mesh | Domain, ...] = (spec.mesh, *spec.domains)
    return frozenset(
        str(violation.loc[1])
        for subject in subjects
        for violation in PUBLIC_ROLE.check(Context(subject, spec, {}, principals))
        if violation.loc[0] == "roles"
    )


def _account(arn: str) -> str:
    return arn.split(":")[4]
