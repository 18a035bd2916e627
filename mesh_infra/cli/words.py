"""Numbers and lists in plain English."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, assert_never

if TYPE_CHECKING:
    # `mesh --help` counts nothing, and need not wait for the manifest.
    from mesh_infra.manifest.model import Retention


def count(number: int, what: str) -> str:
    """``1 error``, ``2 errors``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def both(words: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``; ``nobody`` for none."""
    *others, last = tuple(words) or ("nobody",)
    return f"{', '.join(others)} and {last}" if others else last


def retention_in_words(retention: Retention | None) -> str:
    """What becomes of a dataset's files: for a table with a transaction log that is not what one expects."""
    if retention is None:
        return "none: files stay until their writer deletes them"
    days = count(retention.days, "day")
    match retention.applies_to:
        case "current":
            return f"{days} after it was written a file expires"
        case "noncurrent":
            return (
                f"{days} for noncurrent versions alone, which are files that were deleted or replaced: "
                "the data itself stays until its writer deletes it, because an age rule would break the table"
            )
        case never:
            assert_never(never)
