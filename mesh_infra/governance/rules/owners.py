"""The rule on owners."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mesh_infra.governance.rule import Context, Order, Problem, Rule, Setting, SettingError, Violation
from mesh_infra.governance.values import words
from mesh_infra.spec.model import Contract, Domain
from mesh_infra.spec.problems import listed, quoted

LONGEST_ADDRESS = 254
"""RFC 5321, section 4.5.3.1.3: a path of 256 octets less its angle brackets."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}", re.IGNORECASE)
_LOCAL_PART = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}")


def _check(context: Context[Domain | Contract]) -> Iterator[Violation]:
    owner = context.subject.owner
    local, _, domain = owner.rpartition("@")
    allowed = context.words("domains")
    if len(owner) > LONGEST_ADDRESS or not _LOCAL_PART.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        example = f"team@{allowed[0] if allowed else 'company.com'}"
        message = f"the owner {quoted(owner)} is not an e-mail address"
        yield Violation(("owner",), message, f"write where the owners can be reached, such as {quoted(example)}")
    elif allowed and domain.lower() not in allowed:
        message = f"the owner {quoted(owner)} is no address of the organisation"
        yield Violation(("owner",), message, f"use one at {listed(allowed)}")


def _domain_of_addresses(text: str) -> str:
    if not _DOMAIN.fullmatch(text):
        hint = f"write {quoted(text.rpartition('@')[2])}" if "@" in text else "write one such as 'company.com'"
        raise SettingError(Problem(f"holds {quoted(text)}, which is no domain of e-mail addresses", hint))
    return text.lower()


OWNER_CONTACT: Rule[Domain | Contract] = Rule(
    name="owner-contact",
    subjects=(Domain, Contract),
    check=_check,
    summary="The owner of a domain or a dataset is an e-mail address",
    rationale=(
        "Whoever meets wrong data, wants access or plans a change must be able to write to somebody. An address of a "
        "team outlives the people in it. The setting 'domains' names the domains that addresses may have; without it "
        "every one is fine."
    ),
    example="owner: Team Checkout\n",
    remedy="owner: team-checkout@company.com\n",
    settings=(Setting("domains", "the domains that addresses may have", Order.SUBSET, words(_domain_of_addresses)),),
)
