"""`mesh local` with a real server and the real Pulumi CLI."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from mesh_infra.cli.main import main
from mesh_infra.local import server
from mesh_infra.local.mesh import ADMIN_ROLE
from tests.cli.conftest import SAMPLE, Mesh, Ran, run_process
from tests.meshes import CONTRACT, MESH, write_mesh

pytestmark = pytest.mark.engine

HERE = "arn:aws:iam::123456789012"
ROLES = f"""
roles:
  auditor: {{principals: {{local: ["{HERE}:role/audit/auditor"], dev: ["arn:aws:iam::111122223333:role/auditor"]}}}}
  ada: {{principals: {{local: ["{HERE}:user/ada"]}}}}
  guarded: {{trust: {{local: ["{HERE}:role/sso", "{HERE}:role/acme-mesh-local-marketing", "999999999999"]}}}}
"""
FILES = {
    "mesh.yaml": MESH + ROLES,
    "Pulumi.yaml": (SAMPLE / "Pulumi.yaml").read_text(),
    "__main__.py": (SAMPLE / "__main__.py").read_text(),
}
WHO = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
DEPLOYER = "arn:aws:sts::123456789012:assumed-role/mesh-deployer/mesh\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A mesh whose local AWS runs; its folder has a space in its name."""
    root = write_mesh(tmp_path_factory.mktemp("local mesh"), FILES)
    started = run_process("local", "start", "-C", root)
    assert started.code == 0, started.stderr
    assert started.stdout.startswith("running at http://127.0.0.1:")
    yield root
    server.stop(root)


@pytest.fixture
def mesh(capfd: pytest.CaptureFixture[str]) -> Mesh:
    """`mesh` in this process, with what the commands write that it runs."""

    def run(*args: str | Path) -> Ran:
        code = main([str(arg) for arg in args])
        captured = capfd.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


def pid_of(root: Path) -> int:
    found = server.status(root)
    assert found is not None
    return found.pid


