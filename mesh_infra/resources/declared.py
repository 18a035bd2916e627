"""A Pulumi resource as a value: what the engine will receive, before any engine or SDK is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Ref:
    """An output of another declared resource, by its key: only what AWS alone knows, such as a key's ARN."""

    key: str
    output: str


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON document (a policy) that reaches AWS as text; may hold ``Ref`` anywhere inside."""

    document: Mapping[str, object]


Value = None | bool | int | str | Ref | Json | Sequence["Value"] | Mapping[str, "Value"]


@dataclass(frozen=True, slots=True)
class Options:
    """Pulumi's resource options, those that we use.

    ``depends_on`` holds keys of declared resources. ``ignore_changes``: inputs that count when the resource is made,
    and are not looked at again.
    """

    depends_on: tuple[str, ...] = ()
    protect: bool = False
    retain_on_delete: bool = False
    delete_before_replace: bool = False
    replace_on_changes: tuple[str, ...] = ()
    ignore_changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Declared:
    """One resource: its Pulumi type token, its name, its inputs in Pulumi's camelCase and its options.

    ``parent`` is the key of a component, or empty for a child of the stack. A component's token begins with ``mesh:``.
    """

    type: str
    name: str
    inputs: Mapping[str, Value]
    parent: str = ""
    options: Options = field(default_factory=Options)

    @property
    def key(self) -> str:
        """What ``Ref``, ``parent`` and ``depends_on`` call it: unique among the declared resources of a stack."""
        return f"{self.type}::{self.name}"

    @property
    def is_component(self) -> bool:
        """Whether it only groups others and reaches no provider."""
        return self.type.startswith("mesh:")
