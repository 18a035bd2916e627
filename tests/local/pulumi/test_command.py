from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mesh_infra.errors import UsageError
from mesh_infra.local.pulumi import run
from tests.local.pulumi.conftest import wait_until

_RUN = "import os, sys; from pathlib import Path; from mesh_infra.local.pulumi import run; "
_OF_ARGUMENTS = _RUN + "sys.exit(run(sys.argv[1:], os.environ, Path.cwd()))"
_AT_TERMINAL = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); " + _OF_ARGUMENTS

# Says which signals it gets, until its input ends.
_LISTEN = """
import pathlib, signal, sys
def say(number, frame): print(f"got {signal.Signals(number).name}", flush=True)
for number in (signal.SIGINT, signal.SIGTERM): signal.signal(number, say)
pathlib.Path("ready").touch()
sys.stdin.read()
sys.exit(7)
"""


@pytest.mark.parametrize(("command", "status"), [("exit 0", 0), ("exit 255", 255), ("kill -9 $$", 137)])
def test_the_status_is_the_commands(tmp_path: Path, command: str, status: int) -> None:
    assert run(["sh", "-c", command], os.environ, tmp_path) == status


def test_a_command_runs_in_its_folder_with_its_environment_and_our_streams(tmp_path: Path) -> None:
    script = "cat; pwd; echo $A; echo no >&2"
    program = _RUN + f"run(['sh', '-c', {script!r}], {{'A': 'b', 'PATH': os.defpath}}, Path({str(tmp_path)!r}))"
    said = subprocess.run([sys.executable, "-c", program], input="in\n", capture_output=True, text=True, check=True)
    assert said.stdout == f"in\n{tmp_path.resolve()}\nb\n"
    assert said.stderr == "no\n"


def test_a_command_is_looked_for_on_its_own_path(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no command 'sh'"):
        run(["sh"], {"PATH": str(tmp_path)}, tmp_path)


def test_a_file_that_cannot_be_run_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(UsageError, match=r"notes\.txt' cannot be run: Permission denied"):
        run([str(tmp_path / "notes.txt")], os.environ, tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_reach_the_command_once_without_a_terminal(tmp_path: Path, number: signal.Signals) -> None:
    outer = subprocess.Popen(
        [sys.executable, "-c", _OF_ARGUMENTS, sys.executable, "-c", _LISTEN],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    wait_until((tmp_path / "ready").exists)
    os.killpg(outer.pid, number)
    assert outer.stdout
    assert outer.stdout.readline() == f"got {number.name}\n".encode()
    assert outer.communicate()[0] == b""
    assert outer.returncode == 7


def test_ctrl_c_in_a_terminal_reaches_the_command_once(tmp_path: Path) -> None:
    keyboard, terminal = pty.openpty()
    outer = subprocess.Popen(
        [sys.executable, "-c", _AT_TERMINAL, sys.executable, "-c", _LISTEN],
        cwd=tmp_path,
        stdin=terminal,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    wait_until((tmp_path / "ready").exists)
    os.write(keyboard, b"\x03")
    assert outer.stdout
    assert outer.stdout.readline() == b"got SIGINT\n"
    os.write(keyboard, b"\x04")
    assert outer.stdout.read() == b""
    assert outer.wait() == 7
    os.close(keyboard)
    os.close(terminal)
