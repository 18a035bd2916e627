"""The Pulumi program of a mesh: load, check, refuse or declare and register."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import pulumi

from mesh_infra.checks import check_mesh
from mesh_infra.errors import MeshError, MeshInvalid
from mesh_infra.findings import has_errors
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.model import Manifest
from mesh_infra.manifest.stacks import find_stack
from mesh_infra.resources.account import check_account
from mesh_infra.resources.declare import declare
from mesh_infra.resources.made_tables import check_made_tables
from mesh_infra.resources.narrow import narrow_filter
from mesh_infra.resources.provider import AwsConfig, read_config
from mesh_infra.resources.register import make_provider, provider_option_names, register


def run() -> None:
    """Deploy what the stack's name says, from the repository in which Pulumi runs the program.

    Raises ``pulumi.RunError`` with everything that is wrong, before any resource is registered.
    """
    try:
        manifest = _manifest(Path.cwd(), pulumi.get_stack())
        config = read_config(provider_option_names(), pulumi.runtime.get_config)
        options = config.provider_options(manifest)
        aws = _Aws(config, manifest)
        # A preview changes nothing, and in CI runs under a role that can only read.
        check_account(aws.session, manifest, deploying=not pulumi.runtime.is_dry_run())
        check_made_tables(aws.session, manifest)
    except MeshError as error:
        raise pulumi.RunError(str(error)) from None
    secrets = [name for name in options if pulumi.runtime.is_config_secret(f"aws:{name}")]
    register(declare(manifest), make_provider(options, secrets), aws.narrow)


def _manifest(root: Path, stack: str) -> Manifest:
    spec, findings = check_mesh(root)
    if spec is None or has_errors(findings):
        raise MeshInvalid(findings)
    target = find_stack(spec, stack)
    for finding in findings:
        if target.concerns(finding.path):
            pulumi.warn(str(finding))
    return build_manifest(spec, target.environment, target.scope)


class _Aws:
    """Our own calls to AWS during a deployment; the session is made once, on first use."""

    def __init__(self, config: AwsConfig, manifest: Manifest) -> None:
        self._config = config
        self._manifest = manifest

    @cached_property
    def session(self) -> boto3.Session:
        return self._config.session(self._manifest.region)

    @cached_property
    def _lake_formation(self) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        return self.session.client("lakeformation")

    def narrow(self, wanted: Mapping[str, Any]) -> bool:
        narrowed = narrow_filter(self._lake_formation, wanted)
        if narrowed:
            pulumi.info(f"narrowed the filter '{wanted['name']}' of {wanted['tableName']} ahead of its table")
        return narrowed
