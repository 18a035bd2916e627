"""The Pulumi CLI of the local AWS: found on this machine, or installed once into the user's cache folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mesh_infra.errors import LocalError
from mesh_infra.local.pulumi.cache import cache_folder, exclusive, replacing
from mesh_infra.local.pulumi.install import build_from_source, install_release, pulumi_version, release_reachable
from mesh_infra.local.pulumi.logged import Log
from mesh_infra.local.pulumi.versions import CLI_VERSION

_HAND = f"install Pulumi {CLI_VERSION} or newer by hand (https://www.pulumi.com/docs/iac/download-install/)"


class Origin(StrEnum):
    """Where a CLI came from, in words."""

    PATH = "found on PATH"
    RELEASE = "the official release"
    SOURCE = "built from source"


@dataclass(frozen=True, slots=True)
class PulumiCli:
    """A CLI that can run the local AWS: ``path`` is the folder to put first on PATH."""

    path: Path
    version: str
    origin: Origin


def installed_folder() -> Path:
    """Where the CLI is installed; whole, or not there."""
    return cache_folder() / "pulumi" / f"v{CLI_VERSION}"


def find() -> PulumiCli | None:
    """The CLI on PATH if it is good enough (see `rejected`), else the installed one, else None."""
    found = _on_path()
    return found if isinstance(found, PulumiCli) else _installed()


def rejected() -> str:
    """Why the ``pulumi`` on PATH is not used; empty if it is, or if there is none.

    It must be at least the version that the tests run, of the same major version, and have its language host for
    Python beside it, where the official release puts it.
    """
    found = _on_path()
    return found if isinstance(found, str) else ""


def find_or_install(progress: Callable[[str], None]) -> PulumiCli:
    """The CLI that `find` finds; else the official release; else a build from source. Both are installed once.

    ``progress`` is told in one line what is going on whenever that takes long. Of two processes at a time one
    installs and the other waits for it. Raises LocalError, with the end of the log, if there is no way to get one.
    """
    if found := find():
        return found
    if reason := rejected():
        progress(f"{reason}: not used")
    target = installed_folder()
    try:
        with exclusive(target.parent, lambda: progress("waiting for another process that installs the Pulumi CLI")):
            return _installed() or _install(target, progress)
    except OSError as error:
        where = error.filename or target
        raise LocalError(
            f"the Pulumi CLI cannot be installed: {error.strerror} '{where}'",
            "set MESH_CACHE to a folder you can write",
        ) from error


def _install(target: Path, progress: Callable[[str], None]) -> PulumiCli:
    log_path = target.parent / "install.log"
    log_path.write_text("", encoding="utf-8")
    with replacing(target) as folder:
        origin = _fill(folder, Log(log_path, progress))
        (folder / "origin").write_text(origin, encoding="utf-8")
    progress(f"installed the Pulumi CLI {CLI_VERSION} into '{target}'")
    return PulumiCli(target / "bin", CLI_VERSION, origin)


def _fill(folder: Path, log: Log) -> Origin:
    if release_reachable():
        log.progress(f"downloading the Pulumi CLI {CLI_VERSION}, once")
        try:
            install_release(folder, log)
        except LocalError as error:
            log.progress(f"the download failed: {error.message}")
            shutil.rmtree(folder)
            folder.mkdir()
        else:
            return Origin.RELEASE
    log.progress(f"building the Pulumi CLI {CLI_VERSION} from source: 5 to 10 minutes, once")
    try:
        build_from_source(folder, log)
    except LocalError as error:
        raise LocalError(f"the Pulumi CLI could not be built: {error.message}", f"{_HAND}; {error.hint}") from error
    return Origin.SOURCE


def _on_path() -> PulumiCli | str | None:
    """The CLI on PATH, or why it will not do, or None if there is none but perhaps the installed one."""
    command = shutil.which("pulumi")
    if not command or Path(command).parent == installed_folder() / "bin":
        return None
    version = pulumi_version(command)
    if version is None:
        return f"'{command}' does not answer to 'pulumi version'"
    if not _new_enough(version):
        return f"'{command}' is version {version}, and {CLI_VERSION} or newer is needed"
    if not shutil.which(Path(command).resolve().with_name("pulumi-language-python")):
        return f"'{command}' has no 'pulumi-language-python' beside it"
    return PulumiCli(Path(command).parent.absolute(), version, Origin.PATH)


def _installed() -> PulumiCli | None:
    folder = installed_folder()
    commands = (folder / "bin" / "pulumi", folder / "bin" / "pulumi-language-python")
    if not all(os.access(command, os.X_OK) for command in commands):
        return None
    return PulumiCli(folder / "bin", CLI_VERSION, Origin((folder / "origin").read_text(encoding="utf-8")))


def _new_enough(version: str) -> bool:
    try:
        have, want = _numbers(version), _numbers(CLI_VERSION)
    except ValueError:
        return False
    return have[0] == want[0] and have >= want


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version; a pre-release or build suffix does not count (``3.300.0-dev.1``)."""
    return tuple(int(part) for part in version.partition("-")[0].partition("+")[0].split("."))
