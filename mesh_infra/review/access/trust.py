"""Who may become a role that the mesh makes: what its trust policy says, compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from mesh_infra.aws.policies import OidcIdentity, Trusted
from mesh_infra.governance.principals import Principals
from mesh_infra.governance.rule import Context
from mesh_infra.governance.rules.public import PUBLIC_ROLE
from mesh_infra.manifest.environments import find_environment
from mesh_infra.manifest.names import Names
from mesh_infra.manifest.roles import resolve_roles, trusted_by
from mesh_infra.spec.model import Domain, Mesh, Spec
from mesh_infra.spec.problems import quoted


@dataclass(frozen=True, slots=True)
class Trustee:
    """Somebody whom a role trusts: ``name`` is what the trust policy says, or all that it says of an OIDC identity.

    ``text`` says it in words, cut where it is long; ``account`` is whose it is, empty for a service of AWS.
    """

    name: str | OidcIdentity
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
            yield Trustee(arn, f"everybody whom IAM lets in the account {account}", "account", account)
        else:
            yield Trustee(arn, quoted(arn), "principal", account)
    for service in trusted.services:
        yield Trustee(service, quoted(service), "service", "")
    for arn in trusted.saml:
        yield Trustee(arn, f"identities of {quoted(arn)}", "federated", _account(arn))
    for identity in trusted.oidc:
        issuer = identity.provider_arn.partition(":oidc-provider/")[2]
        text = f"{quoted(identity.subject)} of {quoted(issuer)} with tokens for {quoted(identity.audience)}"
        yield Trustee(identity, text, "federated", _account(identity.provider_arn))


def added(before: Trust, after: Trust, account: str) -> Trust:
    """For each role that is made on both sides, whom it trusts in ``after`` and could not be assumed by in ``before``.

    ``account`` is that of the roles in ``after``. Whoever was let in by what the role trusted before is nobody new:

    - somebody of another account that was trusted as a whole, whose IAM must let its own assume the role either way;
      but not somebody of the role's own account: trusting that leaves it to IAM, while one whom the trust policy names
      may assume the role without any policy of its own (STS API Reference, "AssumeRole"; IAM User Guide, "Cross-account
      policy evaluation logic");
    - identities of an OpenID Connect provider all of which a subject fitted that was trusted, for the same audience.
    """
    found = {}
    for role in before.keys() & after.keys():
        new = after[role] - before[role]
        if new:
            found[role] = frozenset(t for t in new if not any(_covers(old, t, account) for old in before[role]))
    return {role: trustees for role, trustees in found.items() if trustees}


def _covers(old: Trustee, new: Trustee, account: str) -> bool:
    """Whether trusting ``old`` let in all of ``new``."""
    if isinstance(old.name, OidcIdentity) and isinstance(new.name, OidcIdentity):
        same = (old.name.provider_arn, old.name.audience) == (new.name.provider_arn, new.name.audience)
        return same and all_fit(new.name.subject, old.name.subject)
    return old.kind == "account" and new.kind == "principal" and old.account == new.account != account


def all_fit(narrow: str, wide: str) -> bool:
    """Whether everything that fits the one pattern certainly fits the other; False where that is not plain.

    The patterns are those of IAM's ``StringLike``: ``*`` stands for any text, ``?`` for one character, upper and lower
    case differ; ``${`` begins a policy variable, whose value nobody knows here (IAM User Guide, "IAM JSON policy
    elements: Condition operators" and "Variables and tags").
    """
    if narrow == wide:
        return True
    if "${" in narrow or "${" in wide:
        return False
    # A pattern fits another where it does so letter by letter: its ``*`` only an ``*``, its ``?`` also a ``?``. Each
    # piece between two ``*`` is best taken where it first fits, so no piece is tried twice.
    first, *others = (_piece(piece) for piece in wide.split("*"))
    if not others:
        return re.fullmatch(first, narrow, re.DOTALL) is not None
    *inner, last = others
    pattern = f"{first}{''.join(f'(?>.*?{piece})' for piece in inner)}.*{last}"
    return re.fullmatch(pattern, narrow, re.DOTALL) is not None


def _piece(text: str) -> str:
    return "".join("[^*]" if letter == "?" else re.escape(letter) for letter in text)


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
