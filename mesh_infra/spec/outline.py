"""What the rest of a mesh must know of a contract: enough to judge other files by, without reading this one again."""

from __future__ import annotations

from typing import NamedTuple

DatasetKey = tuple[str, str, int]
"""Which dataset of a mesh: its domain, what it is called there, and its major version."""


class Taken(NamedTuple):
    """A dataset that another is made from, as that one calls it; ``columns`` where it says which."""

    dataset: str
    columns: tuple[str, ...]


class Outline(NamedTuple):
    """One major version of a dataset, with what its domain's own resources hang on; words are those of contracts.

    ``grants`` are the roles that its ``access_policy`` names, each with its permission. ``names`` are those of its
    columns, joined by commas, which no name holds: few are ever asked for.
    """

    domain: str
    dataset: str
    major: int
    status: str
    format: str
    retention_days: int | None
    grants: tuple[tuple[str, str], ...]
    names: str
    consumes: tuple[Taken, ...]

    @property
    def roles(self) -> tuple[str, ...]:
        """Those that its ``access_policy`` names."""
        return tuple(role for role, _ in self.grants)

    @property
    def key(self) -> DatasetKey:
        """What tells it from all others."""
        return self.domain, self.dataset, self.major

    @property
    def columns(self) -> tuple[str, ...]:
        """What its columns are called."""
        return tuple(self.names.split(",")) if self.names else ()

    @property
    def id(self) -> str:
        """What people call it: ``sales_orders.v1``."""
        return f"{self.dataset}.v{self.major}"
