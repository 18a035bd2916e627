"""Tags: a resource's own and the provider's default tags, which together are ``tagsAll``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mesh_infra.aws.resources.check import UNKNOWN
from mesh_infra.local.provider.wire import Value


def merged(default_tags: Mapping[str, str], tags: Value) -> Value:
    """What AWS gets: ``tags`` over the default ones; not known where one of them is not known yet."""
    if tags == UNKNOWN:
        return UNKNOWN
    everything = {**default_tags, **(tags or {})}
    return UNKNOWN if UNKNOWN in everything.values() else everything


def own(default_tags: Mapping[str, str], all_tags: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """The tags of the resource itself: all but those that only the provider's defaults give it.

    A tag that repeats a default one counts as the resource's own where it is ``known`` to be.
    """
    return {key: value for key, value in all_tags.items() if key in known or default_tags.get(key) != value}


@dataclass(frozen=True, slots=True)
class TagChange:
    """What to set and what to take away."""

    put: dict[str, str]
    remove: list[str]

    @classmethod
    def between(cls, old: Mapping[str, str], new: Mapping[str, str]) -> TagChange:
        """From ``old`` to ``new`` tags."""
        put = {key: value for key, value in new.items() if old.get(key) != value}
        return cls(put, sorted(old.keys() - new.keys()))


def as_list(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Tags as most of AWS's APIs take them."""
    return [{key: name, value: text} for name, text in sorted(tags.items())]


def from_list(tags: Iterable[Mapping[str, str]], key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Tags as most of AWS's APIs return them, less those that AWS itself sets."""
    return {tag[key]: tag[value] for tag in tags if not tag[key].startswith("aws:")}
