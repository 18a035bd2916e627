"""The rule on producers that read masked."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.governance.rule import Context, Rule, Violation
from mesh_infra.spec.model import Contract, Permission, Status, producer_of
from mesh_infra.spec.problems import listed, quoted

_HINT = "remove the entry, or write the data as somebody else: producers see what they write"


def _check(context: Context[Contract]) -> Iterator[Violation]:
    contract = context.subject
    if contract.status is Status.RETIRED:
        return
    producer = producer_of(contract.domain)
    for index, entry in enumerate(contract.access_policy):
        if entry.permission is not Permission.READ_MASKED:
            continue
        shared = context.principals.shared(entry.role, producer)
        if shared:
            both = " and ".join(f"{quoted(arn)} in {listed(where, last='and')}" for arn, where in shared.items())
            message = f"{quoted(entry.role)} cannot read masked what {quoted(producer)} writes: both are {both}"
            yield Violation(("access_policy", index, "role"), message, _HINT)


PRODUCER_MASKED: Rule[Contract] = Rule(
    name="producer-masked",
    subjects=(Contract,),
    check=_check,
    summary="Whoever writes a dataset does not read it masked",
    rationale=(
        "Lake Formation refuses to give one principal both the permissions to write a table and a part of its columns: "
        "writing takes permissions on the whole table (Lake Formation Developer Guide, 'Lake Formation permissions "
        "reference'). Two roles with the same principal are one principal."
    ),
    example="access_policy: # in the domain sales\n  - role: sales_producer\n    permission: read_masked\n",
    remedy="access_policy:\n  - role: marketing\n    permission: read_masked\n",
    fixed="Lake Formation refuses such grants",
)
