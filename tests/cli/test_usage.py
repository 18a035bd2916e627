from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mesh_infra import __version__
from tests.cli.conftest import SAMPLE, Mesh, run_process
from tests.meshes import MESH, write_mesh

TWO_ENVIRONMENTS = MESH.replace(
    "classifications:",
    """\
  prod:
    prefix: acme-prod
    account: "444455556666"
    region: eu-west-1
    deployer: "arn:aws:iam::444455556666:role/mesh-deployer"
classifications:""",
)


def test_version_is_said(mesh: Mesh) -> None:
    ran = mesh("--version")
    assert (ran.code, ran.stdout) == (0, f"mesh-infra {__version__}\n")


@pytest.mark.parametrize("args", [(), ("local",)])
def test_without_a_command_the_help_is_shown_as_an_error(mesh: Mesh, args: tuple[str, ...]) -> None:
    ran = mesh(*args)
    assert ran.code == 2
    assert ran.stdout == ""
    assert "Commands:" in ran.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("lst",), "mesh: No such command 'lst'; did you mean 'list'?\n"),
        (("list", "--evn", "dev"), "mesh: No such option: --evn (Possible options: --env); see 'mesh list --help'\n"),
        (("--format", "yaml", "list"), "'yaml' is not one of 'text', 'json'; see 'mesh --help'\n"),
        (("show",), "mesh: Missing argument 'DATASET'; see 'mesh show --help'\n"),
        (("list", "more"), "mesh: Got unexpected extra argument(s) (more); see 'mesh list --help'\n"),
        (("-C", "nowhere", "list"), "mesh: there is no directory 'nowhere'\n"),
        (("--env", "pord", "list"), "mesh: there is no environment 'pord'; mesh.yaml has: 'dev' and 'local'\n"),
    ],
)
def test_wrong_usage_is_one_line(mesh: Mesh, args: tuple[str, ...], message: str) -> None:
    ran = mesh(*args)
    assert ran.code == 2
    assert ran.stdout == ""
    assert ran.stderr.endswith(message)
    assert ran.stderr.count("\n") == 1


def test_the_mesh_is_found_from_a_folder_inside_it(mesh: Mesh, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small / "contracts/sales")
    assert mesh("list").stdout.splitlines()[1].startswith("orders.v1")


def test_outside_of_a_mesh_the_way_in_is_said(mesh: Mesh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = mesh("list")
    assert ran.code == 2
    assert ran.stderr == (
        f"mesh: there is no mesh.yaml in '{tmp_path}' or above it; "
        "go to a mesh repository, or name one: mesh -C DIR \N{HORIZONTAL ELLIPSIS}\n"
    )


def test_shared_options_stand_before_or_after_the_command(mesh: Mesh, small: Path) -> None:
    before = mesh("-C", small, "--env", "local", "--format", "json", "manifest")
    after = mesh("manifest", "-C", small, "--env", "local", "--format", "json")
    assert json.loads(before.stdout)["environment"] == "local"
    assert before == after


def test_a_shared_option_after_the_command_wins(mesh: Mesh, small: Path) -> None:
    ran = mesh("-C", "nowhere", "--env", "local", "manifest", "--env", "dev", "-C", small)
    assert ran.stdout.splitlines()[0] == "acme, environment dev"


def test_the_environment_is_that_of_the_variable(mesh: Mesh, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESH_ENV", "local")
    assert mesh("manifest", "-C", small).stdout.splitlines()[0] == "acme, environment local"
    assert mesh("manifest", "-C", small, "--env", "dev").stdout.splitlines()[0] == "acme, environment dev"


def test_of_several_environments_one_must_be_named(mesh: Mesh, tmp_path: Path) -> None:
    root = write_mesh(tmp_path, {"mesh.yaml": TWO_ENVIRONMENTS})
    ran = mesh("list", "-C", root)
    assert ran.code == 2
    assert ran.stderr == (
        "mesh: mesh.yaml has several environments: say which one is meant; "
        "give --env or set MESH_ENV to one of: dev, prod, local\n"
    )
    assert mesh("list", "-C", root, "--env", "prod").code == 0


def test_what_takes_a_mesh_without_errors_says_what_is_wrong_with_it(mesh: Mesh, small: Path) -> None:
    (small / "domains/sales.yaml").write_text("domain: sales\n")
    for command in (("list",), ("show", "orders"), ("manifest",), ("bootstrap",)):
        ran = mesh(*command, "-C", small)
        assert ran.code == 1
        assert ran.stdout == ""
        assert ran.stderr == mesh("check", "-C", small).stdout


def test_a_defect_is_one_line_and_its_traceback_is_to_be_had(
    mesh: Mesh, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defective(*_: object) -> None:
        raise KeyError("defect")

    monkeypatch.setattr("mesh_infra.checks.evaluate", defective)
    ran = mesh("list", "-C", small)
    assert ran.code == 2
    assert (
        ran.stderr == "mesh: KeyError: 'defect'; a defect of mesh-infra, please report it: MESH_DEBUG=1 shows where\n"
    )
    monkeypatch.setenv("MESH_DEBUG", "1")
    with pytest.raises(KeyError, match="defect"):
        mesh("list", "-C", small)


def test_an_interrupt_ends_quietly(mesh: Mesh, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mesh_infra.checks.evaluate", interrupted)
    ran = mesh("list", "-C", small)
    assert (ran.code, ran.stdout, ran.stderr) == (130, "", "")


def test_a_reader_that_is_gone_ends_it_quietly() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "mesh_infra.cli", "-C", str(SAMPLE), "manifest", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate()
    assert (process.returncode, errors) == (1, b"")


@pytest.mark.parametrize("args", [("--help",), ("check", "--help"), ("local", "exec", "--help")])
def test_help_waits_for_nothing_heavy(args: tuple[str, ...]) -> None:
    script = (
        f"import sys; from mesh_infra.cli.main import main; code = main({list(args)}); "
        "heavy = ('pydantic', 'boto3', 'botocore', 'pulumi', 'rich', 'yaml', 'moto'); "
        "sys.exit(code or ', '.join(name for name in heavy if name in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_encoding_without_the_character_is_no_reason_to_fail(small: Path) -> None:
    contract = small / "contracts/sales/orders.yaml"
    contract.write_text(contract.read_text() + 'title: "Bestellungen für März"\n', encoding="utf-8")
    ran = run_process("show", "orders", "-C", small, env={"PYTHONIOENCODING": "ascii"})
    assert ran.code == 0
    assert ran.stdout.splitlines()[0] == r"orders.v1  Bestellungen f\xfcr M\xe4rz"


@pytest.mark.parametrize("command", ["diff", "affected", "codeowners"])
def test_what_is_about_every_environment_takes_none(mesh: Mesh, small: Path, command: str) -> None:
    before = mesh("-C", small, "--env", "dev", command)
    assert (before.code, before.stdout) == (2, "")
    assert "--env" in before.stderr
    assert "this command is about every environment, leave it out" in before.stderr
    assert mesh("-C", small, command, "--env", "dev").code == 2
    assert "--env" not in mesh(command, "--help").stdout
