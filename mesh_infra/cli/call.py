"""What every command is called with: where the mesh is, which environment is meant, how to answer."""

# ruff: noqa: PLC0415 - a mesh is loaded only by commands that read one

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from mesh_infra.cli.output import Output
from mesh_infra.errors import MeshInvalid, UsageError
from mesh_infra.findings import has_errors

if TYPE_CHECKING:
    # Loading a mesh takes pydantic, which `mesh --help` must not wait for.
    from mesh_infra.manifest.model import Manifest
    from mesh_infra.spec.model import Spec

MESH_FILE = "mesh.yaml"

ENVIRONMENT_VARIABLE = "MESH_ENV"


class Format(StrEnum):
    """How results are written; each command knows some of these."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    GITHUB = "github"
    GITHUB_MATRIX = "github-matrix"


@dataclass(frozen=True, slots=True)
class Call:
    """The options that every command takes, and what follows from them."""

    directory: Path | None = None
    environment: str | None = None
    format: Format = Format.TEXT
    quiet: bool = False
    output: Output = field(default_factory=Output)

    @property
    def json(self) -> bool:
        """Whether the result is wanted as JSON."""
        return self.format is Format.JSON

    @property
    def base(self) -> Path:
        """What relative paths on the command line are relative to: as in make and git, the directory of -C."""
        return self.directory or Path.cwd()

    def root(self) -> Path:
        """The root of the mesh; raises ``UsageError`` where there is none."""
        if self.directory is not None:
            if not self.directory.is_dir():
                raise UsageError(f"there is no directory '{self.directory}'")
            return self.directory
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / MESH_FILE).is_file():
                return folder
        raise UsageError(
            f"there is no {MESH_FILE} in '{here}' or above it", "go to a mesh repository, or name one: mesh -C DIR …"
        )

    def spec(self) -> Spec:
        """The mesh, without errors; raises ``MeshInvalid`` where it has some, ``UsageError`` where there is none."""
        from mesh_infra.checks import check_mesh

        spec, findings = check_mesh(self.root())
        if spec is None or has_errors(findings):
            raise MeshInvalid(findings)
        return spec

    def environment_name(self, spec: Spec) -> str:
        """The environment that is meant: --env, else MESH_ENV, else the only one of mesh.yaml.

        Raises ``UsageError`` where that leaves a choice.
        """
        named = self.environment or os.environ.get(ENVIRONMENT_VARIABLE)
        if named:
            return named
        names = sorted(spec.mesh.environments)
        if len(names) == 1:
            return names[0]
        from mesh_infra.manifest.environments import environment_names

        choices = ", ".join(environment_names(spec.mesh))
        raise UsageError(
            f"{MESH_FILE} has {'several environments' if names else 'no environment'}: say which one is meant",
            f"give --env or set {ENVIRONMENT_VARIABLE} to one of: {choices}",
        )

    def manifest(self, spec: Spec, scope: str | None = None) -> Manifest:
        """The manifest of the environment that is meant."""
        from mesh_infra.manifest.build import build_manifest

        return build_manifest(spec, self.environment_name(spec), scope)
