"""Every example of every help text, run."""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path

import boto3
import pytest

from mesh_infra.cli.main import main
from mesh_infra.cli.whatnext import STEPS
from mesh_infra.local import server
from tests.cli.conftest import SAMPLE, Mesh, Ran, run_on_terminal

AUTHORING = ("init", "grant", "revoke", "schema", "new")
"""Their examples are run by tests/authoring."""
REVIEW = ("diff", "affected", "codeowners", "access")  # run in test_diff.py
EXCHANGE = ("export", "import")  # run in test_export.py, and in tests/exchange
DEPLOYMENT = ("up", "preview")
"""They need the engine: tests/engine/test_stacks.py runs them."""
COMMANDS = (
    *("check", "rules", "list", "show", "manifest", "bootstrap", "recover", "doctor"),
    *(*REVIEW, *AUTHORING, *EXCHANGE, *DEPLOYMENT),
)
LOCAL_COMMANDS = ("start", "stop", "status", "env", "exec")
PULUMI = """\
#!/bin/sh
case "$1 $2" in
"version ") echo v3.999.0 ;;
"stack export") echo '{"deployment": {}}' ;;
*) echo "pulumi $*" ;;
esac
"""


def examples(mesh: Mesh, *command: str) -> list[list[str]]:
    shown = mesh(*command, "--help").stdout
    found = re.findall(r"^    mesh (.*)$", shown.partition("Examples:")[2], flags=re.MULTILINE)
    assert found, shown
    return [shlex.split(example) for example in found]


def test_every_command_is_covered(mesh: Mesh) -> None:
    for args, known in (((), (*COMMANDS, "local")), (("local",), LOCAL_COMMANDS)):
        listed = mesh(*args, "--help").stdout.partition("Commands:")[2].partition("Examples:")[0]
        assert set(re.findall(r"^  (\w+) ", listed, flags=re.MULTILINE)) == set(known)


@pytest.mark.parametrize("command", ["check", "rules", "list", "show", "manifest"])
def test_examples_about_a_mesh(mesh: Mesh, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SAMPLE)
    for example in examples(mesh, command):
        assert mesh(*example).code == 0, example


def test_examples_of_doctor(mesh: Mesh) -> None:
    for example in examples(mesh, "doctor"):
        ran = mesh(*example)
        # The machine may lack the Pulumi CLI, which comes with the first 'mesh local start'.
        assert ran.code in (0, 1)
        assert "Pulumi CLI" in ran.stdout


@pytest.fixture
def account_of_dev(new_aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a new account with the number that the sample mesh gives to 'dev'."""
    # moto keeps an account for each that a role was assumed in.
    sts = boto3.Session().client("sts", region_name="eu-west-1")
    role = sts.assume_role(RoleArn="arn:aws:iam::111122223333:role/admin", RoleSessionName="test")["Credentials"]
    credentials = {
        "AWS_ACCESS_KEY_ID": role["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": role["SecretAccessKey"],
        "AWS_SESSION_TOKEN": role["SessionToken"],
    }
    for name, value in credentials.items():
        monkeypatch.setenv(name, value)
    return new_aws | credentials


def test_examples_of_bootstrap(mesh: Mesh, account_of_dev: dict[str, str]) -> None:
    iam = boto3.Session().client("iam", region_name="eu-west-1")
    for name in ("mesh-deployer", "lake-admin"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}))
    for example in examples(mesh, "bootstrap"):
        code, shown = run_on_terminal("-C", SAMPLE, *example, env=account_of_dev, typed="y\n")
        assert code == 0, shown


@pytest.fixture
def fake_pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A Pulumi CLI that does as it is told and nothing else: what these examples do in the real one others test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, script in (("pulumi", PULUMI), ("pulumi-language-python", "#!/bin/sh\n")):
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    environment = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    monkeypatch.setenv("PATH", environment["PATH"])
    return environment


def test_examples_of_recover(mesh: Mesh, fake_pulumi: dict[str, str]) -> None:
    for example in examples(mesh, "recover"):
        if example[0] == "recover":
            code, shown = run_on_terminal("-C", SAMPLE, *example, env=fake_pulumi, typed="y\n")
            assert code == 0, shown


@pytest.mark.usefixtures("fake_pulumi")
@pytest.mark.engine
def test_examples_of_the_local_aws(capfd: pytest.CaptureFixture[str], sample: Path) -> None:
    def run(*args: str | Path) -> Ran:
        code = main([str(arg) for arg in args])
        captured = capfd.readouterr()
        return Ran(code, captured.out, captured.err)

    commands = ((), ("recover",), ("local",), *(("local", name) for name in LOCAL_COMMANDS))
    found = [tuple(example) for command in commands for example in examples(run, *command)]
    try:
        assert run("-C", sample, "local", "start").code == 0
        for example in sorted(set(found) - {("local", "stop"), ("recover", "--env", "dev")}):
            ran = run("-C", sample, *example)
            assert ran.code == 0, (example, ran)
        assert run("-C", sample, "local", "stop").stdout == "stopped: what was deployed there is gone\n"
    finally:
        server.stop(sample)


def test_what_to_try_next_can_be_tried(mesh: Mesh) -> None:
    for command, _ in STEPS:
        program, *args = shlex.split(command)
        assert program == "mesh"
        if args[0] != "local":
            assert mesh("-C", SAMPLE, *args).code == 0
