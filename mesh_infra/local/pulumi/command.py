"""Runs a command in the user's terminal as if it had been started there."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from mesh_infra.errors import UsageError


def run(command: Sequence[str], env: Mapping[str, str], cwd: Path) -> int:
    """Run ``command`` with this process's input and output, pass signals on, and return its exit status.

    A command that a signal ended returns 128 plus the signal's number, as in a shell. Raises UsageError if it cannot
    be started.
    """
    at_terminal = _in_foreground()
    try:
        # In a terminal the command must be in its foreground process group, where Ctrl-C reaches it. Elsewhere it gets
        # a group of its own: a signal to ours would reach it twice, and Pulumi takes a second one as "stop at once".
        process = subprocess.Popen(command, env=dict(env), cwd=cwd, process_group=None if at_terminal else 0)
    except FileNotFoundError as error:
        raise UsageError(f"there is no command '{command[0]}'", "give one that is installed") from error
    except OSError as error:
        raise UsageError(f"'{command[0]}' cannot be run: {error.strerror}") from error
    with _passing_on(process, interrupts=not at_terminal):
        status = process.wait()
    return status if status >= 0 else 128 - status


def _in_foreground() -> bool:
    """Whether a terminal sends its Ctrl-C to our process group."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


@contextmanager
def _passing_on(process: subprocess.Popen[bytes], *, interrupts: bool) -> Iterator[None]:
    """Outlive the signals that are meant for ``process``, and send it those that did not reach it."""

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if interrupts or number != signal.SIGINT:
            process.send_signal(number)

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, pass_on) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
