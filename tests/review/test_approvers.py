"""Who must agree to what no change of a contract or of access tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh_infra.review.approvers import THOSE_WHO_RUN_THE_MESH, with_approvers
from mesh_infra.review.build import review
from mesh_infra.review.model import InfrastructureChange, Review
from mesh_infra.review.render.parts import approvers_of
from mesh_infra.review.sides import Side
from tests.meshes import DOMAIN, MESH, read_spec

PROD = MESH.replace(
    "classifications",
    '  prod:\n    prefix: acme-prod\n    account: "222233334444"\n    region: eu-west-1\n'
    '    deployer: "arn:aws:iam::222233334444:role/mesh-deployer"\nclassifications',
)
RUN = 'github: ["@acme/platform", "@ann"]\n'
OTHERS = 'github: ["@mallory"]\n'
DATABASE = "aws:glue/catalogDatabase:CatalogDatabase"


def reviewed(root: Path, base: dict[str, str], head: dict[str, str]) -> Review:
    before, after = read_spec(root / "base", base), read_spec(root / "head", head)
    return review(Side("base", before, ()), Side("head", after, ()))


@pytest.mark.parametrize(
    ("github", "runners"), [(RUN, {"@acme/platform", "@ann"}), ("", {THOSE_WHO_RUN_THE_MESH})], ids=["named", "nobody"]
)
def test_to_remove_an_environment_takes_those_who_run_the_mesh_and_who_loses_data(
    tmp_path: Path, github: str, runners: set[str]
) -> None:
    found = reviewed(tmp_path, {"mesh.yaml": PROD + github}, {"mesh.yaml": MESH + github})
    assert {"environment-removed"} == {finding.rule for finding in found.findings}
    lost = {(change.name, change.approvers) for change in found.infrastructure if change.data_loss}
    assert {("sales", ("team-sales@company.com",)), ("marketing", ("team-marketing@company.com",))} <= lost
    assert {*approvers_of(found)} == {*runners, "team-sales@company.com", "team-marketing@company.com"}


def test_it_is_the_owner_of_today_whose_data_is_lost(tmp_path: Path) -> None:
    base = read_spec(tmp_path / "base", {"mesh.yaml": MESH + RUN})
    moved = {"mesh.yaml": MESH + OTHERS, "domains/sales.yaml": DOMAIN.format(name="sales").replace("team-", "new-")}
    new = {**moved, "domains/sales_new.yaml": DOMAIN.format(name="sales_new")}
    head = read_spec(tmp_path / "head", new)

    def asked(name: str, *, lost: bool = True, type_: str = DATABASE) -> tuple[str, ...]:
        (change,) = with_approvers([InfrastructureChange("dev", "delete", type_, name, (), (), lost)], base, head)
        return change.approvers

    assert asked("sales") == asked("sales.orders_v1") == asked("sales-lakeformation") == ("team-sales@company.com",)
    assert asked("sales_new") == ("team-sales_new@company.com",)
    # What is the platform's, or what an engine has that is not of the mesh.
    assert asked("results") == asked("other", type_="aws:rds/instance:Instance") == ("@acme/platform", "@ann")
    assert asked("sales", lost=False) == ()


def test_what_is_named_in_another_order_is_named(tmp_path: Path) -> None:
    other = 'github: ["@ann", "@acme/platform"]\n'
    found = reviewed(tmp_path, {"mesh.yaml": MESH + RUN}, {"mesh.yaml": MESH + other})
    assert (found.findings, found.approvers) == ((), ())


def test_a_domain_that_names_others_than_the_mesh_asks_those_of_the_mesh(tmp_path: Path) -> None:
    sales = DOMAIN.format(name="sales")
    base = {"mesh.yaml": MESH + RUN, "domains/sales.yaml": sales}
    found = reviewed(tmp_path, base, {**base, "domains/sales.yaml": sales + OTHERS})
    assert [finding.message for finding in found.findings] == [
        "who approves for the domain on GitHub changes from '@acme/platform' and '@ann' to '@mallory'"
    ]
    assert found.approvers == ("team-sales@company.com", "@acme/platform", "@ann")
    # They are asked either way.
    (tmp_path / "same").mkdir()
    assert reviewed(tmp_path / "same", base, {**base, "domains/sales.yaml": sales + RUN}).findings == ()
