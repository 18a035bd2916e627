"""The life of the background server, with real processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

import pytest

from mesh_infra.errors import LocalError
from mesh_infra.local import server
from mesh_infra.local.server import LocalAws


@pytest.fixture
def mesh(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "mesh"
    root.mkdir()
    yield root
    server.stop(root)


def files(mesh: Path) -> Path:
    return mesh / ".mesh/local"


def record(mesh: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files(mesh) / "server.json").read_text(encoding="utf-8"))
    return found


def write_record(mesh: Path, **changes: object) -> None:
    """A record of a server that is no more, or never was."""
    files(mesh).mkdir(parents=True, exist_ok=True)
    values = {"pid": 2**22 + 1, "port": 9, "token": "0" * 32, "place": str(files(mesh)), **changes}
    (files(mesh) / "server.json").write_text(json.dumps(values), encoding="utf-8")


def glue(aws: LocalAws, action: str, **body: object) -> dict[str, Any]:
    """A call without boto3, which takes longer to load than the server."""
    headers = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/glue/aws4_request, Signature=none",
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"AWSGlue.{action}",
    }
    with urlopen(Request(aws.endpoint, json.dumps(body).encode(), headers)) as answer:  # noqa: S310 - this machine
        found: dict[str, Any] = json.loads(answer.read() or "{}")
        return found


def databases(aws: LocalAws) -> list[str]:
    return [database["Name"] for database in glue(aws, "GetDatabases")["DatabaseList"]]


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_a_server_is_started_found_and_stopped(mesh: Path) -> None:
    assert server.status(mesh) is None
    aws = server.start(mesh)
    assert aws.fresh
    assert aws.endpoint == f"http://127.0.0.1:{aws.port}"
    glue(aws, "CreateDatabase", DatabaseInput={"Name": "sales"})
    again = server.start(mesh)
    assert (again.pid, again.port, again.fresh) == (aws.pid, aws.port, False)
    assert server.status(mesh) == again
    assert databases(again) == ["sales"]
    assert server.stop(mesh)
    until(lambda: is_gone(aws.pid))
    assert server.status(mesh) is None
    assert not server.stop(mesh)


def test_calls_are_recorded_from_the_start_of_each_server(mesh: Path) -> None:
    def recorded() -> list[str]:
        lines = (files(mesh) / server.CALLS).read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["action"] for line in lines]

    databases(server.start(mesh))
    assert recorded() == ["GetDatabases"]
    server.stop(mesh)
    aws = server.start(mesh)
    assert recorded() == []
    glue(aws, "CreateDatabase", DatabaseInput={"Name": "sales"})
    assert recorded() == ["CreateDatabase"]


def test_what_pulumi_knows_of_a_server_goes_with_it(mesh: Path) -> None:
    state = files(mesh) / server.STATE / "stack.json"

    def deploy() -> None:
        state.parent.mkdir()
        state.write_text("{}", encoding="utf-8")

    aws = server.start(mesh)
    deploy()
    server.start(mesh)
    assert state.exists()
    os.kill(aws.pid, signal.SIGKILL)
    until(lambda: server.status(mesh) is None)
    fresh = server.start(mesh)
    assert fresh.fresh
    assert fresh.pid != aws.pid
    assert not state.exists()
    deploy()
    server.stop(mesh)
    assert not state.exists()


def test_starts_at_the_same_time_are_one(mesh: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(server.start, [mesh] * 4))
    assert len({aws.pid for aws in started}) == 1
    assert [aws.fresh for aws in started].count(True) == 1


@contextmanager
def somebody_else() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        yield process
        assert process.poll() is None, "it was ended"
        process.kill()


def test_a_process_that_has_the_number_by_now_is_left_alone(mesh: Path) -> None:
    with somebody_else() as process:
        write_record(mesh, pid=process.pid)
        assert server.status(mesh) is None
        assert not server.stop(mesh)
        write_record(mesh, pid=process.pid)
        assert server.start(mesh).pid != process.pid


class Stranger(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"identity": "somebody else"}')

    def log_message(self, *_: object) -> None:
        pass


def test_a_server_that_has_the_port_by_now_is_not_ours(mesh: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), Stranger) as stranger:
        Thread(target=stranger.serve_forever, daemon=True).start()
        write_record(mesh, port=stranger.server_port)
        assert server.status(mesh) is None
        assert server.start(mesh).port != stranger.server_port
        stranger.shutdown()


@pytest.mark.parametrize(
    "text", ["", "no json", "[]", '{"pid": 1}', '{"pid": null, "port": 1, "token": "", "place": ""}']
)
def test_a_record_that_cannot_be_read_is_no_server(text: str, mesh: Path) -> None:
    files(mesh).mkdir(parents=True)
    (files(mesh) / "server.json").write_text(text, encoding="utf-8")
    assert server.status(mesh) is None
    assert not server.stop(mesh)
    assert not (files(mesh) / "server.json").exists()


def test_a_server_that_does_not_answer_is_replaced(mesh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aws = server.start(mesh)
    os.kill(aws.pid, signal.SIGSTOP)
    monkeypatch.setattr(server, "_ANSWERS_WITHIN", 0.2)
    assert server.status(mesh) is None
    monkeypatch.setattr(server, "_ENDS_WITHIN", 0.2)  # it cannot take the first signal
    fresh = server.start(mesh)
    assert fresh.pid != aws.pid
    until(lambda: is_gone(aws.pid))


def test_a_server_ends_when_its_directory_is_gone(mesh: Path) -> None:
    aws = server.start(mesh)
    shutil.rmtree(files(mesh))
    assert server.status(mesh) is None
    until(lambda: is_gone(aws.pid))


def test_the_copy_of_a_mesh_has_a_server_of_its_own(mesh: Path, tmp_path: Path) -> None:
    aws = server.start(mesh)
    copy = tmp_path / "copy"
    shutil.copytree(mesh, copy)
    assert server.status(copy) is None
    other = server.start(copy)
    assert other.pid != aws.pid
    assert server.stop(copy)
    assert server.status(mesh) is not None


def test_the_environment_of_aws_clients_is_not_the_servers(mesh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "there-is-none")
    aws = server.start(mesh)
    monkeypatch.delenv("AWS_PROFILE")
    assert databases(aws) == []


def test_modules_of_the_mesh_are_none_of_the_servers(mesh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (mesh / "types.py").write_text("raise SystemExit('loaded')", encoding="utf-8")
    monkeypatch.chdir(mesh)
    assert server.start(Path()).fresh


def test_where_it_does_not_start_the_end_of_its_log_is_shown(mesh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = mesh / "broken"
    broken.mkdir()
    (broken / "flask.py").write_text("raise ImportError('flask is \\x1b[31mbroken')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(broken))
    with pytest.raises(LocalError) as error:
        server.start(mesh)
    assert error.value.message.startswith("the local AWS did not start:\n  ")
    assert error.value.message.endswith("ImportError: flask is ?[31mbroken")
    assert error.value.hint == f"its log is '{files(mesh) / 'server.log'}'"
    assert server.status(mesh) is None
    monkeypatch.delenv("PYTHONPATH")
    assert server.start(mesh).fresh


def test_without_moto_the_remedy_is_named(mesh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "find_spec", lambda _: None)
    with pytest.raises(LocalError, match=r"the local AWS needs 'moto', .*; pip install 'mesh-infra\[local\]'"):
        server.start(mesh)


def test_a_place_that_cannot_be_had_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="gone' is no directory"):
        server.start(tmp_path / "gone")
    (tmp_path / ".mesh").write_text("", encoding="utf-8")
    with pytest.raises(LocalError, match="cannot be made"):
        server.start(tmp_path)
    assert server.status(tmp_path) is None
    assert not server.stop(tmp_path)
    (tmp_path / ".mesh").unlink()
    (files(tmp_path) / "lock").mkdir(parents=True)
    with pytest.raises(LocalError, match=r"lock': Is a directory; check who owns the files there"):
        server.start(tmp_path)


def test_whoever_manages_the_server_needs_neither_moto_nor_boto3() -> None:
    code = "import sys, mesh_infra.local.server; print(sorted({'boto3', 'moto', 'werkzeug'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
