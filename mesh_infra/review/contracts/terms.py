"""What changes in a contract beside its data: access, status, version, owner and what is only recorded."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.review.contracts.edit import Edit, Pair
from mesh_infra.review.contracts.versions import rank
from mesh_infra.review.model import Impact
from mesh_infra.spec.model import AccessEntry, Contract, Permission, Status
from mesh_infra.spec.problems import listed, quoted


def access_edits(pair: Pair) -> Iterator[Edit]:
    """Who may read it otherwise than before; what that means for columns is the access part of a review."""
    before = {entry.role: entry for entry in pair.base.access_policy}
    after = {entry.role: (index, entry) for index, entry in enumerate(pair.head.access_policy)}
    for index, (role, old) in enumerate(before.items()):
        if role in after:
            yield from _entry(pair, old, *after[role])
        else:
            at = pair.before(("access_policy", index))
            # No new version is asked for: access must be possible to withdraw at once.
            yield Edit("access-withdrawn", f"{quoted(role)} may no longer read it", at, True, Impact.MEDIUM, named=True)
    for role, (index, new) in after.items():
        if role not in before:
            message = f"{quoted(role)} may read it{_masked(new)}"
            severity = Impact.MEDIUM if pair.head.status.is_served else Impact.INFO
            yield Edit("access-given", message, pair.here(("access_policy", index)), severity=severity)


def _masked(entry: AccessEntry) -> str:
    return " masked" if entry.permission is Permission.READ_MASKED else " in clear"


def _entry(pair: Pair, old: AccessEntry, index: int, new: AccessEntry) -> Iterator[Edit]:
    at = pair.here(("access_policy", index, "permission"))
    hidden = [column.name for column in pair.head.columns if column.is_sensitive(pair.new_classes)]
    match old.permission, new.permission:
        case Permission.READ_MASKED, Permission.READ:
            what = listed(hidden, "and") if hidden else "nothing yet"
            message = f"{quoted(new.role)} may read it in clear, no longer masked: it gains {what}"
            severity = Impact.HIGH if hidden and pair.head.status.is_served else Impact.INFO
            yield Edit("access-widened", message, at, severity=severity)
        case Permission.READ, Permission.READ_MASKED:
            what = listed(hidden, "and") if hidden else "nothing yet"
            message = f"{quoted(new.role)} may read it masked only: it loses {what}"
            severity = Impact.MEDIUM if hidden else Impact.INFO
            yield Edit("access-narrowed", message, at, bool(hidden), severity, named=True)
    if (old.purpose, old.approved_by) != (new.purpose, new.approved_by):
        message = f"purpose or approval of the access of {quoted(new.role)} changes"
        yield Edit("access-restated", message, pair.here(("access_policy", index)))


def status_edits(pair: Pair) -> Iterator[Edit]:
    """Whether the dataset gets, keeps or loses its consumers."""
    old, new = pair.base.status, pair.head.status
    if old is new:
        return
    leaves = old.is_served and not new.is_served
    message = f"the status changes from {quoted(old)} to {quoted(new)}" + _meaning(old, new)
    severity = Impact.MEDIUM if leaves or new is Status.DEPRECATED else Impact.INFO
    yield Edit("status-changed", message, pair.here(("status",)), leaves, severity)


def _meaning(old: Status, new: Status) -> str:
    if old.is_served and not new.is_served:
        return ": nobody may read it any more"
    if not old.is_served and new.is_served:
        return ": its access policy takes effect"
    if new is Status.DEPRECATED:
        return ": its consumers should leave it"
    return ""


def recorded_edits(pair: Pair) -> Iterator[Edit]:
    """Version within the major, owner, and what is kept for people and other tools."""
    base, head = pair.base, pair.head
    if base.version != head.version:
        yield _version(pair)
    if base.owner != head.owner:
        message = f"the owner changes from {quoted(base.owner)} to {quoted(head.owner)}"
        yield Edit("owner-changed", message, pair.here(("owner",)))
    if _consumed(base) != _consumed(head):
        yield Edit("consumes-changed", _consumption(base, head), pair.here(("consumes",)))
    if base.title != head.title:
        yield Edit("title-changed", "the title changes", pair.here(("title",)))
    if base.description.strip() != head.description.strip():
        yield Edit("description-changed", "the description changes", pair.here(("description",)))
    if set(base.tags) != set(head.tags):
        yield Edit("tags-changed", "the tags change", pair.here(("tags",)))
    if dict(base.billing) != dict(head.billing):
        yield Edit("billing-changed", "the billing details change", pair.here(("billing",)))
    if base.api_endpoint != head.api_endpoint:
        yield Edit("endpoint-changed", "the API endpoint changes", pair.here(("api_endpoint",)))


def _version(pair: Pair) -> Edit:
    old, new = pair.base.version, pair.head.version
    at = pair.here(("version",))
    change = f"from {quoted(old)} to {quoted(new)}"
    if rank(old) == rank(new):
        return Edit("version-respelled", f"the version is written otherwise, {change}", at)
    if rank(new) > rank(old):
        return Edit("version-raised", f"the version goes up {change}", at)
    return Edit("version-lowered", f"the version goes down {change}", at, severity=Impact.MEDIUM)


def _consumed(contract: Contract) -> dict[str, frozenset[str]]:
    return {consumed.dataset: frozenset(consumed.columns) for consumed in contract.consumes}


def _consumption(base: Contract, head: Contract) -> str:
    old, new = _consumed(base), _consumed(head)
    come, gone = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    changed = sorted(name for name in old.keys() & new.keys() if old[name] != new[name])
    parts = [
        f"{verb} {listed(names, 'and')}"
        for verb, names in (("now from", come), ("no longer from", gone), ("from other columns of", changed))
        if names
    ]
    return "it is made " + ", ".join(parts)
