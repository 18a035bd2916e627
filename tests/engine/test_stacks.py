"""A stack for the platform and one for each domain, side by side in one local AWS, through the Automation API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.harness import LocalMesh, Ran, local_mesh
from tests.engine.leftovers import everything, grants

pytestmark = pytest.mark.engine

SMALL = Path(__file__).parent / "small"
PLATFORM, MARKETING, SALES = "local.platform", "local.marketing", "local.sales"


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    """One mesh for all tests: each goes on where the one before it ended."""
    with local_mesh(tmp_path_factory.mktemp("stacks"), SMALL) as mesh:
        mesh.edit("mesh.yaml", "roles:", "    stacks: per-domain\nroles:")
        yield mesh


def run(mesh: LocalMesh, *args: str) -> tuple[Ran, dict[str, Any]]:
    """`mesh up` or `mesh preview`, with what it says of each stack."""
    ran = mesh.mesh(*args, "--env", "local", "--parallel", "2", "--format", "json")
    assert ran.stdout, ran.output
    return ran, {stack["stack"]: stack for stack in json.loads(ran.stdout)["stacks"]}


def results(stacks: dict[str, Any]) -> dict[str, str]:
    return {name: stack["result"] for name, stack in stacks.items()}


def _delete_role(mesh: LocalMesh, name: str) -> None:
    iam = mesh.aws("iam")
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


def test_a_domain_that_fails_is_reported_and_the_others_are_deployed(mesh: LocalMesh) -> None:
    ran, stacks = run(mesh, "up", "--yes", "--domains", "platform")
    assert (ran.code, results(stacks)) == (0, {PLATFORM: "done"})
    assert stacks[PLATFORM]["created"] > 20
    # Pulumi knows nothing of this: sales, whose dataset the role reads, hears of it from AWS.
    _delete_role(mesh, "small-mesh-local-analyst")
    ran, stacks = run(mesh, "up", "--yes")
    assert ran.code == 1
    assert results(stacks) == {PLATFORM: "done", MARKETING: "done", SALES: "failed"}
    assert stacks[PLATFORM]["unchanged"] > 20
    (error,) = stacks[SALES]["error"]
    assert error.startswith("Permissions sales.analyst: ")
    assert error.endswith("Invalid principal")
    assert "Invalid principal" in (mesh.root / stacks[SALES]["log"]).read_text()


def test_the_plain_cli_works_on_one_of_them(mesh: LocalMesh) -> None:
    mesh.pulumi("refresh", "--yes", "--skip-preview", "--stack", PLATFORM)
    # Without a name it is the platform.
    mesh.pulumi("up", "--yes", "--skip-preview")
    mesh.pulumi("up", "--yes", "--skip-preview", "--stack", SALES)


def test_a_preview_of_all_shows_nothing(mesh: LocalMesh) -> None:
    ran, stacks = run(mesh, "preview")
    assert ran.code == 0
    assert set(stacks) == {PLATFORM, MARKETING, SALES}
    for stack in stacks.values():
        assert stack["unchanged"] > 10
        assert not any(stack[change] for change in ("created", "updated", "replaced", "deleted")), stack


def test_together_they_are_what_one_stack_is(mesh: LocalMesh, tmp_path: Path) -> None:
    with local_mesh(tmp_path, SMALL) as one:
        one.up()
        assert _but_keys(everything(mesh)) == _but_keys(everything(one))


def test_a_domain_that_is_gone_goes_before_its_roles(mesh: LocalMesh) -> None:
    (mesh.root / "domains/sales.yaml").unlink()
    (mesh.root / "contracts/sales/orders.yaml").unlink()
    refused = mesh.mesh("up", "--yes", "--env", "local")
    assert refused.code == 1
    assert f"'mesh local exec -- pulumi destroy --stack {SALES}'" in refused.stderr
    mesh.pulumi("destroy", "--yes", "--skip-preview", "--stack", SALES)
    mesh.pulumi("stack", "rm", "--yes", SALES)
    done = mesh.mesh("up", "--yes", "--env", "local", "--domains", "platform")
    assert (done.code, done.stderr) == (0, "")
    assert [line.split()[:5] for line in done.stdout.splitlines()[1:2]] == [[PLATFORM, "done", "0", "0", "0"]]
    assert "small-mesh-local-sales" not in everything(mesh)["roles"]
    assert grants(mesh) == []


def _but_keys(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Key ids are AWS's choice: only how many there are can be the same."""
    return found | {"keys": [str(len(found["keys"]))]}
