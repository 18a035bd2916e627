"""A change that breaks consumers goes into a new major version, whose table stands beside the old one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from mesh_infra.findings import Finding, Severity
from mesh_infra.review.contracts.blast import full_name
from mesh_infra.review.contracts.pairing import Both, Pairing
from mesh_infra.review.model import ContractChange, Impact
from mesh_infra.spec.model import Contract, Spec
from mesh_infra.spec.reader import error_at
from mesh_infra.spec.source import Source

WITHOUT_NEW_VERSION = frozenset(
    (
        # Access and protection must be possible to take away at once, and a new version would leave the old one open.
        "access-narrowed",
        "access-withdrawn",
        "column-sensitive",
        # The end of a dataset's life has rules of its own.
        "contract-moved",
        "contract-removed",
        "status-changed",
    )
)
"""Changes that break consumers, for which a new major version is no answer."""

POSITIONAL = frozenset(
    (
        *("column-added", "column-nested", "column-removed", "column-renamed", "column-unnested"),
        *("columns-reordered", "csv-changed"),
    )
)
"""Changes that are critical where columns are found by their position, consumers or not."""

_GONE = frozenset(("column-removed", "field-removed"))


def breaking_findings(pairing: Pairing, head: Spec, changes: Iterable[ContractChange]) -> Iterator[Finding]:
    """An error for each change that needs a new major version, and for each version that goes down."""
    wanted = [change for change in changes if _rule(change)]
    if not wanted:
        return
    pairs = dict(_by_place(pairing))
    newest = newest_majors(head, {change.dataset for change in wanted})
    for change in wanted:
        old, new = pairs[change.path, change.dataset, change.version]
        rule, hint = _rule(change), new_version(old, new, newest[new.domain, new.dataset])
        if rule == "version-lowered":
            yield _finding(change, new, rule, f"keep {old.version} or write a higher one")
        elif rule == "columns-by-position":
            yield _finding(change, new, rule, f"a csv table keeps its columns: {hint}")
        else:
            yield _finding(change, new, rule, hint)


def _rule(change: ContractChange) -> str:
    if change.change == "version-lowered":
        return "version-lowered"
    if change.change in POSITIONAL and change.severity is Impact.CRITICAL:
        return "columns-by-position"
    needs_version = change.breaking and change.change not in WITHOUT_NEW_VERSION
    return "breaking-change" if needs_version else ""


def _by_place(pairing: Pairing) -> Iterator[tuple[tuple[str, str, str], Both]]:
    """The pairs by what a change says of its place: the file of either side, and HEAD's dataset and version."""
    for old, new in (*pairing.kept, *pairing.moved):
        for side in (old, new):
            yield (side.source.path, new.dataset, new.version), (old, new)


def _finding(change: ContractChange, contract: Contract, rule: str, hint: str) -> Finding:
    message = f"breaks consumers: {change.message}" if rule == "breaking-change" else change.message
    if change.change in _GONE:
        # BASE's line means nothing in the file that its author looks at.
        return error_at(contract.source, contract.source.key(("schema",)), rule, message, hint)
    column = _first_column(contract.source, change.line)
    return Finding(rule, Severity.ERROR, contract.source.path, change.line, column, message, hint)


def _first_column(source: Source, line: int) -> int:
    """Where a line's text begins."""
    lines = source.text.splitlines()
    text = lines[line - 1] if line <= len(lines) else ""
    return len(text) - len(text.lstrip(" -")) + 1


def newest_majors(head: Spec, names: Collection[str]) -> dict[tuple[str, str], Contract]:
    """The highest major version of each dataset that is called one of ``names``."""
    named = [contract for contract in head.contracts if contract.dataset in names]
    return {(c.domain, c.dataset): c for c in sorted(named, key=lambda contract: contract.major)}


def new_version(old: Contract, new: Contract, newest: Contract) -> str:
    """Where the change belongs."""
    keep = f"leave {full_name(old)} as it was"
    if newest.major > new.major:
        return f"{keep} and make the change in {newest.source.path} alone"
    number = newest.major + 1
    return f"{keep} and create contracts/{new.domain}/{new.dataset}.v{number}.yaml with 'version: v{number}'"
