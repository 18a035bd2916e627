"""Rules on how personal data is kept and read, and on saying of every column whether it is personal."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.governance.rule import Context, Level, Order, Rule, Setting, Violation
from mesh_infra.governance.values import named, words
from mesh_infra.spec.model import Column, Contract, Permission
from mesh_infra.spec.names import role_name
from mesh_infra.spec.problems import listed, quoted
from mesh_infra.spec.source import Loc

_SHOWN = 3


def _personal(contract: Contract) -> tuple[str, ...]:
    """The columns that are personal data, or hold some."""
    return tuple(c.name for c in contract.columns if any(part.pii for _, part in c.walk()))


def _called(names: tuple[str, ...]) -> str:
    if len(names) <= _SHOWN:
        return listed(names, last="and")
    return f"{', '.join(map(quoted, names[:_SHOWN]))} and {len(names) - _SHOWN} more"


def _kept_for_ever(context: Context[Contract]) -> Iterator[Violation]:
    contract = context.subject
    personal = _personal(contract)
    if personal and contract.retention_days is None:
        message = f"the dataset {quoted(contract.dataset)} keeps personal data ({_called(personal)}) without a limit"
        yield Violation(("dataset",), message, "add 'retention_days'")


def _read_in_clear(context: Context[Contract]) -> Iterator[Violation]:
    contract, allowed = context.subject, context.words("allowed")
    personal = _personal(contract)
    if not allowed or not personal or not contract.status.is_served:
        return
    for index, entry in enumerate(contract.access_policy):
        if entry.permission is Permission.READ and entry.role not in allowed:
            message = f"{quoted(entry.role)} reads personal data in clear: {_called(personal)}"
            hint = f"give 'read_masked'; in clear it is for {listed(allowed, last='and')}"
            yield Violation(("access_policy", index, "role"), message, hint)


def _not_explicit(context: Context[Contract]) -> Iterator[Violation]:
    for index, column in enumerate(context.subject.columns):
        yield from _unsaid(column, ("schema", index), column.name)


def _unsaid(column: Column, loc: Loc, name: str) -> Iterator[Violation]:
    if column.pii:
        return
    parts = [(("items",), column.items), (("key",), column.key), (("value",), column.value)]
    inside = [((*loc, "fields", i), field, f"{name}.{field.name}") for i, field in enumerate(column.fields)]
    inside += [((*loc, *place), part, name) for place, part in parts if part is not None]
    if column.pii is None and not inside:
        place = (*loc, "name") if isinstance(loc[-1], int) else loc
        yield Violation(place, f"{quoted(name)} does not say whether it is personal data", "add 'pii: true' or 'false'")
    for place, part, called in inside:
        yield from _unsaid(part, place, called)


RETENTION_REQUIRED: Rule[Contract] = Rule(
    name="retention-required",
    subjects=(Contract,),
    check=_kept_for_ever,
    summary="Datasets with personal data say how long it is kept",
    rationale=(
        "Personal data is kept no longer than its purpose needs (GDPR, article 5(1)(e)). 'retention_days' becomes a "
        "lifecycle rule of the bucket, so that it is kept without anybody thinking of it. For delta and iceberg an age "
        "rule would delete files in use: there it clears old versions only, and the writer deletes the rows."
    ),
    example="schema:\n  - name: user_email\n    type: string\n    pii: true\n",
    remedy="retention_days: 730\nschema:\n  - name: user_email\n    type: string\n    pii: true\n",
    level=Level.WARNING,
)

PII_READ: Rule[Contract] = Rule(
    name="pii-read",
    subjects=(Contract,),
    check=_read_in_clear,
    summary="Personal data in clear is read by the roles that the organisation allows",
    rationale=(
        "Most questions are answered without knowing who the people are. The setting 'allowed' lists the roles that "
        "may read personal data in clear; every other one reads masked. Without the setting every role may. What a "
        "classification hides is not counted: it need not be about people. Producers see what they write."
    ),
    example=(
        "# with governance: {pii-read: {allowed: [support]}}\n"
        "schema:\n  - name: order_id\n    type: string\n  - name: user_email\n    type: string\n    pii: true\n"
        "access_policy:\n  - role: marketing\n    permission: read\n"
    ),
    remedy=(
        "schema:\n  - name: order_id\n    type: string\n  - name: user_email\n    type: string\n    pii: true\n"
        "access_policy:\n  - role: marketing\n    permission: read_masked\n"
    ),
    level=Level.WARNING,
    settings=(
        Setting(
            "allowed",
            "the roles that may read personal data in clear",
            Order.SUBSET,
            words(named(role_name, "role")),
            names_roles=True,
        ),
    ),
)

PII_EXPLICIT: Rule[Contract] = Rule(
    name="pii-explicit",
    subjects=(Contract,),
    check=_not_explicit,
    summary="Every column says whether it is personal data",
    rationale=(
        "Where 'pii' has to be written at every column, somebody has thought about every column: names alone betray "
        "only what is named after what it is. 'pii: true' at a column speaks for the fields inside it; 'pii: false' "
        "does not. Off unless it is switched on."
    ),
    example="schema:\n  - name: reference\n    type: string\n",
    remedy="schema:\n  - name: reference\n    type: string\n    pii: false\n",
    level=Level.OFF,
)
