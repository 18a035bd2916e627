"""Changes of access as people read them: what one edit does is said once, not at every dataset that it touches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from mesh_infra.review.model import AccessChange, Impact

_NAMED = 8
"""How many names a line has; the others are counted."""

Name = Callable[[str], str]
"""How a name is written: as it is, or as code."""


@dataclass(frozen=True, slots=True)
class AccessGroup:
    """What one edit does for one role, at one dataset or more."""

    changes: tuple[AccessChange, ...]

    @property
    def first(self) -> AccessChange:
        """The change that says what all of them say: role, severity, reason and place."""
        return self.changes[0]

    @property
    def is_cut(self) -> bool:
        """Whether there are more datasets than are named."""
        return len(self.changes) > _NAMED

    def each(self) -> Iterator[AccessGroup]:
        """Its changes one by one."""
        return (AccessGroup((change,)) for change in self.changes)

    @property
    def severity(self) -> Impact:
        """How much each of them matters."""
        return self.first.severity

    def in_words(self, name: Name) -> str:
        """``marketing on sales.orders v1 gains user_email (sensitive)``; the reason stands in ``first.message``."""
        where = some([f"{c.domain}.{c.dataset} {c.version}".lstrip(".") for c in self.changes], name)
        return f"{name(self.first.role)} on {where} {' and '.join(self._columns(name))}"

    def _columns(self, name: Name) -> Iterator[str]:
        kinds = {
            "gains": [(c, column) for c in self.changes for column in c.gained],
            "loses": [(c, column) for c in self.changes for column in c.lost],
        }
        for verb, columns in kinds.items():
            if columns:
                yield f"{verb} {self._named(columns, name)}"
        if not any(kinds.values()):
            yield "changes"

    def _named(self, columns: Sequence[tuple[AccessChange, str]], name: Name) -> str:
        """The columns of one dataset by name; those of several are counted."""
        sensitive = [column for change, column in columns if column in change.sensitive]
        if len(self.changes) > 1:
            also = f", {len(sensitive)} of them sensitive" if sensitive else ""
            return f"{len(columns)} columns{also}"
        ordered = sorted((column for _, column in columns), key=lambda column: column not in sensitive)
        if len(ordered) == len(sensitive) > 1:
            return f"{some(ordered, name)}, all sensitive"
        return some(ordered, lambda column: f"{name(column)}{' (sensitive)' if column in sensitive else ''}")


def grouped(changes: Iterable[AccessChange]) -> tuple[AccessGroup, ...]:
    """The changes by the edit that makes them, in the order in which each group begins."""
    groups: dict[tuple[str, Impact, str, str, int], list[AccessChange]] = {}
    for change in changes:
        groups.setdefault((change.role, change.severity, change.message, change.path, change.line), []).append(change)
    return tuple(AccessGroup(tuple(group)) for group in groups.values())


def some(names: Sequence[str], name: Name = str) -> str:
    """The first few names, and how many more there are."""
    left = len(names) - _NAMED
    return ", ".join(map(name, names[:_NAMED])) + (f" and {left} more" if left > 0 else "")
