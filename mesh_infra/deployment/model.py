"""What becomes of a stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mesh_infra.manifest.stacks import Stack


class Operation(StrEnum):
    """What is done to each stack; the value is the Pulumi command of that name."""

    UP = "up"
    PREVIEW = "preview"


class Result(StrEnum):
    """How it ended."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Changes:
    """Numbers of resources, as Pulumi counts them: its stack, provider and components are among them."""

    created: int = 0
    updated: int = 0
    replaced: int = 0
    deleted: int = 0
    unchanged: int = 0

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Changes:
        """From the ``resourceChanges`` of the engine's summary.

        Only its logical steps are in there: a replacement counts once (pulumi, ``sdk/go/common/apitype/events.go``).
        """
        return cls(
            created=counts.get("create", 0) + counts.get("import", 0),
            updated=counts.get("update", 0),
            replaced=counts.get("replace", 0),
            deleted=counts.get("delete", 0),
            unchanged=counts.get("same", 0),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one stack ended. ``error``: why it failed or was skipped, a line each. ``log``: where Pulumi's output is."""

    stack: Stack
    result: Result
    changes: Changes = field(default_factory=Changes)
    seconds: float = 0.0
    error: tuple[str, ...] = ()
    log: str = ""


Tell = Callable[[Stack, str], None]
"""Is told in a few words what happens to a stack now; called from several threads."""


Runner = Callable[[Stack, Tell], Outcome]
"""Does what is to be done to one stack; called from several threads. A failure is an outcome, not an exception."""
