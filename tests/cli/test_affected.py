from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mesh_infra.cli.affected import MOST_JOBS
from tests.cli.conftest import Mesh
from tests.cli.repository import changed
from tests.meshes import BASE, CONTRACT, DOMAIN, MESH, write_mesh
from tests.review.repository import Repo, new_repository

PER_DOMAIN = f"{MESH}".replace("    region: eu-west-1\n", "    region: eu-west-1\n    stacks: per-domain\n")
NEW = DOMAIN.format(name="returns")
FOR_ANALYST = CONTRACT.replace("marketing", "analyst")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A mesh of a stack for each domain, to which a domain is added."""
    repo = changed(tmp_path / "mesh", {"mesh.yaml": PER_DOMAIN})
    repo.commit({"mesh.yaml": PER_DOMAIN})
    repo.write({"domains/returns.yaml": NEW})
    return repo.root


def matrices(mesh: Mesh, *args: str | Path) -> Any:  # noqa: ANN401 - JSON
    ran = mesh(*args, "--format", "github-matrix")
    assert (ran.code, ran.stderr, ran.stdout.count("\n")) == (0, "", 1)
    return json.loads(ran.stdout)


def test_in_the_order_of_deployment(mesh: Mesh, root: Path) -> None:
    ran = mesh("-C", root, "affected")
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "step  stack         action",
        "   1  dev.platform  up",
        "   2  dev.returns   up",
    ]


def test_as_json(mesh: Mesh, root: Path) -> None:
    document = json.loads(mesh("-C", root, "affected", "--format", "json").stdout)
    assert document["affected"][1] == {
        "stack": "dev.returns",
        "environment": "dev",
        "scope": "returns",
        "step": 2,
        "action": "up",
    }


def test_as_a_matrix_for_each_step(mesh: Mesh, root: Path) -> None:
    row = {"environment": "dev", "account": "111122223333", "region": "eu-west-1", "action": "up"}
    assert matrices(mesh, "-C", root, "affected") == [
        {"include": [{**row, "stacks": "dev.platform"}]},
        {"include": [{**row, "stacks": "dev.returns"}]},
    ]


def test_nothing_is_touched(mesh: Mesh, root: Path) -> None:
    ran = mesh("-C", root, "affected", "HEAD", "HEAD")
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "no stack is touched\n")
    assert matrices(mesh, "-C", root, "affected", "HEAD", "HEAD") == []


def test_all_of_them_need_no_repository(mesh: Mesh, tmp_path: Path) -> None:
    root = write_mesh(tmp_path / "mesh", {"mesh.yaml": PER_DOMAIN})
    assert [line.split()[:2] for line in mesh("-C", root, "affected", "--all").stdout.splitlines()[1:]] == [
        ["1", "dev.platform"],
        ["2", "dev.marketing"],
        ["2", "dev.sales"],
    ]


def rows(mesh: Mesh, *args: str | Path) -> list[str]:
    """The stacks that are listed, as step, name and action."""
    return [" ".join(line.split()) for line in mesh(*args).stdout.splitlines()[1:]]


def test_all_of_them_and_those_that_base_alone_has(mesh: Mesh, root: Path) -> None:
    for domain in ("returns", "marketing"):
        (root / f"domains/{domain}.yaml").unlink()
    orders = root / "contracts/sales/orders.yaml"
    orders.write_text(orders.read_text().replace("marketing", "sales"))
    assert rows(mesh, "-C", root, "affected", "HEAD", "--all") == [
        "1 dev.marketing destroy",
        "1 dev.sales up",
        "2 dev.platform up",
    ]


def test_what_was_deployed_halfway_is_compared_too(mesh: Mesh, root: Path) -> None:
    repo = Repo(root)
    attempted = repo.commit()
    repo.commit({"domains/returns.yaml": None})
    assert rows(mesh, "-C", root, "affected", "HEAD~2", "HEAD") == []
    halfway = ["1 dev.returns destroy", "2 dev.platform up"]
    assert rows(mesh, "-C", root, "affected", "HEAD~2", "HEAD", "--also-from", attempted) == halfway
    # Where nothing ended well there is no BASE.
    assert rows(mesh, "-C", root, "affected", "--all", "--also-from", attempted) == [
        *halfway,
        "3 dev.marketing up",
        "3 dev.sales up",
    ]


def test_more_stacks_than_a_matrix_has_jobs_share_them(mesh: Mesh, tmp_path: Path) -> None:
    domains = {f"domains/d{number}.yaml": DOMAIN.format(name=f"d{number}") for number in range(MOST_JOBS)}
    root = write_mesh(tmp_path / "mesh", {"mesh.yaml": PER_DOMAIN, **domains})
    rows = matrices(mesh, "-C", root, "affected", "--all")[1]["include"]
    assert len(rows) <= MOST_JOBS
    stacks = [stack for row in rows for stack in row["stacks"].split()]
    assert len(stacks) == len(set(stacks)) == MOST_JOBS + 2


PROD = PER_DOMAIN.replace(
    "classifications",
    '  prod:\n    prefix: acme-prod\n    account: "222233334444"\n    region: eu-west-1\n    stacks: per-domain\n'
    '    deployer: "arn:aws:iam::222233334444:role/mesh-deployer"\nclassifications',
)


@pytest.mark.parametrize(("text", "domains"), [(PER_DOMAIN, 4), (PROD, 4), (PER_DOMAIN, 120), (PROD, 60)])
def test_a_matrix_has_the_stacks_that_the_list_has(mesh: Mesh, tmp_path: Path, text: str, domains: int) -> None:
    """Every other domain is removed, so that in order of their names stacks to deploy and to destroy alternate."""
    before = text.replace("classifications", "roles: {analyst: {}}\nclassifications")
    names = [f"d{number:03}" for number in range(domains)]
    repo = new_repository(tmp_path / "mesh")
    repo.commit(
        {**BASE, "mesh.yaml": before}
        | {f"domains/{name}.yaml": DOMAIN.format(name=name) for name in names}
        | {f"contracts/{name}/orders.yaml": FOR_ANALYST for name in names}
    )
    repo.write({f"contracts/{name}/orders.yaml": None for name in names})
    repo.write({"mesh.yaml": text} | {f"domains/{name}.yaml": None for name in names[::2]})
    listed = json.loads(mesh("-C", repo.root, "affected", "HEAD", "--format", "json").stdout)["affected"]
    found = matrices(mesh, "-C", repo.root, "affected", "HEAD")
    rows = [(number, row) for number, step in enumerate(found, start=1) for row in step["include"]]
    assert sorted(
        (number, stack, row["environment"], row["action"]) for number, row in rows for stack in row["stacks"].split()
    ) == sorted((stack["step"], stack["stack"], stack["environment"], stack["action"]) for stack in listed)
    assert {(row["environment"], row["account"]) for _, row in rows} <= {
        ("dev", "111122223333"),
        ("prod", "222233334444"),
    }
    assert all(len(step["include"]) <= MOST_JOBS for step in found)
    assert {stack["action"] for stack in listed if stack["step"] == 1} == {"up", "destroy"}


def test_a_mesh_with_errors_is_not_deployed(mesh: Mesh, root: Path) -> None:
    (root / "domains/returns.yaml").write_text("domain: returns\n")
    ran = mesh("-C", root, "affected")
    assert (ran.code, ran.stdout) == (1, "")
    assert ran.stderr.startswith("domains/returns.yaml:1:1: ")


def test_errors_of_a_revision_are_told_as_that_revisions(mesh: Mesh, root: Path) -> None:
    repo = Repo(root)
    wrong = CONTRACT.replace("type: string", "type: strnig", 1)
    repo.commit({"contracts/sales/orders.yaml": wrong})
    repo.write({"contracts/sales/orders.yaml": CONTRACT})
    told = "contracts/sales/orders.yaml:6:11: in HEAD: unknown type 'strnig'; give a revision without errors"
    for args in (("HEAD",), ("HEAD~1", "--also-from", "HEAD"), ("HEAD~1", "HEAD")):
        ran = mesh("-C", root, "affected", *args)
        assert (ran.code, ran.stdout) == (1, "")
        assert [line.partition(" [")[0] for line in ran.stderr.splitlines()] == [told]
