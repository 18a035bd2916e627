"""A review in which contracts that did not change are known in outline alone is the same as one of everything."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_infra.cache import FolderCache
from mesh_infra.review.build import review
from mesh_infra.review.model import Review
from mesh_infra.review.sides import read_sides
from mesh_infra.spec.model import Status
from tests.review.repository import Repo, new_repository
from tests.survey.meshes import FILES, Edit, contract, edits, write


def in_outline(repo: Repo, cache: FolderCache, base: str = "HEAD", head: str | None = None) -> Review:
    """The review of what changed."""
    return review(*read_sides(repo.root, base, head, cache, whole=False))


@settings(max_examples=20)
@given(edits, edits)
def test_of_any_change(before: list[Edit], after: list[Edit]) -> None:
    with TemporaryDirectory() as folder:
        repo, cache = new_repository(Path(folder) / "repo"), FolderCache(Path(folder) / "cache")
        write(repo.root, {**FILES, **dict(before)})
        repo.commit()
        write(repo.root, dict(after))
        expected = review(*read_sides(repo.root, "HEAD"))
        assert in_outline(repo, cache) == expected
        assert in_outline(repo, cache) == expected
        repo.commit()
        expected = review(*read_sides(repo.root, "HEAD~1", "HEAD"))
        assert in_outline(repo, cache, "HEAD~1", "HEAD") == expected


def test_contracts_that_are_the_same_are_not_read(tmp_path: Path) -> None:
    repo, cache = new_repository(tmp_path / "repo"), FolderCache(tmp_path / "cache")
    repo.commit(dict(FILES))
    write(repo.root, {"contracts/sales/orders.yaml": contract("orders", "sales", "retention_days: 30\n")})
    for _ in range(2):
        for side in read_sides(repo.root, "HEAD", None, cache, whole=False):
            assert side.spec is not None
            assert [contract.dataset for contract in side.spec.contracts] == ["orders"]
            assert [outline.dataset for outline in side.spec.others] == ["invoices", "revenue", "visits"]


ORDERS = "contracts/sales/orders.yaml"


@pytest.mark.parametrize(
    "neighbour",
    [
        "retention_days: 30\n",
        "format: delta\nretention_days: 30\n",
        "status: retired\nretention_days: 30\n",
        "status: draft\naccess_policy: [{role: marketing, permission: read}]\n",
        "access_policy: [{role: marketing, permission: read}, {role: finance, permission: read_masked}]\n",
    ],
)
@pytest.mark.parametrize(
    "edit",
    [
        {ORDERS: contract("orders", "sales", "retention_days: 7\n")},
        {ORDERS: contract("orders", "sales", "access_policy: [{role: finance, permission: read}]\n")},
        {ORDERS: contract("orders", "sales", "status: retired\n")},
        {ORDERS: None},
        {"contracts/sales/returns.yaml": contract("returns", "sales", "retention_days: 7\n")},
        {"contracts/sales/visits.v2.yaml": contract("visits", "sales").replace("version: v1", "version: v2")},
    ],
    ids=["retention", "access", "retired", "gone", "new", "version"],
)
def test_what_is_the_domains_own_counts_all_of_its_datasets(
    tmp_path: Path, neighbour: str, edit: dict[str, str | bytes | None]
) -> None:
    repo, cache = new_repository(tmp_path / "repo"), FolderCache(tmp_path / "cache")
    neighbours = {f"contracts/sales/{name}.yaml": contract(name, "sales", neighbour) for name in ("accounts", "visits")}
    repo.commit({**FILES, **neighbours})
    repo.write(edit)
    expected = review(*read_sides(repo.root, "HEAD"))
    assert expected.infrastructure
    assert in_outline(repo, cache) == expected
    assert in_outline(repo, cache) == expected


def test_who_is_made_from_a_dataset_is_known_in_outline(tmp_path: Path) -> None:
    repo, cache = new_repository(tmp_path / "repo"), FolderCache(tmp_path / "cache")
    repo.commit(dict(FILES))
    text = FILES["contracts/sales/orders.yaml"].replace("name: id", "name: number")
    write(repo.root, {"contracts/sales/orders.yaml": text})
    messages = [change.message for change in in_outline(repo, cache).contracts]
    assert any("used by finance.invoices.v1" in message for message in messages), messages


def test_a_column_that_another_domain_takes_is_missed(tmp_path: Path) -> None:
    repo, cache = new_repository(tmp_path / "repo"), FolderCache(tmp_path / "cache")
    repo.commit(dict(FILES))
    in_outline(repo, cache)
    text = FILES["contracts/sales/orders.yaml"].replace("name: user_email", "name: user_mail")
    write(repo.root, {"contracts/sales/orders.yaml": text})
    review_of_it = in_outline(repo, cache)
    found = [(finding.rule, finding.path) for finding in review_of_it.findings]
    assert ("column-unknown", "contracts/finance/revenue.yaml") in found
    # What makes HEAD invalid is just what its author has to be told about.
    (renamed,) = [change.message for change in review_of_it.contracts if change.breaking]
    assert "used by finance.invoices.v1 and finance.revenue.v1" in renamed


def test_a_link_in_a_commit_is_followed_each_time(tmp_path: Path) -> None:
    repo, cache = new_repository(tmp_path / "repo"), FolderCache(tmp_path / "cache")
    write(repo.root, {**FILES, "shared/x.yaml": contract("linked", "sales")})
    (repo.root / "contracts/sales/linked.yaml").symlink_to("../../shared/x.yaml")
    repo.commit()
    for retention in (30, 60):
        repo.commit({"shared/x.yaml": contract("linked", "sales", f"retention_days: {retention}\n")})
        found = in_outline(repo, cache, "HEAD~1", "HEAD")
        assert [change.dataset for change in found.contracts] == ["linked"]
        assert found == review(*read_sides(repo.root, "HEAD~1", "HEAD"))


_NAMED = {path: text and text.replace("orders.v1,", "sales.orders.v1,") for path, text in FILES.items()}
"""In which several datasets may be called ``orders``."""
_COPY = contract("orders", "marketing", "access_policy: [{role: sales, permission: read}]\n").replace(
    "    pii: true\n", "    pii: false\n"
)

_copies = st.lists(
    st.tuples(
        st.sampled_from(("contracts/marketing/orders.yaml", "contracts/sales/orders.v2.yaml")),
        st.one_of(
            st.none(),
            st.tuples(st.sampled_from((_COPY, _COPY.replace("pii: false", "pii: true"))), st.sampled_from(Status)).map(
                lambda made: f"{made[0]}status: {made[1]}\n"
            ),
        ),
    ),
    max_size=2,
)


def _versioned(edits: list[Edit]) -> dict[str, str | None]:
    return {
        path: text and text.replace("v1", "v2").replace("role: sales", "role: analyst") if "v2" in path else text
        for path, text in edits
    }


@settings(max_examples=20)
@given(_copies, _copies)
def test_of_copies_and_versions_of_a_dataset(before: list[Edit], after: list[Edit]) -> None:
    with TemporaryDirectory() as folder:
        repo, cache = new_repository(Path(folder) / "repo"), FolderCache(Path(folder) / "cache")
        write(repo.root, {**_NAMED, **_versioned(before)})
        repo.commit()
        write(repo.root, _versioned(after))
        expected = review(*read_sides(repo.root, "HEAD"))
        assert expected.compared
        assert in_outline(repo, cache) == expected
        write(repo.root, {"mesh.yaml": f"{FILES['mesh.yaml']}# a comment\n"})
        assert in_outline(repo, cache) == expected


def test_what_is_hidden_where_a_dataset_was_copied_from_is_known(tmp_path: Path) -> None:
    repo, cache = new_repository(tmp_path / "repo"), FolderCache(tmp_path / "cache")
    repo.commit(dict(_NAMED))
    write(repo.root, {"contracts/marketing/orders.yaml": _COPY})
    found = in_outline(repo, cache)
    assert [(c.severity, c.sensitive) for c in found.access if c.role == "sales"] == [("critical", ("user_email",))]
    assert [(c.severity, c.change) for c in found.contracts] == [("critical", "contract-added")]
    for side in read_sides(repo.root, "HEAD", None, cache, whole=False):
        assert side.spec is not None
        assert [c.key[:2] for c in side.spec.contracts if c.domain != "marketing"] == [("sales", "orders")]
        assert [outline.dataset for outline in side.spec.others] == ["invoices", "revenue", "visits"]


def test_a_copy_that_was_a_draft_is_still_one(tmp_path: Path) -> None:
    repo, cache = new_repository(tmp_path / "repo"), FolderCache(tmp_path / "cache")
    repo.commit({**_NAMED, "contracts/marketing/orders.yaml": f"{_COPY}status: draft\n"})
    write(repo.root, {"contracts/marketing/orders.yaml": _COPY})
    found = in_outline(repo, cache)
    assert [c.severity for c in found.access if c.role == "sales"] == ["critical"]
    assert [(c.severity, c.change) for c in found.contracts] == [("critical", "status-changed")]
