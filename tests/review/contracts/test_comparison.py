"""What comparing costs, and what messages say about who is affected."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.review.contracts import contract_changes
from mesh_infra.review.contracts.versions import rank
from mesh_infra.spec.model import AccessEntry, Column, Permission
from mesh_infra.spec.source import Source
from tests.review.contracts.build import column, contract, spec


class _Untouchable(tuple[Column, ...]):
    """Columns that nobody may look at."""

    def __iter__(self) -> Iterator[Column]:
        raise AssertionError("a contract whose text is the same was examined")


def test_the_same_text_is_not_examined() -> None:
    def same() -> object:
        source = Source("contracts/sales/orders.yaml", "dataset: orders")
        return contract(source=source).model_copy(update={"columns": _Untouchable()})

    assert contract_changes(spec(same()), spec(same())) == ()  # type: ignore[arg-type]  # both are contracts


def test_only_those_who_see_a_column_are_affected_by_it() -> None:
    entries = (
        AccessEntry(role="analyst", permission=Permission.READ_MASKED),
        AccessEntry(role="finance", permission=Permission.READ),
    )
    base, head = (
        spec(
            contract(columns=columns, access_policy=entries),
            contract("daily", consumes=("orders:amount",)),
            contract("weekly", consumes=("orders",)),
        )
        for columns in ((column("id"), column("email", pii=True), column("amount", "int")), (column("id"),))
    )
    assert [change.message for change in contract_changes(base, head)] == [
        "column 'amount' is removed (read by analyst and finance; used by sales.daily.v1 and sales.weekly.v1)",
        "column 'email' is removed (read by finance; used by sales.weekly.v1)",
    ]


def test_the_first_few_are_named_and_the_others_counted() -> None:
    readers = tuple(AccessEntry(role=f"role_{n}", permission=Permission.READ) for n in range(7))
    base = spec(contract(columns=(column("id"), column("a")), access_policy=readers))
    head = spec(contract(columns=(column("id"),), access_policy=readers))
    (change,) = contract_changes(base, head)
    assert change.message == "column 'a' is removed (read by role_0, role_1, role_2, role_3, role_4 and 2 more)"


def test_versions_in_their_order() -> None:
    rising = [
        "1.0.0-2.x",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0",
        "1.0.1",
        "1.2.0",
        "v2",
        "10.0.0",
    ]
    assert sorted(sorted(rising), key=rank) == rising
    assert rank("v1") == rank("1.0.0") == rank("1.0.0+build.7")
