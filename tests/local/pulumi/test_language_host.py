"""Programs run by the real engine through our language host; they need no provider."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from mesh_infra.local.pulumi import Origin, PulumiCli, ensure_home, ensure_stacks, environment, find_or_install
from mesh_infra.local.pulumi.cache import write_executable
from mesh_infra.local.pulumi.install import LANGUAGE_HOST
from tests.local.pulumi.conftest import wait_until

pytestmark = pytest.mark.engine


@dataclass(frozen=True)
class Project:
    """A Pulumi project with a stack, and the environment to run Pulumi in."""

    root: Path
    env: dict[str, str]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = ["pulumi", *arguments, "--non-interactive", "--color=never"]
        return subprocess.Popen(
            command, cwd=self.root, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def pulumi(self, *arguments: str) -> tuple[int, str]:
        """The exit status and what Pulumi printed."""
        process = self.start(*arguments)
        output, _ = process.communicate()
        return process.returncode, output

    def preview(self, program: str) -> tuple[int, str]:
        (self.root / "__main__.py").write_text(program)
        return self.pulumi("preview")


@pytest.fixture(scope="session")
def cli(tmp_path_factory: pytest.TempPathFactory) -> PulumiCli:
    """The CLI of this machine, with our language host even where the official release has brought its own."""
    found = find_or_install(print)
    if found.origin is Origin.SOURCE:
        return found
    folder = tmp_path_factory.mktemp("cli")
    # A copy: the engine looks for the language host beside the file that a link leads to.
    shutil.copy2((found.path / "pulumi").resolve(), folder / "pulumi")
    write_executable(folder / "pulumi-language-python", LANGUAGE_HOST)
    return PulumiCli(folder, found.version, Origin.SOURCE)


@pytest.fixture(scope="module")
def project(cli: PulumiCli, tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("a project #1 (50%)")
    (root / "Pulumi.yaml").write_text("name: tiny\nruntime: {name: python, options: {virtualenv: venv}}\n")
    env = environment(root, "http://127.0.0.1:9", cli, {})
    ensure_home(root)
    ensure_stacks(root, env)
    return Project(root, env)


def test_a_program_is_deployed_with_its_config_and_secrets(project: Project) -> None:
    (project.root / "helper.py").write_text("NAME = 'from a module beside it'\n")
    (project.root / "__main__.py").write_text("""
import sys
import pulumi
from helper import NAME

class Thing(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("test:index:Thing", "thing")
        self.register_outputs({})

config = pulumi.Config()
Thing()
print("printed by the program")
pulumi.export("said", {"module": NAME, "config": config.require_object("list"), "stack": pulumi.get_stack(),
                       "organization": pulumi.get_organization(), "dry": pulumi.runtime.is_dry_run(),
                       "arguments": len(sys.argv) - 1})
pulumi.export("token", config.require_secret("token"))
""")
    assert project.pulumi("config", "set", "--secret", "token", "s3cr3t")[0] == 0
    status, output = project.pulumi("up", "--yes", "--skip-preview", "--config", 'tiny:list=["a", "b"]')
    assert status == 0, output
    assert "printed by the program" in output
    assert "2 created" in output
    assert "s3cr3t" not in output
    exported = json.loads(project.pulumi("stack", "output", "--json")[1])
    assert exported["token"] == "[secret]"
    assert exported["said"] == {
        "module": "from a module beside it",
        "config": ["a", "b"],
        "stack": "local",
        "organization": "organization",
        "dry": False,
        "arguments": 0,
    }
    assert sorted(path.name for path in project.root.iterdir() if path.name.startswith("Pulumi")) == [
        "Pulumi.local.yaml",
        "Pulumi.yaml",
    ]


def test_a_run_error_shows_its_message_and_no_traceback(project: Project) -> None:
    status, output = project.preview("import pulumi\nraise pulumi.RunError('contracts/a.yaml:1:2: no such type')\n")
    assert status == 1
    assert "error: contracts/a.yaml:1:2: no such type" in output
    assert "Traceback" not in output


def test_an_exception_shows_the_programs_part_of_the_traceback(project: Project) -> None:
    status, output = project.preview("def fail():\n    {}['missing']\n\nfail()\n")
    assert status == 1
    assert "error: Program failed with an unhandled exception:" in output
    main = project.root / "__main__.py"
    shown = [line.strip() for line in output.splitlines() if "File " in line]
    assert shown == [f'File "{main}", line 4, in <module>', f'File "{main}", line 2, in fail']
    assert "KeyError: 'missing'" in output
    assert "non-zero exit code" not in output


def test_a_missing_program_is_an_error(project: Project) -> None:
    (project.root / "__main__.py").unlink(missing_ok=True)
    status, output = project.pulumi("preview")
    assert status == 1
    assert f"error: there is no program '{project.root / '__main__.py'}'" in output


def test_the_programs_own_virtual_environment_is_used(project: Project) -> None:
    python = project.root / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    write_executable(python, f'#!/bin/sh\nTHE_VENV=yes exec {sys.executable} "$@"\n')
    status, output = project.preview("import os, types\nprint('its venv:', os.environ.get('THE_VENV'))\n")
    shutil.rmtree(project.root / "venv")
    assert status == 0
    assert "its venv: yes" in output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_engine(project: Project, number: signal.Signals) -> None:
    (project.root / "__main__.py").write_text(
        "import os, pathlib, time\n"
        "pathlib.Path('pids.part').write_text(f'{os.getpid()} {os.getppid()}')\n"
        "os.replace('pids.part', 'pids')\n"
        "time.sleep(60)\n"
    )
    pids = project.root / "pids"
    pids.unlink(missing_ok=True)
    engine = project.start("preview")
    wait_until(pids.exists)
    engine.send_signal(number)
    engine.communicate()
    assert engine.returncode != 0
    left = [int(pid) for pid in pids.read_text().split()]
    wait_until(lambda: not any(_runs(pid) for pid in left))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_pulumi_install_installs_nothing_and_says_so(project: Project) -> None:
    status, output = project.pulumi("install")
    assert status == 0
    assert "Nothing to install: the program runs in the environment that mesh-infra is installed in." in output
