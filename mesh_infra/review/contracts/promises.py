"""What changes in a dataset's layout and in what its owner promises: format, partitions, keys, SLA, retention."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

from mesh_infra.aws.formats import FORMATS
from mesh_infra.review.contracts.columns import Columns
from mesh_infra.review.contracts.edit import Edit, Pair, Place
from mesh_infra.review.contracts.storage import storage_edits
from mesh_infra.review.model import Impact
from mesh_infra.spec.leaves import parse_duration, parse_percentage
from mesh_infra.spec.model import Contract
from mesh_infra.spec.problems import listed, quoted


def promise_edits(columns: Columns) -> Iterator[Edit]:
    """What changes beside the columns themselves; they say which column of BASE is which of HEAD."""
    pair = columns.pair
    yield from _format(pair)
    yield from storage_edits(pair)
    yield from _partitioning(pair, columns.renames)
    yield from _primary_key(pair, columns.renames)
    yield from _sla(pair)
    yield from _retention(pair)


def _broken(code: str, message: str, at: Place) -> Edit:
    return Edit(code, message, at, breaks=True, severity=Impact.HIGH)


def _format(pair: Pair) -> Iterator[Edit]:
    old, new = pair.base.format, pair.head.format
    if old != new:
        message = (
            f"the format changes from {quoted(old)} to {quoted(new)}: files that are there cannot be read any more"
        )
        yield _broken("format-changed", message, pair.here(("format",)))


def _partitioning(pair: Pair, renames: dict[str, str]) -> Iterator[Edit]:
    old, new = pair.base.partition_by, pair.head.partition_by
    if tuple(renames.get(name, name) for name in old) == new:
        return
    if not old:
        message = f"files are partitioned by {listed(new, 'and')}: those that are there are not found any more"
    elif not new:
        message = f"files are no longer partitioned (by {listed(old, 'and')}): every query reads all of them"
    else:
        message = f"files are partitioned by {listed(new, 'and')} in this order, no longer by {listed(old, 'and')}"
    yield _broken("partitioning-changed", message, pair.here(("partition_by",)))


def _primary_key(pair: Pair, renames: dict[str, str]) -> Iterator[Edit]:
    old = {renames.get(name, name) for name in _key(pair.base)}
    new = _key(pair.head)
    if old == set(new):
        return
    before = listed(_key(pair.base), "and") if old else "none"
    after = listed(new, "and") if new else "none"
    first = new[0] if new else ""
    index = next((i for i, column in enumerate(pair.head.columns) if column.name == first), 0)
    yield _broken("key-changed", f"the primary key changes from {before} to {after}", pair.here(("schema", index)))


def _key(contract: Contract) -> list[str]:
    return [column.name for column in contract.columns if column.primary_key]


def _sla(pair: Pair) -> Iterator[Edit]:
    old, new = pair.base.sla, pair.head.sla
    yield from _promise(pair, "freshness", (old.freshness, new.freshness), _shortness)
    yield from _promise(pair, "quality", (old.quality, new.quality), _share)
    yield from _promise(pair, "availability", (old.availability, new.availability), _share)


def _shortness(written: str) -> Decimal:
    """Strength of a promised age: the shorter the stronger."""
    age = parse_duration(written)
    if age is None:
        raise ValueError(f"{written!r} is no duration")
    return -Decimal(age // timedelta(minutes=1))


def _share(written: str) -> Decimal:
    """Strength of a promised percentage."""
    share = parse_percentage(written)
    if share is None:
        raise ValueError(f"{written!r} is no percentage")
    return share


def _promise(
    pair: Pair, name: str, sides: tuple[str | None, str | None], strength: Callable[[str], Decimal]
) -> Iterator[Edit]:
    at = pair.here(("sla", name))
    match sides:
        case None, str(new):
            yield Edit("sla-strengthened", f"{name} of {new} is promised", at)
        case str(old), None:
            yield _broken("sla-weakened", f"{name} is no longer promised (it was {old})", at)
        case (str(old), str(new)) if strength(new) > strength(old):
            yield Edit("sla-strengthened", f"the promised {name} gets better, from {old} to {new}", at)
        case (str(old), str(new)) if strength(new) < strength(old):
            yield _broken("sla-weakened", f"the promised {name} gets worse, from {old} to {new}", at)


def _retention(pair: Pair) -> Iterator[Edit]:
    old, new = pair.base.retention_days, pair.head.retention_days
    if old == new:
        return
    at = pair.here(("retention_days",))
    change = f"data is kept {_days(new)} instead of {_days(old)}"
    if new is not None and (old is None or new < old):
        table = FORMATS[pair.head.format]
        # Design of the lifecycle: in a table with a transaction log, age says nothing about whether a file is live.
        lost = "old versions of its files are deleted" if table.log_structured else "files older than that are deleted"
        yield _broken("retention-shortened", f"{change}: {lost} for good", at)
        return
    personal = any(column.is_sensitive(pair.new_classes) for column in pair.head.columns)
    message = f"{change}, sensitive data among it" if personal else change
    yield Edit("retention-lengthened", message, at, severity=Impact.MEDIUM if personal else Impact.INFO)


def _days(number: int | None) -> str:
    if number is None:
        return "for ever"
    return "for 1 day" if number == 1 else f"for {number} days"
