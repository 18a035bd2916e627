from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from moto.server import ThreadedMotoServer

from mesh_infra.cli.main import main
from mesh_infra.local.aws import extend
from tests.meshes import write_mesh

SAMPLE = Path(__file__).parents[2]
"""The sample mesh lies in the root of the repository."""


@dataclass(frozen=True)
class Ran:
    code: int
    stdout: str
    stderr: str


Mesh = Callable[..., Ran]
"""Runs `mesh` with arguments."""


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MESH_ENV", "MESH_DEBUG", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def mesh(capsys: pytest.CaptureFixture[str]) -> Mesh:
    """`mesh` in this process."""

    def run(*args: str | Path) -> Ran:
        code = main([str(arg) for arg in args])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def _moto() -> Iterator[str]:
    extend()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def new_aws(_moto: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a new AWS account, number 123456789012, with the settings that AWS begins with."""
    urlopen(Request(f"{_moto}/moto-api/reset", method="POST")).close()  # noqa: S310 - this machine
    environment = {
        "AWS_ENDPOINT_URL": _moto,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": "/dev/null",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    return environment


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A mesh of one dataset, sales' ``orders``, that marketing reads masked."""
    return write_mesh(tmp_path / "small")


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the sample mesh."""
    root = tmp_path / "mesh"
    for folder in ("domains", "contracts"):
        shutil.copytree(SAMPLE / folder, root / folder)
    for name in ("mesh.yaml", "Pulumi.yaml", "__main__.py"):
        shutil.copy(SAMPLE / name, root / name)
    return root


def run_process(*args: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None) -> Ran:
    """`mesh` as its users run it: a process of its own, its output in pipes."""
    command = [sys.executable, "-m", "mesh_infra.cli", *map(str, args)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **(env or {})}, cwd=cwd
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def run_on_terminal(*args: str | Path, env: dict[str, str] | None = None, typed: str = "") -> tuple[int, str]:
    """`mesh` on a terminal of 80 columns, where ``typed`` is typed: its exit code, and what the terminal was sent."""
    ours, terminal = pty.openpty()
    command = [sys.executable, "-m", "mesh_infra.cli", *map(str, args)]
    process = subprocess.Popen(
        command,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **(env or {})},
    )
    os.close(terminal)
    os.write(ours, typed.encode())
    shown = b""
    # Linux ends reading from a terminal that nobody has open any more with an error.
    with suppress(OSError):
        while piece := os.read(ours, 4096):
            shown += piece
    os.close(ours)
    return process.wait(), shown.decode().replace("\r\n", "\n")
