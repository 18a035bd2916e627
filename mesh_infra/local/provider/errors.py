"""What the provider reports to the engine in place of a result.

ProviderError             what was tried and why it failed, in words
└── IncompleteError       the resource was made, but not completely: the engine keeps it and tries to mend it
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ProviderError(Exception):
    """A call failed; its text goes to the user as it stands."""


class IncompleteError(ProviderError):
    """A resource exists, with this id and these inputs and outputs, but a later step of its creation failed."""

    def __init__(self, reason: str, id_: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> None:
        super().__init__(reason)
        self.id = id_
        self.inputs = inputs
        self.outputs = outputs