def client(root: Path, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    found = server.status(root)
    assert found is not None
    return boto3.client(
        service,
        region_name="eu-west-1",
        endpoint_url=found.endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def test_a_second_start_finds_the_first(mesh: Mesh, root: Path) -> None:
    before = pid_of(root)
    again = mesh("local", "start", "-C", root, "--format", "json")
    document = json.loads(again.stdout)
    assert (again.code, document["pid"], document["account"]) == (0, before, "123456789012")
    assert mesh("local", "status", "-C", root, "--format", "json").stdout == again.stdout


def test_commands_run_as_the_deployer_whatever_the_shell_says(root: Path) -> None:
    env = {"AWS_PROFILE": "nobody", "AWS_ACCESS_KEY_ID": "mine", "HTTP_PROXY": "http://127.0.0.1:1"}
    ran = run_process("local", "exec", "-C", root, "--", sys.executable, "-c", WHO, env=env)
    assert (ran.code, ran.stdout, ran.stderr) == (0, DEPLOYER, "")


def test_commands_run_in_the_root_and_their_exit_code_is_passed_on(mesh: Mesh, root: Path) -> None:
    ran = mesh("local", "exec", "-C", root, "--", "sh", "-c", 'pwd; echo "$MESH_ENV $PULUMI_STACK"; exit 7')
    assert (ran.code, ran.stdout) == (7, f"{root}\nlocal local\n")


def test_the_real_cli_runs_with_its_own_options(mesh: Mesh, root: Path) -> None:
    ran = mesh("local", "exec", "-C", root, "pulumi", "stack", "--show-name")
    assert (ran.code, ran.stdout) == (0, "local\n")


def test_who_must_exist_before_a_deployment_exists(root: Path) -> None:
    iam = client(root, "iam")
    roles = {role["Arn"] for role in iam.list_roles()["Roles"]}
    # marketing's role is one that the deployment makes.
    assert roles == {f"{HERE}:role/{name}" for name in ("mesh-deployer", ADMIN_ROLE, "audit/auditor", "sso")}
    assert [user["Arn"] for user in iam.list_users()["Users"]] == [f"{HERE}:user/ada"]


def test_lake_formation_is_set_up(root: Path) -> None:
    lake_formation = client(root, "lakeformation")
    settings = lake_formation.get_data_lake_settings()["DataLakeSettings"]
    assert settings["DataLakeAdmins"] == [{"DataLakePrincipalIdentifier": f"{HERE}:role/mesh-deployer"}]
    assert settings["CreateDatabaseDefaultPermissions"] == settings["CreateTableDefaultPermissions"] == []
    assert lake_formation.list_permissions()["PrincipalResourcePermissions"] == []


def test_the_environment_is_there_for_a_shell(root: Path) -> None:
    mesh = f"{sys.executable} -m mesh_infra.cli"
    script = f'eval "$({mesh} -C "$1" local env)"; echo "<$AWS_PROFILE>"; {sys.executable} -c "$2"'
    done = subprocess.run(
        ["sh", "-c", script, "sh", str(root), WHO],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "AWS_PROFILE": "nobody"},
    )
    assert done.stdout == f"<>\n{DEPLOYER}", done.stderr


def test_the_environment_as_json_is_what_leads_there(mesh: Mesh, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("OTHER", "x")
    variables = json.loads(mesh("local", "env", "-C", root, "--format", "json").stdout)
    assert variables["AWS_REGION"] == "eu-west-1"
    assert variables["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert variables["PULUMI_STACK"] == variables["MESH_ENV"] == "local"
    assert "OTHER" not in variables


def test_a_command_that_is_not_there_is_wrong_usage(mesh: Mesh, root: Path) -> None:
    ran = mesh("local", "exec", "-C", root, "--", "no-such-command")
    assert (ran.code, ran.stderr) == (2, "mesh: there is no command 'no-such-command'; give one that is installed\n")


def test_an_unknown_provider_is_wrong_usage(mesh: Mesh, root: Path) -> None:
    ran = mesh("local", "exec", "-C", root, "--provider", "reel", "--", "true")
    assert (ran.code, ran.stderr) == (2, "mesh: unknown provider 'reel'; did you mean 'real'?\n")


def test_the_real_provider_must_be_installed(
    mesh: Mesh, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    ran = mesh("local", "exec", "-C", root, "--provider", "real", "--", "true")
    assert ran.code == 1
    assert ran.stderr.startswith("mesh: the real pulumi-aws plugin ")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("contracts/sales/orders.yaml", CONTRACT.replace("type: string", "type: strnig", 1)),
        ("domains/sales.yaml", "domain: 3\n"),
        ("mesh.yaml", MESH.replace("eu-west-1", "nowhere")),
        ("mesh.yaml", "- no mesh\n"),
    ],
)
def test_an_error_in_a_file_keeps_nobody_from_cleaning_up(mesh: Mesh, root: Path, path: str, text: str) -> None:
    whole = (root / path).read_text()
    (root / path).write_text(text)
    ran = mesh("local", "exec", "-C", root, "--", "true")
    (root / path).write_text(whole)
    assert (ran.code, ran.stderr) == (0, "")


def test_one_that_died_is_replaced_by_a_fresh_one(mesh: Mesh, root: Path) -> None:
    died = pid_of(root)
    os.kill(died, signal.SIGKILL)
    ran = mesh("local", "exec", "-C", root, "--", sys.executable, "-c", WHO)
    assert ran.stdout == DEPLOYER
    assert ran.stderr == "a fresh local AWS was started: it is empty, and Pulumi knows of nothing in it\n"
    assert pid_of(root) != died


def test_it_is_stopped_once(mesh: Mesh, tmp_path: Path) -> None:
    root = write_mesh(tmp_path / "other", FILES)
    assert mesh("local", "start", "-C", root, "--quiet").stderr == ""
    stopped = mesh("local", "stop", "-C", root)
    assert (stopped.code, stopped.stdout) == (0, "stopped: what was deployed there is gone\n")
    assert mesh("local", "stop", "-C", root).stdout == "the local AWS was not running\n"
    status = mesh("local", "status", "-C", root)
    assert (status.code, status.stdout) == (1, "the local AWS is not running\n")
    assert json.loads(mesh("local", "status", "-C", root, "--format", "json").stdout) == {"running": False}


def test_without_a_mesh_nothing_is_started(mesh: Mesh, tmp_path: Path) -> None:
    ran = mesh("local", "start", "-C", tmp_path)
    assert ran.code == 2
    assert ran.stderr.startswith("mesh: there is no mesh.yaml in ")
    assert list(tmp_path.iterdir()) == []
