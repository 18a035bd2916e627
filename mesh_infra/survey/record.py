"""What is known of the contracts of one domain: all that is wrong with them, and what others must know of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mesh_infra.cache import Json, digest
from mesh_infra.findings import Finding, as_rows, from_rows, has_errors
from mesh_infra.spec.outline import Outline, Taken


@dataclass(frozen=True, slots=True)
class Record:
    """The contracts in one folder.

    ``found`` is wrong with the files, ``judged`` breaks a rule. ``unread`` are the names of datasets whose files could
    not be read. ``day`` is the only one on which this holds, in ISO form; None where the day does not matter. ``named``
    is one name for what the rest of the mesh is judged by: which datasets there are, and which roles they name.
    """

    outlines: tuple[Outline, ...] = ()
    unread: frozenset[str] = frozenset()
    found: tuple[Finding, ...] = ()
    judged: tuple[Finding, ...] = ()
    day: str | None = None
    named: str = ""

    @property
    def sound(self) -> bool:
        """Whether its files hold no error."""
        return not has_errors(self.found)


def name_of(outlines: Iterable[Outline]) -> str:
    """``Record.named`` of some contracts."""
    return digest(*(f"{outline.domain} {outline.id} {' '.join(outline.roles)}" for outline in outlines))


def to_json(record: Record) -> Json:
    """A record as JSON can hold it."""
    return {
        "outlines": record.outlines,
        "unread": sorted(record.unread),
        "found": as_rows(record.found),
        "judged": as_rows(record.judged),
        "day": record.day,
        "named": record.named,
    }


def from_json(data: Json) -> Record:
    """The record that ``to_json`` made it of."""
    return Record(
        outlines=tuple(map(_outline, data["outlines"])),
        unread=frozenset(data["unread"]),
        found=from_rows(data["found"]),
        judged=from_rows(data["judged"]),
        day=data["day"],
        named=data["named"],
    )


def _outline(row: Json) -> Outline:
    domain, dataset, major, status, form, days, grants, names, consumes = row
    given = tuple((role, permission) for role, permission in grants)
    return Outline(domain, dataset, major, status, form, days, given, names, _taken(consumes) if consumes else ())


def _taken(consumes: Json) -> tuple[Taken, ...]:
    return tuple(Taken(dataset, tuple(columns)) for dataset, columns in consumes)
