from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.local.pulumi.machine import Machine


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """This process runs on an empty machine that cannot reach the network."""
    made = Machine(tmp_path / "machine")
    made.bin.mkdir(parents=True)
    for name, value in made.environment().items():
        monkeypatch.setenv(name, value)
    return made


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for another process, and fail rather than hang if it never gets there."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
