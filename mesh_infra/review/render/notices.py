"""A review as remarks on lines of files: what code scanning and annotations show beside the code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from posixpath import join, normpath
from typing import Literal

from mesh_infra.findings import Finding
from mesh_infra.review.model import ContractChange, Impact, InfrastructureChange, Review
from mesh_infra.review.render.access import AccessGroup, grouped
from mesh_infra.review.render.parts import parts_of
from mesh_infra.review.render.text import flags, name_of, short_type
from mesh_infra.spec.files import MESH_FILE

Level = Literal["error", "warning", "note"]

_LEVELS: dict[Impact, Level] = {
    Impact.CRITICAL: "error",
    Impact.HIGH: "warning",
    Impact.MEDIUM: "note",
    Impact.INFO: "note",
}
_ORDER: tuple[Level, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Notice:
    """One remark; ``path`` is relative to the root of the mesh, ``line`` and ``column`` are 0 where there is none."""

    rule: str
    level: Level
    path: str
    line: int
    column: int
    message: str

    def path_in(self, folder: str) -> str:
        """Its path in a repository whose mesh lies in ``folder``; CODEOWNERS may lie above it."""
        return normpath(join(folder, self.path))


def of_findings(findings: Iterable[Finding]) -> tuple[Notice, ...]:
    """A remark for each finding, errors first."""
    return _in_order(map(_of_finding, findings))


def of_review(review: Review) -> tuple[Notice, ...]:
    """A remark for each finding, each change that a file makes, and each resource that loses data or has drifted."""
    parts = parts_of(review)
    outstanding = (change for change in parts.infrastructure if change.data_loss or change.drift)
    return _in_order(
        (
            *map(_of_finding, parts.errors),
            *map(_of_access, grouped(parts.urgent_access)),
            *map(_of_contract, (*parts.exposing, *parts.breaking)),
            *map(_of_resource, outstanding),
            *map(_of_finding, parts.warnings),
            *map(_of_access, grouped(parts.other_access)),
            # Who may read is said of roles and columns already.
            *(_of_contract(change) for change in parts.other_contracts if not change.change.startswith("access-")),
        )
    )


def _in_order(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    return tuple(sorted(notices, key=lambda notice: _ORDER.index(notice.level)))


def _of_finding(finding: Finding) -> Notice:
    message = f"{finding.message}; {finding.hint}" if finding.hint else finding.message
    return Notice(finding.rule, finding.severity.value, finding.path, finding.line, finding.column, message)


def _of_access(group: AccessGroup) -> Notice:
    first = group.first
    rule = "access-gained" if any(change.gained for change in group.changes) else "access-lost"
    return Notice(rule, _LEVELS[first.severity], first.path, first.line, 0, f"{group.in_words(str)}: {first.message}")


def _of_contract(change: ContractChange) -> Notice:
    level = "warning" if change.breaking and change.severity is not Impact.CRITICAL else _LEVELS[change.severity]
    message = f"{name_of(change)}: {change.message}"
    return Notice(change.change, level, change.path, change.line, 0, message)


def _of_resource(change: InfrastructureChange) -> Notice:
    """Of no line in particular: it is there in the stack, and mesh.yaml says what a stack is."""
    what = f"stack '{change.stack}': {change.op} {short_type(change.type)} {change.name}"
    rule = "drift" if change.drift else "data-loss"
    return Notice(rule, "warning", MESH_FILE, 0, 0, "; ".join((what, *flags(change))))
