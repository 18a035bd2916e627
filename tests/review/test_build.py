"""The whole review as one value."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from mesh_infra.checks import check_mesh
from mesh_infra.findings import Severity, has_errors, in_order
from mesh_infra.review.build import narrowed, review
from mesh_infra.review.sides import EMPTY, Side
from mesh_infra.spec.model import Spec
from tests.meshes import CONTRACT, DOMAIN, MESH, read_spec, write_mesh
from tests.strategies import specs

ORDERS = "contracts/sales/orders.yaml"
CAMPAIGNS = "contracts/marketing/campaigns.yaml"
CLEAR = CONTRACT.replace("read_masked", "read")


def side(spec: Spec) -> Side:
    return Side("x", spec, ())


@given(specs())
@settings(max_examples=15, deadline=None)
def test_nothing_changes_between_a_mesh_and_itself(spec: Spec) -> None:
    found = review(side(spec), side(spec))
    assert (found.contracts, found.access, found.infrastructure, found.findings) == ((), (), (), ())


@given(specs(), specs())
@settings(max_examples=10, deadline=None)
def test_it_is_a_function_of_its_sides(base: Spec, head: Spec) -> None:
    assert review(side(base), side(head)) == review(side(base), side(head))


def test_one_edit_shows_in_all_three_parts(tmp_path: Path) -> None:
    found = review(side(read_spec(tmp_path / "base")), side(read_spec(tmp_path / "head", {ORDERS: CLEAR})))
    assert [change.change for change in found.contracts] == ["access-widened"]
    assert [(change.role, change.gained) for change in found.access] == [("marketing", ("user_email",))]
    assert [(change.op, change.name) for change in found.infrastructure] == [
        ("delete", "sales.orders_v1.masked"),
        ("replace", "sales.orders_v1.marketing"),
    ]
    assert not has_errors(found.findings)


@pytest.mark.parametrize(
    "head",
    [
        {ORDERS: f"# what was sold\n{CONTRACT}", "mesh.yaml": f"# ours\n{MESH}"},
        {ORDERS: CONTRACT.replace("dataset: orders\nversion: v1\n", 'version: "v1"\ndataset: orders\n')},
        {ORDERS: CONTRACT.replace("\n", "\r\n")},
    ],
    ids=["comments", "order-and-quotes", "ends-of-lines"],
)
def test_what_only_looks_otherwise_changes_nothing(tmp_path: Path, head: dict[str, str]) -> None:
    found = review(side(read_spec(tmp_path / "base")), side(read_spec(tmp_path / "head", head)))
    assert (found.contracts, found.access, found.infrastructure, found.findings) == ((), (), (), ())


def test_a_file_renamed_changes_nothing(tmp_path: Path) -> None:
    base = read_spec(tmp_path / "base")
    root = write_mesh(tmp_path / "head")
    (root / ORDERS).rename(root / "contracts" / "sales" / "orders.v1.yaml")
    head, _ = check_mesh(root)
    assert head is not None
    found = review(side(base), side(head))
    assert (found.contracts, found.access, found.infrastructure, found.findings) == ((), (), (), ())


def test_everything_of_a_first_commit_is_new(tmp_path: Path) -> None:
    found = review(side(EMPTY), side(read_spec(tmp_path)))
    assert {change.change for change in found.contracts} == {"contract-added"}
    assert {change.op for change in found.infrastructure} == {"create"}
    assert {change.role for change in found.access} == {"marketing", "sales_producer", "mesh-deployer"}
    assert not has_errors(found.findings)


def test_findings_of_head_and_of_the_change_stand_together_in_order(tmp_path: Path) -> None:
    base = read_spec(tmp_path / "base")
    head = CONTRACT.replace("  - name: order_id\n    type: string\n", "  - name: phone\n    type: string\n")
    spec, findings = check_mesh(write_mesh(tmp_path / "head", {ORDERS: head}))
    assert spec is not None
    found = review(side(base), Side("head", spec, findings)).findings
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    assert [finding.rule for finding in errors] == ["breaking-change", "pii-untagged"]
    assert found == in_order(found)
    assert set(findings) <= set(found)


class TestOnlyWhatDiffersIsCompared:
    """Domains in which nothing differs are left out; that it does not show is tested with every case."""

    def test_a_domain_that_stays_is_left_out(self, tmp_path: Path) -> None:
        campaigns = CONTRACT.replace("orders", "campaigns").replace("marketing", "sales")
        base = read_spec(tmp_path / "base", {CAMPAIGNS: campaigns})
        head = read_spec(tmp_path / "head", {CAMPAIGNS: campaigns, ORDERS: CLEAR})
        assert [[c.dataset for c in spec.contracts] for spec in narrowed(base, head)] == [["orders"], ["orders"]]

    def test_what_is_called_like_a_new_dataset_stays(self, tmp_path: Path) -> None:
        visits = CONTRACT.replace("orders", "visits")
        copy = CONTRACT.replace("role: marketing", "role: sales").replace("pii: true", "pii: false")
        base = read_spec(tmp_path / "base", {"contracts/sales/visits.yaml": visits})
        new = {"contracts/sales/visits.yaml": visits, "contracts/marketing/orders.yaml": copy}
        head = read_spec(tmp_path / "head", new)
        assert [[(c.domain, c.dataset) for c in spec.contracts] for spec in narrowed(base, head)] == [
            [("sales", "orders")],
            [("marketing", "orders"), ("sales", "orders")],
        ]

    def test_nothing_is_left_out_where_the_organisation_differs(self, tmp_path: Path) -> None:
        base = read_spec(tmp_path / "base")
        head = read_spec(tmp_path / "head", {"domains/new.yaml": DOMAIN.format(name="new")})
        assert narrowed(base, head) == (base, head)
