"""Finding the datasets that contracts name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Generic, Protocol, TypeVar


class Named(Protocol):
    """A contract, or what is known of one."""

    @property
    def domain(self) -> str:
        """The domain that it belongs to."""

    @property
    def dataset(self) -> str:
        """What it is called there."""

    @property
    def major(self) -> int:
        """Its major version."""


C = TypeVar("C", bound=Named)


class Datasets(Generic[C]):
    """The contracts of a mesh by the names that other contracts give them."""

    def __init__(self, contracts: Iterable[C]) -> None:
        self._by_name: dict[str, list[C]] = {}
        self._by_domain: dict[str, set[str]] = {}
        for contract in contracts:
            self._by_name.setdefault(contract.dataset, []).append(contract)
            self._by_domain.setdefault(contract.domain, set()).add(contract.dataset)

    def find(self, reference: str, domain: str) -> tuple[C, ...]:
        """The contracts that ``reference`` means in a file of ``domain``; none where it means nothing.

        ``orders`` and ``sales.orders`` mean every major version that there is, ``sales.orders.v2`` one. Without a
        domain it is the dataset of the same domain, else that of any other: where those are several domains, it is
        for the caller to refuse it.
        """
        owner, name, major = split(reference)
        found = self._by_name.get(name, [])
        if owner:
            found = [contract for contract in found if contract.domain == owner]
        elif own := [contract for contract in found if contract.domain == domain]:
            found = own
        return tuple(contract for contract in found if major in (None, contract.major))

    @cached_property
    def all_names(self) -> frozenset[str]:
        """What the datasets of all domains are called."""
        return frozenset(self._by_name)

    def names(self, domain: str) -> frozenset[str]:
        """What the datasets of a domain are called."""
        return frozenset(self._by_domain.get(domain, ()))


def split(reference: str) -> tuple[str, str, int | None]:
    """Domain (or empty), dataset and major version (or None) of ``sales.orders.v2``."""
    *rest, last = reference.split(".")
    version = re.fullmatch(r"v([0-9]+)", last) if rest else None
    if version is None:
        return ".".join(rest), last, None
    return ".".join(rest[:-1]), rest[-1], int(version[1])
