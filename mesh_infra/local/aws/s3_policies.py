"""When a bucket policy is public.

Source: S3 user guide, "Blocking public access to your Amazon S3 storage", The meaning of "public": a policy is public
unless every statement that allows something names fixed principals, or is held to fixed values of certain keys.
"""

from __future__ import annotations

import re
from typing import Any

from mesh_infra.local.aws.principals import as_list, statements

_KEYS = frozenset(
    (
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    )
)
_OPERATORS = re.compile(r"(ForAnyValue:)?(String(Equals|Like)(IgnoreCase)?|Arn(Equals|Like)|IpAddress)", re.IGNORECASE)
_ACCOUNT = re.compile(r"arn:[^:*?]+:[^:*?]*:[^:]*:\d{12}:.*")


def is_public(policy: str | bytes) -> bool:
    """Whether any statement of the policy lets in whoever it may be."""
    return any(_lets_everybody_in(statement) for statement in statements(policy))


def _lets_everybody_in(statement: dict[str, Any]) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    return _names_everybody(statement) and not _is_held(statement.get("Condition") or {})


def _names_everybody(statement: dict[str, Any]) -> bool:
    if "NotPrincipal" in statement:
        return True
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    return "*" in as_list(named)


def _is_held(condition: dict[str, Any]) -> bool:
    return any(
        _OPERATORS.fullmatch(operator) is not None
        and key.lower() in _KEYS
        and all(_is_fixed(key.lower(), str(value)) for value in as_list(values))
        for operator, keys in condition.items()
        for key, values in keys.items()
    )


def _is_fixed(key: str, value: str) -> bool:
    """ARNs may have wildcards where they say the account; addresses may be a range, but not every address."""
    if key.endswith("arn"):
        return _ACCOUNT.fullmatch(value) is not None
    if key == "aws:sourceip":
        return not value.endswith("/0")
    return "*" not in value and "?" not in value
