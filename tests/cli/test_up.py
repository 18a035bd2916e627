"""`mesh up` and `mesh preview`, as far as they go without the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Mesh
from tests.meshes import MESH, write_mesh

PER_DOMAIN = MESH.replace("classifications:", "    stacks: per-domain\nclassifications:")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_mesh(tmp_path / "mesh", {"mesh.yaml": PER_DOMAIN})


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only `pulumi` on the PATH: one that knows its version and is not logged in."""
    path = tmp_path / "bin" / "pulumi"
    path.parent.mkdir()
    path.write_text(
        '#!/bin/sh\n[ "$1" = version ] && echo v3.259.0 && exit\n'
        "echo 'error: PULUMI_ACCESS_TOKEN must be set for login' >&2\nexit 255\n"
    )
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(path.parent))
    return path


@pytest.mark.parametrize("options", [[], ["--format", "json"]])
def test_nothing_is_deployed_where_nobody_can_be_asked(mesh: Mesh, root: Path, options: list[str]) -> None:
    ran = mesh("up", "-C", root, *options)
    assert (ran.code, ran.stderr) == (2, "mesh: there is nobody to ask; see 'mesh preview', then give --yes\n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--domains", "sale"], "there is no domain 'sale'; did you mean 'sales'?"),
        (["--domains", " , "], "--domains names no domain"),
        (["--parallel", "0"], "'--parallel'"),
        (["--env", "prod"], "there is no environment 'prod'"),
    ],
)
def test_wrong_usage(mesh: Mesh, root: Path, options: list[str], said: str) -> None:
    ran = mesh("preview", "-C", root, *options)
    assert ran.code == 2
    assert said in ran.stderr


def test_one_stack_has_no_domains_to_choose(mesh: Mesh, small: Path) -> None:
    ran = mesh("up", "--yes", "--domains", "sales", "-C", small)
    assert (ran.code, ran.stderr.partition(":")[2].partition(";")[0]) == (
        2,
        " 'dev' is one stack: its domains cannot be deployed one by one",
    )


def test_a_mesh_with_errors_is_not_deployed(mesh: Mesh, root: Path) -> None:
    (root / "domains/sales.yaml").write_text("domain: sales\n")
    ran = mesh("up", "--yes", "-C", root)
    assert ran.code == 1
    assert "[domain-" in ran.stderr


def test_without_a_pulumi_it_says_what_to_do(
    mesh: Mesh, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = mesh("preview", "-C", root)
    assert (ran.code, ran.stderr) == (2, "mesh: there is no 'pulumi' on the PATH; install the Pulumi CLI\n")


@pytest.mark.usefixtures("pulumi")
def test_a_backend_that_does_not_answer_is_quoted(mesh: Mesh, root: Path) -> None:
    ran = mesh("preview", "-C", root)
    assert ran.code == 1
    assert ran.stderr == "mesh: Pulumi cannot list its stacks: PULUMI_ACCESS_TOKEN must be set for login\n"
