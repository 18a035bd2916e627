"""What the rest of a mesh must know of a contract: enough to judge other files by, without reading this one again."""

from __future__ import annotations

from typing import NamedTuple


class Taken(NamedTuple):
    """A dataset that another is made from, as that one calls it; ``columns`` where it says which."""

    dataset: str
    columns: tuple[str, ...]


class Outline(NamedTuple):
    """One major version of a dataset; ``roles`` are those that its ``access_policy`` names."""

    domain: str
    dataset: str
    major: int
    retired: bool
    roles: tuple[str, ...]
    columns: tuple[str, ...]
    consumes: tuple[Taken, ...]

    @property
    def id(self) -> str:
        """What people call it: ``sales_orders.v1``."""
        return f"{self.dataset}.v{self.major}"
