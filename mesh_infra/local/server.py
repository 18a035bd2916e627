"""The background server of the local AWS: started, found again, stopped. Its process is ``mesh_infra.local.serve``.

All that belongs to it lies in ``.mesh/local`` of the mesh: ``server.json`` (which process it is), ``server.log``,
``calls.ndjson`` (every call that it answered, in order) and ``state`` (what Pulumi knows of it). moto keeps everything
in memory: what Pulumi knows of a server that has ended is worth nothing, and goes with it.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from pathlib import Path

from mesh_infra.errors import LocalError
from mesh_infra.local.aws import HEALTH

PLACE = Path(".mesh/local")
CALLS = "calls.ndjson"
STATE = "state"
_LOCK = "lock"
_LOG = "server.log"
_RECORD = "server.json"
_ANSWERS_WITHIN = 10.0
"""Long: a server taken for dead is ended, with all that was deployed to it. One that is gone refuses at once."""
_LOADS_WITHIN = 60.0
_ENDS_WITHIN = 5.0
_SHOWN_OF_LOG = 15


@dataclass(frozen=True, slots=True)
class LocalAws:
    """A local AWS that answers at ``endpoint``. ``fresh``: the call that returned this has started it, empty."""

    endpoint: str
    pid: int
    port: int
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """What a running server leaves for others to find it. ``token``: a word that no other process knows."""

    pid: int
    port: int
    token: str


def start(directory: Path) -> LocalAws:
    """The local AWS of the mesh in ``directory``: the one that runs, or a fresh one, with its former state removed.

    Returns when it answers. Safe to be called by several processes at once.
    Raises ``LocalError`` where it cannot be had; the message shows the end of the server's log.
    """
    place = _place(directory)
    with _locked(place):
        record = _read_record(place)
        if record is not None and _answers(record):
            return _local_aws(record)
        if record is not None:
            _end(record)
        _forget(place)
        return _local_aws(_launch(place), fresh=True)


def status(directory: Path) -> LocalAws | None:
    """The local AWS of the mesh in ``directory``; None where none answers."""
    record = _read_record(directory.resolve() / PLACE)
    return _local_aws(record) if record is not None and _answers(record) else None


def stop(directory: Path) -> bool:
    """End the local AWS of the mesh in ``directory`` and remove what Pulumi knows of it; whether one ran.

    Raises ``LocalError`` where the process or its files cannot be removed.
    """
    if not (directory / PLACE).is_dir():
        return False
    place = _place(directory)
    with _locked(place):
        record = _read_record(place)
        ran = record is not None and _end(record)
        _forget(place)
        return ran


def write_record(place: Path, record: Record) -> None:
    """Say in ``place`` which process serves; a reader finds the old record or the new one, never a part."""
    temporary = place / f"{_RECORD}.{os.getpid()}"
    temporary.write_text(json.dumps({**asdict(record), "place": str(place)}), encoding="utf-8")
    temporary.replace(place / _RECORD)


def is_recorded(place: Path, token: str) -> bool:
    """Whether the server with ``token`` is the one that ``place`` names."""
    record = _read_record(place)
    return record is not None and record.token == token


def _read_record(place: Path) -> Record | None:
    try:
        values = json.loads((place / _RECORD).read_text(encoding="utf-8"))
        if values["place"] != str(place):  # the mesh was copied: the server is that of the other one
            return None
        return Record(int(values["pid"]), int(values["port"]), str(values["token"]))
    except (OSError, ValueError, KeyError, TypeError):
        # Missing, or not ours: whatever it says, there is no server to be found by it.
        return None


def _local_aws(record: Record, *, fresh: bool = False) -> LocalAws:
    return LocalAws(f"http://127.0.0.1:{record.port}", record.pid, record.port, fresh)


def _place(directory: Path) -> Path:
    if not directory.is_dir():
        raise LocalError(f"'{directory}' is no directory", "give the root of a mesh, where mesh.yaml is")
    place = directory.resolve() / PLACE
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocalError(f"'{place}' cannot be made: {error.strerror}", "the local AWS keeps its files there") from None
    return place


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    """One start or stop at a time; the lock ends with the process, however that ends."""
    try:
        with (place / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise LocalError(
            f"'{error.filename or place}': {error.strerror or error}", "check who owns the files there"
        ) from None


def _forget(place: Path) -> None:
    for name in (_RECORD, CALLS):
        (place / name).unlink(missing_ok=True)
    if (place / STATE).exists():
        shutil.rmtree(place / STATE)


def _answers(record: Record) -> bool:
    """Whether the server of the record answers, and not whoever has its port by now."""
    connection = HTTPConnection("127.0.0.1", record.port, timeout=_ANSWERS_WITHIN)
    try:
        connection.request("GET", HEALTH)
        answer = json.loads(connection.getresponse().read())
        return isinstance(answer, dict) and answer.get("identity") == record.token
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        connection.close()


def _lives(record: Record) -> bool:
    """Whether the process of the record is there, and not whoever has its number by now: its command has the token."""
    if Path("/proc/self/cmdline").exists():
        try:
            command = Path(f"/proc/{record.pid}/cmdline").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
    else:
        ps = ["ps", "-ww", "-o", "args=", "-p", str(record.pid)]
        command = subprocess.run(ps, capture_output=True, text=True, check=False).stdout
    return record.token in command


def _end(record: Record) -> bool:
    """End the process of the record if it is there; whether it was."""
    if not _lives(record):
        return False
    for how in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(record.pid, how)
        deadline = time.monotonic() + _ENDS_WITHIN
        while time.monotonic() < deadline:
            if not _lives(record):
                return True
            time.sleep(0.01)
    raise LocalError(f"the local AWS (process {record.pid}) does not end", f"end it with 'kill -9 {record.pid}'")


def _launch(place: Path) -> Record:
    """Start the process and wait until it answers."""
    for module in ("moto", "flask"):
        if find_spec(module) is None:
            raise LocalError(
                f"the local AWS needs '{module}', which is not installed", "pip install 'mesh-infra[local]'"
            )
    token = secrets.token_hex(16)
    reader, writer = os.pipe()
    with (place / _LOG).open("wb") as log:
        # -P: what lies in the current directory is no Python module of ours.
        subprocess.run(
            [sys.executable, "-P", "-m", "mesh_infra.local.serve", str(place), token, str(writer)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(),
            pass_fds=(writer,),
            start_new_session=True,
            check=False,
        )
    os.close(writer)
    said = _until_ready(reader)
    record = _read_record(place)
    if said[-1:] == ["ready"] and record is not None and record.token == token:
        return record
    if said:
        _end(Record(int(said[0]), 0, token))
    raise LocalError(f"the local AWS did not start:\n{_end_of_log(place / _LOG)}", f"its log is '{place / _LOG}'")


def _until_ready(reader: int) -> list[str]:
    """What the process says on the pipe, until it is ready, has ended or takes too long."""
    said = b""
    deadline = time.monotonic() + _LOADS_WITHIN
    with open(reader, "rb", buffering=0) as pipe:
        while not said.endswith(b"ready\n"):
            readable, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
            chunk = pipe.read(64) if readable else b""
            if not chunk:
                break
            said += chunk
    return said.decode().split()


def _environment() -> dict[str, str]:
    """Ours, without what is meant for AWS's own clients or for moto: a profile that is not there would stop it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    package = str(Path(__file__).parents[2])
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, (package, kept.get("PYTHONPATH"))))}


def _end_of_log(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_SHOWN_OF_LOG:]
    shown = ["".join(c if c.isprintable() else "?" for c in line) for line in lines]
    return "\n".join(f"  {line}" for line in shown) or "  (its log is empty)"
