"""Two sides of one contract, and one difference between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mesh_infra.review.contracts.layout import LAYOUTS, Layout
from mesh_infra.review.model import Impact
from mesh_infra.spec.model import Classification, Contract, Permission, Status
from mesh_infra.spec.source import Loc, Source

Classifications = Mapping[str, Classification]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    path: str
    line: int


def place(source: Source, loc: Loc) -> Place:
    """Where ``loc``, or what encloses it, stands in a file."""
    return Place(source.path, source.value(loc).line)


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference.

    ``breaks``: consumers, where there are any, have to change something. ``column`` is the one that it is about, so
    that consumers of others are left alone; empty for the whole dataset. ``named``: the message says who is affected.
    ``concerns``: other domains whose owners must agree.
    """

    code: str
    message: str
    place: Place
    breaks: bool = False
    severity: Impact = Impact.INFO
    column: str = ""
    named: bool = False
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """One major version of a dataset as BASE and as HEAD have it, each with its mesh's classifications.

    ``reclassified`` are those that mesh.yaml makes sensitive or stops calling so, with their places.
    """

    base: Contract
    head: Contract
    old_classes: Classifications
    new_classes: Classifications
    reclassified: Mapping[str, Place]

    @property
    def served(self) -> bool:
        """Whether it has consumers whom a change can break: in BASE, and in HEAD or as soon as it is served again.

        Who comes with the status is not broken by the rest, nor who goes for good with a retired dataset. To go back
        to a draft takes access away for as long as the work lasts, which is told as breaking by itself. It excuses
        nothing: else a column would go in two harmless steps, as a draft first and to active again then.
        """
        return self.base.status.is_served and self.head.status is not Status.RETIRED

    @property
    def formats(self) -> tuple[str, ...]:
        """Its format, or both where it changes."""
        return tuple(dict.fromkeys((self.base.format, self.head.format)))

    @property
    def layout(self) -> Layout:
        """How columns are found, by the stricter format where it changes."""
        layouts = [LAYOUTS[name] for name in self.formats]
        return Layout(
            files=any(layout.files for layout in layouts),
            partitions=any(layout.partitions for layout in layouts),
            partition_fields=any(layout.partition_fields for layout in layouts),
        )

    @property
    def masked_readers(self) -> tuple[str, ...]:
        """The roles that read it masked on both sides, sorted."""
        masked = [{e.role for e in c.access_policy if e.permission is Permission.READ_MASKED} for c in self.sides]
        return tuple(sorted(masked[0] & masked[1]))

    @property
    def sides(self) -> tuple[Contract, Contract]:
        """BASE's and HEAD's."""
        return self.base, self.head

    def here(self, loc: Loc) -> Place:
        """Where HEAD says something."""
        return place(self.head.source, loc)

    def before(self, loc: Loc) -> Place:
        """Where BASE said something."""
        return place(self.base.source, loc)
