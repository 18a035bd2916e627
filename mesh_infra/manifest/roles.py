"""The roles of a mesh in one environment: who they are on AWS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from mesh_infra.aws.policies import Account, OidcIdentity, Trusted
from mesh_infra.manifest.names import Names
from mesh_infra.manifest.origin import Origin
from mesh_infra.spec.model import OidcTrust, Role, Spec, Trust, producer_of
from mesh_infra.spec.source import Loc, Source

T = TypeVar("T")

_ACCOUNT_ID = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True)
class ResolvedRole:
    """A role with its principals' ARNs; ``made`` says that the one principal is an IAM role of ours."""

    name: str
    kind: Literal["consumer", "producer"]
    domain: str
    role: Role
    iam_role: str
    principals: tuple[str, ...]
    made: bool
    origin: Origin


def for_environment(values: Mapping[str, Sequence[T]], environment: str) -> Sequence[T]:
    """What is written for ``environment``, else what is written for all of them."""
    return values.get(environment, values.get("*", ()))


def resolve_roles(spec: Spec, environment: str, names: Names) -> dict[str, ResolvedRole]:
    """Every role of the mesh by name, in the order of names."""
    found = {name: (domain, role, origin) for name, domain, role, origin in _declared_roles(spec)}
    producers = {producer_of(domain.domain) for domain in spec.domains}
    resolved = {}
    for name, (domain, role, origin) in sorted(found.items()):
        iam_role = names.role(name)
        referenced = tuple(sorted(set(for_environment(role.principals, environment))))
        resolved[name] = ResolvedRole(
            name=name,
            kind="producer" if name in producers else "consumer",
            domain=domain,
            role=role,
            iam_role=iam_role,
            principals=referenced or (names.account.role(iam_role),),
            made=not referenced,
            origin=origin,
        )
    return resolved


def _declared_roles(spec: Spec) -> Iterator[tuple[str, str, Role, Origin]]:
    # The implicit roles of a domain come first, so that a declaration of the same name replaces them.
    yield from ((name, "", role, _origin(spec.mesh.source, ("roles", name))) for name, role in spec.mesh.roles.items())
    for domain in spec.domains:
        origin = _origin(domain.source, ("domain",))
        yield domain.domain, domain.domain, Role(description=f"Readers of the domain {domain.domain}"), origin
        yield (
            producer_of(domain.domain),
            domain.domain,
            Role(description=f"Writes the datasets of the domain {domain.domain}"),
            origin,
        )
        for name, role in domain.roles.items():
            yield name, domain.domain, role, _origin(domain.source, ("roles", name))


def _origin(source: Source, loc: Loc) -> Origin:
    return Origin(source.path, lambda: source.key(loc).line)


def trusted_by(role: Role, environment: str, account: Account) -> Trusted:
    """Whom the IAM role that we make trusts; without a word on it the account, which leaves the choice to IAM."""
    entries: Sequence[Trust] = for_environment(role.trust, environment) or (account.root,)
    aws, services, saml, oidc = set(), set(), set(), set()
    for entry in entries:
        if isinstance(entry, OidcTrust):
            oidc.add(OidcIdentity(entry.oidc, entry.subject, entry.audience))
        elif _ACCOUNT_ID.fullmatch(entry):
            aws.add(Account(entry, account.region).root)
        elif entry.endswith((".amazonaws.com", ".amazonaws.com.cn")):
            services.add(entry)
        elif ":saml-provider/" in entry:
            saml.add(entry)
        else:
            aws.add(entry)
    return Trusted(
        aws=tuple(sorted(aws)),
        services=tuple(sorted(services)),
        saml=tuple(sorted(saml)),
        oidc=tuple(sorted(oidc, key=lambda i: (i.provider_arn, i.subject, i.audience))),
    )


def principal_name(arn: str, account: Account, made: Mapping[str, str]) -> str:
    """What a principal is called in the names of its grants: the role where we make it, else the end of its ARN.

    It depends on the principal alone, so that other roles and entries come and go without renaming its grants.
    """
    if arn in made:
        return made[arn]
    owner, _, resource = arn.split(":", 4)[4].partition(":")
    return resource if owner == account.id else f"{owner}:{resource}"
