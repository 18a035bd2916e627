"""Lists in pages, as AWS gives them out: MaxResults and NextToken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from moto.lakeformation.exceptions import InvalidInput

Entry = TypeVar("Entry")
_LARGEST = 1000
"""Lake Formation API reference, MaxResults: 1 to 1,000."""


def page(entries: Sequence[Entry], parameters: Mapping[str, Any]) -> tuple[list[Entry], dict[str, str]]:
    """The page that ``parameters`` ask for, and what an answer says of the next one (nothing after the last).

    Raises ``InvalidInput`` for a page size or a token that is none.
    """
    size = parameters.get("MaxResults", _LARGEST)
    if not isinstance(size, int) or not 1 <= size <= _LARGEST:
        raise InvalidInput(f"MaxResults must be between 1 and {_LARGEST}")
    token = parameters.get("NextToken") or "0"
    if not str(token).isdecimal():
        raise InvalidInput("Invalid NextToken")
    start = int(token)
    end = start + size
    return list(entries[start:end]), {"NextToken": str(end)} if end < len(entries) else {}
