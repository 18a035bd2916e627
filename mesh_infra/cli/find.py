"""Finding the dataset that a command names."""

from __future__ import annotations

from collections.abc import Sequence

from mesh_infra.errors import UsageError
from mesh_infra.spec.datasets import Datasets
from mesh_infra.spec.model import Contract, Spec
from mesh_infra.spec.problems import did_you_mean, quoted


def find_contract(spec: Spec, reference: str) -> Contract:
    """The contract that ``sales_orders``, ``sales.sales_orders``, ``sales_orders.v1`` or all of it means.

    Raises ``UsageError``, with what may have been meant, where that is none or several.
    """
    return find_among(spec.contracts, reference)


def find_among(contracts: Sequence[Contract], reference: str) -> Contract:
    """As ``find_contract``, among the contracts that could be read."""
    found = Datasets(contracts).find(reference, domain="")
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(f"{contract.domain}.{contract.id}" for contract in found)
        raise UsageError(f"{quoted(reference)} are {len(found)} datasets", f"name one of them: {choices}")
    known = [name for contract in contracts for name in _names(contract)]
    hint = did_you_mean(reference, known)
    raise UsageError(f"there is no dataset {quoted(reference)}", hint if "did you" in hint else "see 'mesh list'")


def _names(contract: Contract) -> tuple[str, ...]:
    return (
        contract.dataset,
        contract.id,
        f"{contract.domain}.{contract.dataset}",
        f"{contract.domain}.{contract.id}",
    )
