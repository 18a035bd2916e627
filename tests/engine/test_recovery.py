"""An `up` killed in the middle: the documented recovery ends where an undisturbed run does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.engine.harness import LocalMesh, local_mesh
from tests.engine.leftovers import everything

pytestmark = pytest.mark.engine

SMALL = Path(__file__).parent / "small"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What a deployment leaves that nobody kills."""
    with local_mesh(tmp_path_factory.mktemp("undisturbed"), SMALL) as mesh:
        mesh.up()
        return everything(mesh)


@pytest.fixture
def mesh(tmp_path: Path) -> Iterator[LocalMesh]:
    with local_mesh(tmp_path, SMALL) as mesh:
        yield mesh


def _kill_in_the_middle(mesh: LocalMesh, action: str) -> None:
    """Start an `up` and kill everything of it with -9 as soon as the local AWS has heard ``action``."""
    before = len(mesh.calls())
    command = [sys.executable, "-m", "mesh_infra.cli", "-C", str(mesh.root), "local", "exec", "--"]
    command += ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive"]
    process = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=mesh.root
    )
    deadline = time.monotonic() + 120
    while not any(call["action"] == action for call in mesh.calls()[before:]):
        assert process.poll() is None, "the deployment ended before it could be killed"
        assert time.monotonic() < deadline, f"{action} was never called"
        time.sleep(0.01)
    for child in _descendants(process.pid):
        # One may end by itself as soon as the process is gone that started it.
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    process.wait()


def _descendants(pid: int) -> list[int]:
    """The process and everything under it, the newest last: `mesh local exec`, pulumi, its plugins, the program."""
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(child): int(parent) for child, parent in (line.split() for line in listed.splitlines())}
    found = [pid]
    for candidate in found:
        found += [child for child, parent in parents.items() if parent == candidate]
    return found


@pytest.mark.parametrize("action", ["CreateRole", "CreateTable", "GrantPermissions"])
def test_a_killed_deployment_recovers(mesh: LocalMesh, undisturbed: dict[str, list[str]], action: str) -> None:
    _kill_in_the_middle(mesh, action)
    # Such a file, half-written, would keep the engine from reading its state.
    assert not list((mesh.root / ".mesh" / "local" / "state").rglob("*.attrs"))
    recovered = mesh.mesh("local", "exec", "--", sys.executable, "-m", "mesh_infra.cli", "recover", "--yes")
    assert recovered.code == 0, recovered.output
    mesh.up()
    assert mesh.pulumi("preview", "--expect-no-changes").code == 0
    # A key has no name to find it by: one that was made and not recorded stays behind, without an alias.
    assert _but_keys(everything(mesh)) == _but_keys(undisturbed)


def _but_keys(found: dict[str, list[str]]) -> dict[str, list[str]]:
    # Which key an alias leads to is AWS's choice of a name.
    return {what: names for what, names in found.items() if what != "keys"}
