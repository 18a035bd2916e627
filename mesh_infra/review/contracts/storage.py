"""What changes in how files are cut into values, and in which partitions Athena works out."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.review.contracts.edit import Edit, Pair
from mesh_infra.review.model import Impact
from mesh_infra.spec.date_pattern import Bound, is_before, parse_bound, parse_pattern
from mesh_infra.spec.model import Csv, DateProjection, EnumProjection, Format, IntegerProjection, Projection
from mesh_infra.spec.problems import listed, quoted

_ELSEWHERE = "files that are there are cut in other places, so values would show under other names, hidden ones too"
_NOT_FOUND = "Athena returns no rows of partitions that it does not work out"


def storage_edits(pair: Pair) -> Iterator[Edit]:
    """Changes of ``csv`` and of ``projection``."""
    if pair.base.format is pair.head.format is Format.CSV:
        yield from _csv(pair, pair.base.csv or Csv(), pair.head.csv or Csv())
    yield from _projection(pair)


def _csv(pair: Pair, old: Csv, new: Csv) -> Iterator[Edit]:
    cut = [name for name in ("delimiter", "quote") if getattr(old, name) != getattr(new, name)]
    if cut:
        message = f"{listed(cut, 'and')} of csv {'changes' if len(cut) == 1 else 'change'}: {_ELSEWHERE}"
        yield Edit("csv-changed", message, pair.here(("csv", cut[0])), breaks=True, severity=Impact.CRITICAL)
    if old.header != new.header:
        lost = "is skipped now, be it a header or a row" if new.header else "is no longer skipped and shows as a row"
        at = pair.here(("csv", "header"))
        yield Edit("csv-header-changed", f"the first line of each file {lost}", at, breaks=True, severity=Impact.HIGH)


def _projection(pair: Pair) -> Iterator[Edit]:
    old, new = pair.base.projection, pair.head.projection
    if old == new:
        return
    if not old or not new or old.keys() != new.keys():
        what = "works out the partitions now, and ignores those in Glue" if new else "looks partitions up in Glue again"
        yield _broken(pair, "projection-changed", f"Athena {what}: rows may be missing")
        return
    for key in old:
        if old[key] != new[key]:
            yield _one(pair, key, old[key], new[key])


def _one(pair: Pair, key: str, old: Projection, new: Projection) -> Edit:
    if _covers(new, old):
        message = f"more values of {quoted(key)} are partitions"
        return Edit("projection-widened", message, pair.here(("projection", key)))
    if _covers(old, new):
        return _broken(pair, "projection-narrowed", f"fewer values of {quoted(key)} are partitions: {_NOT_FOUND}", key)
    return _broken(pair, "projection-changed", f"other values of {quoted(key)} are partitions: {_NOT_FOUND}", key)


def _broken(pair: Pair, code: str, message: str, key: str = "") -> Edit:
    at = pair.here(("projection", key) if key else ("projection",))
    return Edit(code, message, at, breaks=True, severity=Impact.HIGH)


def _covers(one: Projection, other: Projection) -> bool:
    """Whether ``one`` has every value that ``other`` has, written in the same way."""
    match one, other:
        case EnumProjection(), EnumProjection():
            return set(one.values) >= set(other.values)
        case IntegerProjection(), IntegerProjection():
            alike = (one.interval, one.digits) == (other.interval, other.digits)
            # With a step the values also depend on where the range begins.
            aligned = (other.range[0] - one.range[0]) % one.interval == 0
            return alike and aligned and one.range[0] <= other.range[0] and other.range[1] <= one.range[1]
        case DateProjection(), DateProjection():
            same = one.model_copy(update={"range": other.range}) == other and one.interval in (None, 1)
            return same and _reaches(one, other)
        case _:
            return False


def _reaches(one: DateProjection, other: DateProjection) -> bool:
    """Whether a range of dates spans another; one that moves with time and one that does not cannot be compared."""
    pattern = parse_pattern(one.format)
    first, last = (parse_bound(bound, pattern) for bound in one.range)
    other_first, other_last = (parse_bound(bound, pattern) for bound in other.range)
    return _not_after(first, other_first) and _not_after(other_last, last)


def _not_after(one: Bound, other: Bound) -> bool:
    return one == other or is_before(one, other)
