"""Who may become a role that the mesh makes: what its trust policy says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from mesh_infra.aws.policies import Account, OidcIdentity, Trusted
from mesh_infra.governance.principals import Principals
from mesh_infra.governance.rule import Context
from mesh_infra.governance.rules.public import PUBLIC_ROLE
from mesh_infra.manifest.roles import trusted_by
from mesh_infra.spec.model import Domain, Mesh, Role, Spec
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


def trustees_of(role: Role, environment: str, account: Account) -> frozenset[Trustee]:
    """Whom the IAM role of an environment trusts that is made for ``role``."""
    return frozenset(_trustees(trusted_by(role, environment, account)))


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


def is_let_in(new: Trustee, before: Collection[Trustee], account: str) -> bool:
    """Whether somebody could assume a role of ``account`` all along that trusted others ``before``.

    Whoever was let in by what the role trusted is nobody new:

    - somebody of another account that was trusted as a whole, whose IAM must let its own assume the role either way;
      but not somebody of the role's own account: trusting that leaves it to IAM, while one whom the trust policy names
      may assume the role without any policy of its own (STS API Reference, "AssumeRole"; IAM User Guide, "Cross-account
      policy evaluation logic");
    - identities of an OpenID Connect provider all of which a subject fitted that was trusted, for the same audience.
    """
    return any(_covers(old, new, account) for old in before)


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
