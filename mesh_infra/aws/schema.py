"""The shape of an AWS resource as pulumi-aws takes it: its inputs, which of them replace it, and its outputs.

One language for all resource types: the local provider checks against it, reviews read from it what replaces,
and tests hold it against pulumi_aws, botocore and CloudFormation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["string", "bool", "int", "map", "list", "set", "object"]
"""``map`` is string to string; ``set`` is a list whose order means nothing; ``object`` has ``fields``."""


@dataclass(frozen=True, slots=True)
class Prop:
    """One input.

    ``item`` is what a list or set holds, ``fields`` what an object holds; ``exactly_one_of`` are groups of its fields
    of which exactly one is given. ``replaces``: a change makes a new resource (of this value, or anywhere below it);
    ``replaces_as_whole``: only its coming or going does, or that of an element; for a change inside it its fields say.
    ``computed``: AWS fills it in where it is not given, so its absence is no change. ``default``: what the provider
    takes it for where it is not given. ``values``: the only strings that the provider takes; empty = any.
    """

    kind: Kind
    required: bool = False
    replaces: bool = False
    replaces_as_whole: bool = False
    computed: bool = False
    default: bool | int | str | None = None
    values: tuple[str, ...] = ()
    item: Prop | None = None
    fields: Mapping[str, Prop] = field(default_factory=dict)
    exactly_one_of: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceSchema:
    """A resource type: its Pulumi token, its inputs and the further outputs that AWS adds (all in Pulumi's camelCase).

    ``exactly_one_of``: groups of inputs of which exactly one is given.
    ``holds_data``: deleting or replacing it loses data.
    """

    token: str
    inputs: Mapping[str, Prop]
    outputs: tuple[str, ...] = ()
    exactly_one_of: tuple[tuple[str, ...], ...] = ()
    holds_data: bool = False
