"""Which IAM principals there are, and which of them a policy names that there are not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from moto.iam.models import iam_backends

_PRINCIPAL = re.compile(r"arn:(?P<partition>[a-z-]+):iam::(?P<account>\d{12}):(?P<kind>role|user)/.+")


def is_missing(arn: str, account: str) -> bool:
    """Whether ``arn`` is that of an IAM role or user of ``account`` which does not exist.

    Of other accounts nothing can be known, so that theirs are never missing.
    """
    match = _PRINCIPAL.fullmatch(arn)
    if match is None or match["account"] != account:
        return False
    iam = iam_backends[account][match["partition"]]
    there = iam.get_roles() if match["kind"] == "role" else iam.users.values()
    return all(principal.arn != arn for principal in there)


def missing_from_account(policy: str | bytes | None, account: str) -> list[str]:
    """The IAM roles and users of ``account`` that a policy document names and that do not exist.

    AWS resolves a policy's principals when the policy is put, and refuses it where one is not there (IAM User Guide,
    "AWS JSON policy elements: Principal").
    """
    return [arn for arn in _principals(policy) if is_missing(arn, account)]


def _principals(policy: str | bytes | None) -> Iterator[str]:
    for statement in statements(policy):
        for element in ("Principal", "NotPrincipal"):
            named = statement.get(element)
            yield from as_list(named.get("AWS") if isinstance(named, dict) else named)


def statements(policy: str | bytes | None) -> list[dict[str, Any]]:
    """The statements of a policy document; none where it is not one (whoever takes it says so)."""
    try:
        document = json.loads(policy or "{}")
    except ValueError:
        return []
    if not isinstance(document, dict):
        return []
    return [statement for statement in as_list(document.get("Statement")) if isinstance(statement, dict)]


def as_list(value: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    """A policy's element as a list: one value may stand without brackets."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
