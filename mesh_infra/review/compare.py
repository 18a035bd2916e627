"""The review of a change, by the way that costs least: of the whole mesh at once, or of some domains at a time."""

from __future__ import annotations

from pathlib import Path

from mesh_infra.cache import Cache, NoCache
from mesh_infra.review.build import review
from mesh_infra.review.model import Review
from mesh_infra.review.portions import Sharing, in_portions
from mesh_infra.review.sides import find_places, sides_of

__all__ = ["Sharing", "compare"]


def compare(
    root: Path,
    base: str | None = None,
    head: str | None = None,
    cache: Cache | None = None,
    sharing: Sharing | None = None,
) -> Review:
    """The review of the change from BASE to HEAD, as ``review`` of what ``read_sides`` reads; raises as that does."""
    sharing = sharing or Sharing()
    before, after = find_places(root, base, head)
    found = in_portions(root, before, after, cache or NoCache(), sharing)
    return found or review(*sides_of(before, after, cache, whole=False, processes=sharing.processes))
