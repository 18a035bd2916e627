"""Which stacks a change touches, and in which order."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings

from mesh_infra.manifest.stacks import stacks_of
from mesh_infra.review.affected import AffectedStack, affected
from mesh_infra.review.infrastructure import infrastructure_changes
from mesh_infra.review.sides import EMPTY
from mesh_infra.spec.model import Spec
from tests.meshes import CONTRACT, DOMAIN, MESH, read_spec
from tests.strategies import specs

ORDERS = "contracts/sales/orders.yaml"
CLICKS = "contracts/marketing/clicks.yaml"
PER_DOMAIN = MESH.replace("    region: eu-west-1\n", "    region: eu-west-1\n    stacks: per-domain\n")
WITH_ANALYST = PER_DOMAIN + "roles: {analyst: {}}\n"
FOR_ANALYST = CONTRACT.replace("marketing", "analyst")
NEW = {"domains/new.yaml": DOMAIN.format(name="new")}


def between(*bases: Spec, head: Spec, every: bool = False) -> tuple[AffectedStack, ...]:
    changes = [change for base in bases for change in infrastructure_changes(base, head)]
    return affected(bases, head, changes, every=every)


def plan(root: Path, *sides: dict[str, str], every: bool = False) -> list[list[str]]:
    """The stacks of each step, with what is to be destroyed in brackets; the last of the sides is HEAD."""
    *bases, head = [read_spec(root / str(n), {"mesh.yaml": PER_DOMAIN, **side}) for n, side in enumerate(sides)]
    found = between(*bases, head=head, every=every)
    steps: list[list[str]] = [[] for _ in range(max((stack.step for stack in found), default=0))]
    for stack in found:
        steps[stack.step - 1].append(stack.stack if stack.action == "up" else f"[{stack.stack}]")
    return steps


def test_one_contract_is_one_stack(tmp_path: Path) -> None:
    assert plan(tmp_path, {}, {ORDERS: CONTRACT.replace("read_masked", "read")}) == [["dev.sales"]]


def test_contracts_of_two_domains_are_deployed_side_by_side(tmp_path: Path) -> None:
    clicks = CONTRACT.replace("orders", "clicks").replace("marketing", "sales")
    head = {ORDERS: CONTRACT.replace("read_masked", "read"), CLICKS: clicks}
    assert plan(tmp_path, {}, head) == [["dev.marketing", "dev.sales"]]


def test_what_is_added_goes_from_the_platform_to_the_domains(tmp_path: Path) -> None:
    assert plan(tmp_path, {}, {"mesh.yaml": WITH_ANALYST, ORDERS: FOR_ANALYST}) == [["dev.platform"], ["dev.sales"]]
    assert plan(tmp_path / "domain", {}, NEW) == [["dev.platform"], ["dev.new"]]


def test_what_is_removed_goes_from_the_domains_to_the_platform(tmp_path: Path) -> None:
    assert plan(tmp_path, NEW, {}) == [["[dev.new]"], ["dev.platform"]]
    base = {"mesh.yaml": WITH_ANALYST, ORDERS: FOR_ANALYST}
    assert plan(tmp_path / "role", base, {}) == [["dev.sales"], ["dev.platform"]]


def test_both_take_three_steps(tmp_path: Path) -> None:
    head = {"mesh.yaml": WITH_ANALYST, ORDERS: FOR_ANALYST}
    assert plan(tmp_path, NEW, head) == [["[dev.new]"], ["dev.platform"], ["dev.sales"]]


def test_an_environment_in_one_stack_is_one_step(tmp_path: Path) -> None:
    base, head = read_spec(tmp_path / "base"), read_spec(tmp_path / "head", NEW)
    assert between(base, head=head) == (AffectedStack("dev", "dev", None, 1, "up"),)


def test_each_environment_has_steps_of_its_own(tmp_path: Path) -> None:
    two = PER_DOMAIN.replace(
        "classifications",
        '  prod:\n    prefix: acme-prod\n    account: "222233334444"\n    region: eu-west-1\n'
        '    deployer: "arn:aws:iam::222233334444:role/mesh-deployer"\nclassifications',
    )
    base, head = (
        read_spec(tmp_path / "base", {"mesh.yaml": two}),
        read_spec(tmp_path / "head", {"mesh.yaml": two} | NEW),
    )
    assert between(base, head=head) == (
        AffectedStack("dev.platform", "dev", "platform", 1, "up"),
        AffectedStack("dev.new", "dev", "new", 2, "up"),
        AffectedStack("prod", "prod", None, 1, "up"),
    )


def test_a_first_commit_deploys_everything(tmp_path: Path) -> None:
    head = read_spec(tmp_path, {"mesh.yaml": PER_DOMAIN})
    assert [(s.stack, s.step) for s in between(EMPTY, head=head)] == [
        ("dev.platform", 1),
        ("dev.marketing", 2),
        ("dev.sales", 2),
    ]
    assert [(s.stack, s.step, s.action) for s in between(head, head=EMPTY)] == [
        ("dev.marketing", 1, "destroy"),
        ("dev.sales", 1, "destroy"),
        ("dev.platform", 2, "destroy"),
    ]


CLEAR = {ORDERS: CONTRACT.replace("read_masked", "read")}


def test_to_take_back_what_was_deployed_halfway_touches_what_it_touched(tmp_path: Path) -> None:
    assert plan(tmp_path, {}, CLEAR, {}) == [["dev.sales"]]
    # The role and its grants may be there, or may not: it goes as one that was there before.
    added = {"mesh.yaml": WITH_ANALYST, ORDERS: FOR_ANALYST}
    assert plan(tmp_path / "role", {}, added, {}) == [["dev.sales"], ["dev.platform"]]


def test_grants_that_an_attempt_may_have_left_go_before_their_role(tmp_path: Path) -> None:
    described = PER_DOMAIN + "roles: {analyst: {}, auditor: {description: Looks at everything}}\n"
    before = {"mesh.yaml": described, ORDERS: FOR_ANALYST}
    attempt = {"mesh.yaml": described, ORDERS: FOR_ANALYST.replace("role: analyst", "role: auditor")}
    head = {"mesh.yaml": PER_DOMAIN + "roles: {auditor: {description: Looks}}\n", ORDERS: attempt[ORDERS]}
    assert plan(tmp_path, before, attempt, head) == [["dev.sales"], ["dev.platform"]]


def test_a_stack_that_only_an_attempt_has_is_destroyed(tmp_path: Path) -> None:
    assert plan(tmp_path, {}, NEW, {}) == [["[dev.new]"], ["dev.platform"]]


class TestEveryStack:
    def test_those_that_only_base_has_are_destroyed(self, tmp_path: Path) -> None:
        assert plan(tmp_path, NEW, {}, every=True) == [["[dev.new]"], ["dev.platform"], ["dev.marketing", "dev.sales"]]

    def test_what_loses_something_goes_before_the_platform(self, tmp_path: Path) -> None:
        base = {"mesh.yaml": WITH_ANALYST, ORDERS: FOR_ANALYST}
        assert plan(tmp_path, base, {}, every=True) == [["dev.sales"], ["dev.platform"], ["dev.marketing"]]

    def test_what_gains_something_does_not(self, tmp_path: Path) -> None:
        everything = [["dev.platform"], ["dev.marketing", "dev.sales"]]
        assert plan(tmp_path, {}, CLEAR, every=True) == everything
        assert plan(tmp_path / "same", {}, {}, every=True) == everything
        assert plan(tmp_path / "no base", {}, every=True) == everything


@given(specs(), specs())
@settings(max_examples=20, deadline=None)
def test_with_every_stack_are_all_of_head_and_those_that_base_alone_has(base: Spec, head: Spec) -> None:
    found = between(base, head=head, every=True)
    before, after = (
        {stack.name for environment in spec.mesh.environments for stack in stacks_of(spec, environment)}
        for spec in (base, head)
    )
    assert sorted(s.stack for s in found if s.action == "up") == sorted(after)
    assert sorted(s.stack for s in found if s.action == "destroy") == sorted(before - after)
    # Each stack that a change touches has the neighbours it has without the others, in the same order.
    touched = between(base, head=head)
    order = {s.stack: s.step for s in found}
    assert all(order[a.stack] < order[b.stack] for a in touched for b in touched if _before(a, b))


def _before(a: AffectedStack, b: AffectedStack) -> bool:
    return a.environment == b.environment and a.step < b.step


@given(specs(), specs())
@settings(max_examples=20, deadline=None)
def test_every_stack_that_changes_is_deployed_once(base: Spec, head: Spec) -> None:
    changes = infrastructure_changes(base, head)
    found = affected([base], head, changes)
    assert sorted(stack.stack for stack in found) == sorted({change.stack for change in changes})
    steps = {stack.step for stack in found}
    assert steps == set(range(1, len(steps) + 1))


@given(specs())
@settings(max_examples=10, deadline=None)
def test_no_change_touches_no_stack(spec: Spec) -> None:
    assert between(spec, head=spec) == ()
