"""Rules on roles and domains: that they are used, and that one person is not two readers."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.governance.rule import Context, Level, Rule, Violation
from mesh_infra.spec.model import Contract, Domain, Mesh, Permission, producer_of
from mesh_infra.spec.problems import listed, quoted


def _unused(context: Context[Mesh | Domain]) -> Iterator[Violation]:
    subject = context.subject
    own = (subject.domain, producer_of(subject.domain)) if isinstance(subject, Domain) else ()
    producers = (producer_of(domain.domain) for domain in context.spec.domains)
    reading = {*context.spec.granted, *producers}
    for name in subject.roles:
        if name not in own and name not in reading and name not in context.principals.leading_to(reading):
            message = f"the role {quoted(name)} may read nothing: no contract names it"
            yield Violation(("roles", name), message, "remove it, or grant it a dataset", at_key=True)


def _only_reads(context: Context[Domain]) -> Iterator[Violation]:
    domain = context.subject.domain
    if domain in context.spec.publishing:
        return
    read = sorted({outline.id for outline in context.spec.outlines if domain in outline.roles})
    if read:
        message = f"the domain {quoted(domain)} has no dataset of its own, but its role reads {quoted(read[0])}"
        hint = "where it will have none, declare the role in mesh.yaml: a domain has a bucket, a key and a database"
        yield Violation(("domain",), message, hint)


def _two_readers(context: Context[Contract]) -> Iterator[Violation]:
    contract = context.subject
    if not contract.status.is_served:
        return
    clear = [entry.role for entry in contract.access_policy if entry.permission is Permission.READ]
    for index, entry in enumerate(contract.access_policy):
        if entry.permission is not Permission.READ_MASKED:
            continue
        for other in clear:
            shared = context.principals.shared(entry.role, other)
            if shared:
                both = " and ".join(f"{quoted(arn)} in {listed(where, last='and')}" for arn, where in shared.items())
                message = f"{quoted(entry.role)} is to read masked, but {quoted(other)} reads in clear: both are {both}"
                hint = "the wider grant counts: give the two roles principals of their own, or both 'read_masked'"
                yield Violation(("access_policy", index, "role"), message, hint)


UNUSED_ROLE: Rule[Mesh | Domain] = Rule(
    name="unused-role",
    subjects=(Mesh, Domain),
    check=_unused,
    summary="A declared role is granted something",
    rationale=(
        "A role becomes an IAM role and a workgroup, which people can be let into; one that reads nothing is a "
        "leftover, or waits for a grant that somebody forgot. A domain's own role and its producer are never counted, "
        "nor one that leads to another, which trusts it or is it, and reads something."
    ),
    example="# and no contract names it\nroles:\n  former_partner: {}\n",
    remedy="roles: {}\n",
    level=Level.WARNING,
    needs_all=True,
)

GRANT_UNUSED_DOMAIN: Rule[Domain] = Rule(
    name="grant-unused-domain",
    subjects=(Domain,),
    check=_only_reads,
    summary="A domain that others grant access to has datasets of its own",
    rationale=(
        "A domain is provisioned with a bucket, a key and a database, and a producer's role. One that only reads needs "
        "none of them: a role in mesh.yaml reads as well and costs nothing. For a domain that is about to publish its "
        "first dataset the warning goes away by itself."
    ),
    example="# domains/marketing.yaml, with nothing in contracts/marketing/, and in contracts/sales/orders.yaml:\n"
    "access_policy:\n  - role: marketing\n    permission: read_masked\n",
    remedy="# in mesh.yaml, instead of domains/marketing.yaml\nroles:\n  marketing: {}\n",
    level=Level.WARNING,
    needs_all=True,
)

SHARED_PRINCIPAL: Rule[Contract] = Rule(
    name="shared-principal",
    subjects=(Contract,),
    check=_two_readers,
    summary="Nobody is a masked reader and a reader in clear of one dataset at once",
    rationale=(
        "Roles may refer to existing principals, and two roles to the same one. Lake Formation adds permissions up "
        "and never takes any away, so that such a principal reads in clear what one of its roles hides (Lake Formation "
        "Developer Guide, 'Lake Formation permissions reference')."
    ),
    example=(
        "# where both roles have the principal arn:aws:iam::111122223333:role/analyst\n"
        "access_policy:\n  - role: crm\n    permission: read_masked\n  - role: fraud\n    permission: read\n"
    ),
    remedy="access_policy:\n  - role: crm\n    permission: read_masked\n  - role: fraud\n    permission: read_masked\n",
    level=Level.WARNING,
)
