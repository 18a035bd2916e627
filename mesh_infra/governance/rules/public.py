"""The rule on roles that let everybody in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from mesh_infra.governance.rule import Context, Rule, Violation
from mesh_infra.spec.model import Domain, Environment, Mesh, OidcTrust, Role, Trust
from mesh_infra.spec.problems import quoted
from mesh_infra.spec.source import Loc

_GROUPS = ("iamallowedprincipals", "iamprincipals")
"""Lake Formation's virtual groups without underscores: whom IAM lets in, and (``account:IAMPrincipals``) all it has."""

_WILDCARD = re.compile(r"[*?]")
_SHARED_ISSUERS = ("app.terraform.io", "gitlab.com", "token.actions.githubusercontent.com")
_NAMED_ORGANIZATION = re.compile(r"[^:]+:[^:/]+[:/]")
"""How a subject of a shared issuer begins: ``repo:acme/``, ``project_path:acme/``, ``organization:acme:``."""

_NAME_THEM = "name those that you mean"


def _check(context: Context[Mesh | Domain]) -> Iterator[Violation]:
    for name, role in context.subject.roles.items():
        yield from _of_role(name, role)
    if isinstance(context.subject, Mesh):
        for name, environment in context.subject.environments.items():
            yield from _of_environment(name, environment)


def _of_role(name: str, role: Role) -> Iterator[Violation]:
    for trusted, loc in _entries(role.trust, ("roles", name, "trust")):
        who = _everybody(trusted)
        if who:
            yield Violation(loc, f"the role {quoted(name)} trusts {who[0]}", who[1])
    for principal, loc in _entries(role.principals, ("roles", name, "principals")):
        who = _everybody(principal)
        if who:
            yield Violation(loc, f"the role {quoted(name)} is {who[0]}", who[1])


def _of_environment(name: str, environment: Environment) -> Iterator[Violation]:
    named = {"lake_formation_admins": environment.lake_formation_admins, "break_glass": environment.break_glass}
    places: list[tuple[str, str, Loc]] = [(environment.deployer, "deployer", ("environments", name, "deployer"))]
    places += [
        (principal, key, ("environments", name, key, index))
        for key, principals in named.items()
        for index, principal in enumerate(principals)
    ]
    for principal, key, loc in places:
        who = _everybody(principal)
        if who:
            yield Violation(loc, f"{quoted(key)} of {quoted(name)} names {who[0]}", who[1])


def _entries(values: Mapping[str, Sequence[Trust]], loc: Loc) -> Iterator[tuple[Trust, Loc]]:
    """Each entry with its place: what holds for all environments is written as a plain list."""
    for environment, entries in values.items():
        place = loc if environment == "*" else (*loc, environment)
        for index, entry in enumerate(entries):
            yield entry, (*place, index)


def _everybody(trust: Trust) -> tuple[str, str] | None:
    """Whom ``trust`` lets in if that is everybody, and the remedy; None where it names somebody."""
    if isinstance(trust, OidcTrust):
        return _everybody_at(trust)
    if trust == "*":
        return "'*', which is everybody", _NAME_THEM
    if trust.rpartition(":")[2].replace("_", "").lower() in _GROUPS:
        return f"{quoted(trust)}, which is everybody whom IAM lets in", _NAME_THEM
    if ":oidc-provider/" in trust:
        return f"everybody at {quoted(trust)}", "write {oidc: …, subject: …} and say whose subject it is"
    return (f"everybody who fits {quoted(trust)}", _NAME_THEM) if _WILDCARD.search(trust) else None


def _everybody_at(trust: OidcTrust) -> tuple[str, str] | None:
    issuer = trust.oidc.partition(":oidc-provider/")[2]
    if _WILDCARD.search(trust.oidc):
        return f"every identity provider that fits {quoted(trust.oidc)}", _NAME_THEM
    if _is_anybody(trust.subject, issuer):
        who = f"everybody at {quoted(issuer or trust.oidc)} whose subject fits {quoted(trust.subject)}"
        return who, "say whose subject it is, such as 'repo:acme/mesh:*'"
    return None


def _is_anybody(subject: str, issuer: str) -> bool:
    if not subject.strip("*?:/ "):
        return True
    fixed = _WILDCARD.split(subject, maxsplit=1)[0]
    return fixed != subject and issuer in _SHARED_ISSUERS and not _NAMED_ORGANIZATION.match(fixed)


PUBLIC_ROLE: Rule[Mesh | Domain] = Rule(
    name="public-role",
    subjects=(Mesh, Domain),
    check=_check,
    summary="No role, admin or deployer is everybody",
    rationale=(
        "A role that everybody can assume makes all that is granted to it public. Some issuers of identities serve "
        "many organisations, GitHub and GitLab among them: a subject must say which one (IAM User Guide, "
        "'Identity-provider controls for shared OIDC providers'). A grant to IAM_ALLOWED_PRINCIPALS switches Lake "
        "Formation off for its table (Lake Formation Developer Guide, 'Changing the default settings for your data "
        "lake')."
    ),
    example=(
        "roles:\n  deployer:\n    trust:\n"
        "      - oidc: arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com\n"
        '        subject: "repo:*"\n'
    ),
    remedy=(
        "roles:\n  deployer:\n    trust:\n"
        "      - oidc: arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com\n"
        '        subject: "repo:acme/mesh:ref:refs/heads/main"\n'
    ),
)
