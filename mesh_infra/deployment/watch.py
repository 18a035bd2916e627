"""What the engine's events say about a deployment: what it does now, what it changed, what went wrong."""

from __future__ import annotations

import re

from pulumi.automation.events import DiagnosticEvent, EngineEvent, OpType

from mesh_infra.deployment.model import Changes, Tell
from mesh_infra.manifest.stacks import Stack

_COLOUR = re.compile(r"<\{%[^%]*%\}>")
"""How the engine marks colours in the messages of its events."""

_STACK_TYPE = "pulumi:pulumi:Stack"

_SUMMARIES = ("update failed", "preview failed")
"""What the engine adds after every error."""


class Watch:
    """Takes the events of one command on one stack."""

    def __init__(self, stack: Stack, tell: Tell) -> None:
        self.changes = Changes()
        self.errors: list[str] = []
        self.stack = stack
        self._tell = tell
        self._begun = 0

    def __call__(self, event: EngineEvent) -> None:
        """Note what ``event`` says."""
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            lines = _lines(event.diagnostic_event)
            self.errors += [line for line in lines if line not in _SUMMARIES or not self.errors]
        if event.summary_event:
            counts = event.summary_event.resource_changes or {}
            self.changes = Changes.of({OpType(op).value: number for op, number in counts.items()})
        if event.resource_pre_event and event.resource_pre_event.metadata.op != OpType.SAME:
            step = event.resource_pre_event.metadata
            self._begun += 1
            self._tell(self.stack, f"{self._begun}: {OpType(step.op).value} {_short(step.urn)}")


def _lines(event: DiagnosticEvent) -> list[str]:
    text = _COLOUR.sub("", event.message).strip()
    if event.urn and _type(event.urn) != _STACK_TYPE:
        text = f"{_short(event.urn)}: {text}"
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _type(urn: str) -> str:
    """The type in a URN ``urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`` (Pulumi, "Resource names", "URNs")."""
    return urn.split("::", 3)[2].rpartition("$")[2]


def _short(urn: str) -> str:
    return f"{_type(urn).rpartition(':')[2]} {urn.split('::', 3)[3]}"
