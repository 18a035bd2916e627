"""Short constructors for inputs, so that a resource's table reads like a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict, Unpack

from mesh_infra.aws.schema import Prop


class Traits(TypedDict, total=False):
    """What may be said of any input; see ``Prop``."""

    required: bool
    replaces: bool
    replaces_as_whole: bool
    computed: bool


def text(*, default: str | None = None, values: tuple[str, ...] = (), **traits: Unpack[Traits]) -> Prop:
    """A string, or one of ``values``."""
    return Prop("string", default=default, values=values, **traits)


def flag(*, default: bool | None = None, **traits: Unpack[Traits]) -> Prop:
    """A boolean."""
    return Prop("bool", default=default, **traits)


def integer(*, default: int | None = None, **traits: Unpack[Traits]) -> Prop:
    """A whole number."""
    return Prop("int", default=default, **traits)


def mapping(**traits: Unpack[Traits]) -> Prop:
    """A map of string to string."""
    return Prop("map", **traits)


def tags() -> Prop:
    """The resource's own tags; ``tagsAll``, an output, has the provider's default tags too."""
    return mapping()


def many(item: Prop, **traits: Unpack[Traits]) -> Prop:
    """A list whose order counts."""
    return Prop("list", item=item, **traits)


def unordered(item: Prop, **traits: Unpack[Traits]) -> Prop:
    """A list whose order means nothing (a set in Terraform's schema)."""
    return Prop("set", item=item, **traits)


def obj(
    fields: Mapping[str, Prop], *, exactly_one_of: tuple[tuple[str, ...], ...] = (), **traits: Unpack[Traits]
) -> Prop:
    """An object with these fields (a block of at most one in Terraform's schema)."""
    return Prop("object", fields=fields, exactly_one_of=exactly_one_of, **traits)


def region() -> Prop:
    """The region of a regional resource: the provider's own where it is not given."""
    return text(computed=True, replaces=True)


def name() -> Prop:
    """A name that pulumi-aws makes up where it is not given."""
    return text(computed=True, replaces=True)
