"""A mesh repository in a folder of its own, deployed by the real Pulumi CLI to a local AWS of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

REPOSITORY = Path(__file__).parents[2]
MESH = ("mesh.yaml", "domains", "contracts", "Pulumi.yaml", "__main__.py")


@dataclass(frozen=True)
class Ran:
    code: int
    stdout: str
    stderr: str

    @property
    def output(self) -> str:
        return self.stdout + self.stderr


class LocalMesh:
    """``root`` holds the mesh; every command is run as a user runs it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def mesh(self, *args: str, timeout: float = 240) -> Ran:
        command = [sys.executable, "-m", "mesh_infra.cli", "-C", str(self.root), *args]
        environment = {**os.environ, "NO_COLOR": "1"}
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout, env=environment, check=False, cwd=self.root
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def pulumi(self, *args: str, ok: bool = True) -> Ran:
        ran = self.mesh("local", "exec", "--", "pulumi", *args, "--non-interactive", "--color", "never")
        if ok:
            assert ran.code == 0, ran.output
        return ran

    def up(self) -> Ran:
        return self.pulumi("up", "--yes", "--skip-preview")

    def preview(self) -> dict[str, Any]:
        """``pulumi preview --json``: ``changeSummary`` and ``steps``."""
        ran = self.pulumi("preview", "--json")
        document: dict[str, Any] = json.loads(ran.stdout)
        return document

    def previewed(self, program: Path | None = None) -> str:
        """What ``pulumi preview --json`` prints, without the time that `mesh local exec` takes.

        ``program``: a folder with another program for the same stack.
        """
        command = ["pulumi", "preview", "--json", "--non-interactive", "--color", "never"]
        environment = {**os.environ, **self._environment}
        pulumi = shutil.which(command[0], path=environment["PATH"])
        assert pulumi is not None
        done = subprocess.run(
            [pulumi, *command[1:]],
            capture_output=True,
            text=True,
            timeout=240,
            env=environment,
            check=False,
            cwd=program or self.root,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def changes(self) -> list[tuple[str, str]]:
        """What a preview would do, other than keep: (operation, type and name)."""
        steps = self.preview().get("steps", [])
        return sorted((step["op"], _short(step["urn"])) for step in steps if step["op"] != "same")

    def state(self) -> list[dict[str, Any]]:
        exported = json.loads(self.pulumi("stack", "export").stdout)
        resources: list[dict[str, Any]] = exported["deployment"].get("resources", [])
        return resources

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text, f"{path} has no {old!r}"
        self.write(path, text.replace(old, new))

    @cached_property
    def _environment(self) -> Mapping[str, str]:
        ran = self.mesh("local", "env", "--format", "json")
        assert ran.code == 0, ran.output
        environment: dict[str, str] = json.loads(ran.stdout)
        return environment

    def aws(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        """A plain boto3 client of the local AWS."""
        environment = self._environment
        return boto3.client(
            service,
            region_name=environment["AWS_REGION"],
            endpoint_url=environment["AWS_ENDPOINT_URL"],
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=environment.get("AWS_SESSION_TOKEN"),
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def calls(self) -> list[dict[str, Any]]:
        """Every call that reached the local AWS, in order; one that is being written is not among them yet."""
        written, _, _ = (self.root / ".mesh/local/calls.ndjson").read_text(encoding="utf-8").rpartition("\n")
        return [json.loads(line) for line in written.splitlines()]


def _short(urn: str) -> str:
    type_, name = urn.split("::")[2:4]
    return f"{type_.rsplit('$', 1)[-1].rsplit(':', 1)[-1]} {name}"


@contextmanager
def local_mesh(root: Path, source: Path = REPOSITORY) -> Iterator[LocalMesh]:
    """A copy of the mesh at ``source``, with a local AWS that ends with the block."""
    for name in MESH:
        if (source / name).is_dir():
            shutil.copytree(source / name, root / name)
        elif (source / name).exists():
            shutil.copy(source / name, root / name)
        else:
            shutil.copy(REPOSITORY / name, root / name)
    mesh = LocalMesh(root)
    started = mesh.mesh("local", "start", timeout=900)
    assert started.code == 0, started.output
    try:
        yield mesh
    finally:
        mesh.mesh("local", "stop")
