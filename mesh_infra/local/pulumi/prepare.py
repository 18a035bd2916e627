"""What must be on disk before Pulumi runs against the local AWS: its home, the provider plugin, the stack."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path

import yaml

from mesh_infra.errors import LocalError, UsageError
from mesh_infra.local.pulumi.cache import write_executable
from mesh_infra.local.pulumi.environment import STACK, local_folder
from mesh_infra.local.pulumi.versions import aws_plugin_version

_PLUGIN = "pulumi-resource-aws"
_SIDE_BY_SIDE = 4
_STAND_IN = """\
#!/bin/sh
# The interpreter is named by the environment: a virtual environment may be gone when this is run.
exec "${MESH_PYTHON:-python3}" -P -m mesh_infra.local.provider "$@"
"""


class Provider(StrEnum):
    """What speaks for the type `aws:*`: this package's stand-in, or the real pulumi-aws plugin."""

    STAND_IN = "stand-in"
    REAL = "real"


def ensure_home(root: Path, provider: Provider = Provider.STAND_IN) -> None:
    """Make the folders of the local Pulumi of the mesh at ``root``, with ``provider`` as its plugin for AWS.

    Raises LocalError if the real plugin is wanted and not installed in the user's own Pulumi home, or if the folders
    cannot be written.
    """
    folder = local_folder(root)
    try:
        _fill(folder, provider)
    except OSError as error:
        raise LocalError(
            f"'{folder}' cannot be written: {error.strerror}", "make the mesh's folder writable"
        ) from error


def _fill(folder: Path, provider: Provider) -> None:
    name = f"resource-aws-v{aws_plugin_version()}"
    plugin = folder / "pulumi-home" / "plugins" / name / _PLUGIN
    for needed in (folder / "state", plugin.parent):
        needed.mkdir(parents=True, exist_ok=True)
    match provider:
        case Provider.STAND_IN:
            write_executable(plugin, _STAND_IN)
        case Provider.REAL:
            _link(plugin, _user_home(folder) / "plugins" / name / _PLUGIN)


def ensure_stacks(root: Path, env: Mapping[str, str], names: Sequence[str] = (STACK,)) -> None:
    """Create those of the stacks ``names`` that are missing, without a word. ``env`` is that of `environment`.

    Pulumi leaves a file Pulumi.<stack>.yaml in ``root`` (its encryption salt, nothing else) and writes it again if it
    is removed. Raises UsageError if ``root`` is no Pulumi project, LocalError if Pulumi cannot create a stack.
    """
    folder = local_folder(root) / "state" / ".pulumi" / "stacks" / _project(root)
    missing = [name for name in names if not (folder / f"{name}.json").is_file()]
    with ThreadPoolExecutor(max_workers=_SIDE_BY_SIDE) as pool:
        for _ in pool.map(lambda name: _create(root, env, folder / f"{name}.json"), missing):
            pass  # the first error is raised here


def _create(root: Path, env: Mapping[str, str], checkpoint: Path) -> None:
    # PULUMI_STACK says which stack is meant: selecting each would have them overwrite each other's choice.
    command = ["pulumi", "stack", "init", checkpoint.stem, "--no-select", "--non-interactive"]
    answer = subprocess.run(command, cwd=root, env=dict(env), capture_output=True, text=True, check=False)
    if answer.returncode and not checkpoint.is_file():  # it is there: another process was quicker
        raise LocalError(f"Pulumi could not create the stack '{checkpoint.stem}': {answer.stderr.strip()}")


def _project(root: Path) -> str:
    path = root / "Pulumi.yaml"
    try:
        project = yaml.safe_load(path.read_text(encoding="utf-8"))
        return str(project["name"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, KeyError) as error:
        raise UsageError(
            f"'{path}' is not the file of a Pulumi project", "run this in the folder of the mesh, or name it with -C"
        ) from error


def _link(plugin: Path, real: Path) -> None:
    """Put a link to ``real`` in the place of ``plugin``, atomically."""
    if not real.is_file():
        version = aws_plugin_version()
        raise LocalError(
            f"the real pulumi-aws plugin {version} is not installed at '{real}'",
            f"install it with 'pulumi plugin install resource aws {version}', or leave out '--provider real'",
        )
    partial = plugin.with_name(f".{_PLUGIN}-{os.getpid()}")
    partial.unlink(missing_ok=True)
    partial.symlink_to(real)
    partial.replace(plugin)


def _user_home(folder: Path) -> Path:
    """Pulumi's home of the user who calls; inside `mesh local exec` the variable names the private one."""
    home = Path(os.environ.get("PULUMI_HOME") or "~/.pulumi").expanduser().absolute()
    return Path("~/.pulumi").expanduser() if home.is_relative_to(folder) else home
