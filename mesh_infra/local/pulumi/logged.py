"""Long commands: their output goes to a log, their progress to the caller, their failure into one error."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mesh_infra.errors import LocalError

_TAIL_LINES = 15
_TICK_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Log:
    """The log file at ``path``, and ``progress``, which is told every 20 s how long a command has been running."""

    path: Path
    progress: Callable[[str], None]
    _started: float = field(default_factory=time.monotonic)

    def run(
        self,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        timeout: float | None = None,
    ) -> None:
        """Run ``command`` to its end, in a process group of its own that is killed if this process is interrupted.

        Raises LocalError with the end of the log if it cannot be started, fails, or takes longer than ``timeout``
        seconds.
        """
        deadline = time.monotonic() + timeout if timeout else None
        with self.path.open("ab") as output:
            try:
                process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=env, cwd=cwd, process_group=0
                )
            except OSError as error:
                raise LocalError(f"'{command[0]}' could not be started: {error.strerror}") from error
            try:
                status = self._wait(process, deadline)
            except BaseException:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise
        if status:
            name = Path(command[0]).name
            raise LocalError(f"'{name}' failed with status {status}", f"its log '{self.path}' ends:\n{self._tail()}")

    def _wait(self, process: subprocess.Popen[bytes], deadline: float | None) -> int:
        while True:
            left = deadline - time.monotonic() if deadline else _TICK_SECONDS
            try:
                return process.wait(timeout=max(0, min(left, _TICK_SECONDS)))
            except subprocess.TimeoutExpired:
                if deadline and time.monotonic() >= deadline:
                    raise LocalError("it took too long and was stopped") from None
                self.progress(f"  {_minutes(time.monotonic() - self._started)} so far")

    def _tail(self) -> str:
        """The last lines of the log, indented."""
        lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-_TAIL_LINES:])


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60} min {int(seconds) % 60:02} s"
