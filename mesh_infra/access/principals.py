"""Principals, and the virtual groups that stand for many."""

from __future__ import annotations

import re
from functools import lru_cache

from mesh_infra.aws.lakeformation import IAM_ALLOWED_PRINCIPALS, IAM_PRINCIPALS

_ACCOUNT = re.compile(r"\d{12}")


def is_group(principal: str) -> bool:
    """Whether it stands for everybody whom IAM lets in, or for everybody of one account."""
    return principal == IAM_ALLOWED_PRINCIPALS or principal.endswith(IAM_PRINCIPALS)


def covers(group: str, principal: str) -> bool:
    """Whether ``principal``, another one, belongs to ``group``.

    IAM_ALLOWED_PRINCIPALS counts for everyone: which principals IAM lets in is not evaluated.
    """
    if group == principal:
        return False
    if group == IAM_ALLOWED_PRINCIPALS:
        return True
    return group.endswith(IAM_PRINCIPALS) and group.removesuffix(IAM_PRINCIPALS) == _account_of(principal)


def narrower(one: str, other: str) -> str | None:
    """Who is both: the one that the other one covers; None where nobody is."""
    if one == other or covers(other, one):
        return one
    return other if covers(one, other) else None


@lru_cache(maxsize=65_536)
def passes_on(principal: str) -> bool:
    """Whether it is an account or an organisation, whose own administrators decide who of it reads.

    Lake Formation, "Cross-account data sharing".
    """
    return bool(_ACCOUNT.fullmatch(principal)) or principal.split(":")[2:3] == ["organizations"]


@lru_cache(maxsize=65_536)
def _account_of(principal: str) -> str:
    if _ACCOUNT.fullmatch(principal):
        return principal
    parts = principal.split(":", 5)
    return parts[4] if len(parts) == 6 else ""
