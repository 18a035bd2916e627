"""What this machine has of what the local AWS needs, as data: `mesh doctor` renders it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from mesh_infra.local.pulumi.cache import cache_folder
from mesh_infra.local.pulumi.cli import PulumiCli, find, rejected
from mesh_infra.local.pulumi.toolchain import find_go
from mesh_infra.local.pulumi.versions import CLI_VERSION, GO_MINIMUM, GO_PACKAGE

_PYTHON_MINIMUM = (3, 11)
_BUILD_GIGABYTES = 4
_RUN_GIGABYTES = 1


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that is needed: whether it is there, what was found, and what to do if it is not."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def diagnose() -> tuple[Diagnosis, ...]:
    """Look at this machine without changing it: no installing, no network."""
    cli = find()
    return (
        _python(),
        *(_package(name) for name in ("pulumi", "pulumi-aws", "moto")),
        _git(),
        _cli(cli),
        _go(cli),
        _cache(),
        _space(cli),
    )


def _python() -> Diagnosis:
    wanted = ".".join(map(str, _PYTHON_MINIMUM))
    ok = sys.version_info >= _PYTHON_MINIMUM
    remedy = "" if ok else f"install Python {wanted} or newer"
    return Diagnosis("Python", ok, f"{platform.python_version()} ({sys.executable})", remedy)


def _package(name: str) -> Diagnosis:
    try:
        return Diagnosis(f"package {name}", ok=True, detail=version(name))
    except PackageNotFoundError:
        return Diagnosis(f"package {name}", ok=False, detail="not installed", remedy="pip install 'mesh-infra[local]'")


def _git() -> Diagnosis:
    command = shutil.which("git")
    if not command:
        return Diagnosis("git", ok=False, detail="not on PATH", remedy="install git")
    answer = subprocess.run([command, "--version"], capture_output=True, text=True, check=False, timeout=20)
    return Diagnosis("git", ok=True, detail=answer.stdout.strip().removeprefix("git version "))


def _cli(cli: PulumiCli | None) -> Diagnosis:
    if cli:
        return Diagnosis("Pulumi CLI", ok=True, detail=f"{cli.version}, {cli.origin} ({cli.path})")
    remedy = (
        f"nothing to do by hand: 'mesh local start' gets {CLI_VERSION}, once (download, or a build of 5 to 10 minutes)"
    )
    return Diagnosis("Pulumi CLI", ok=False, detail=rejected() or "none yet", remedy=remedy)


def _go(cli: PulumiCli | None) -> Diagnosis:
    """Go is never missing: where a build needs it and there is none, it comes as a Python package."""
    go = find_go()
    if go:
        return Diagnosis("Go", ok=True, detail=f"{go.version} ({go.command})")
    wanted = ".".join(map(str, GO_MINIMUM))
    detail = "not needed" if cli else f"no {wanted} or newer; a build from source would use the package {GO_PACKAGE}"
    return Diagnosis("Go", ok=True, detail=detail)


def _cache() -> Diagnosis:
    folder = cache_folder()
    ok = os.access(_existing(folder), os.W_OK | os.X_OK) and _existing(folder).is_dir()
    remedy = "" if ok else "make it writable, or set MESH_CACHE to another folder"
    return Diagnosis("cache folder", ok, str(folder) if ok else f"'{folder}' cannot be written", remedy)


def _space(cli: PulumiCli | None) -> Diagnosis:
    wanted = _RUN_GIGABYTES if cli else _BUILD_GIGABYTES
    free = shutil.disk_usage(_existing(cache_folder())).free / 1024**3
    ok = free >= wanted
    remedy = "" if ok else f"free {wanted} GB, or set MESH_CACHE to a folder on another disk"
    return Diagnosis("disk space", ok, f"{free:.1f} GB free where the cache is", remedy)


def _existing(path: Path) -> Path:
    """The folder itself, or the nearest one above it that exists."""
    return next(candidate for candidate in (path, *path.parents) if candidate.exists())
