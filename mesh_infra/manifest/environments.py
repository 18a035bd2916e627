"""The environments of a mesh: those of mesh.yaml, and the local AWS that every mesh has."""

from __future__ import annotations

import re

from mesh_infra.errors import UsageError
from mesh_infra.spec.model import Environment, Mesh, Stacks
from mesh_infra.spec.problems import did_you_mean, quoted

LOCAL = "local"
LOCAL_ACCOUNT = "123456789012"
"""The account that moto plays."""


def environment_names(mesh: Mesh) -> tuple[str, ...]:
    """All environments by name, the local one last."""
    return (*sorted(mesh.environments), LOCAL)


def find_environment(mesh: Mesh, name: str) -> Environment:
    """The environment called ``name``; raises ``UsageError`` where there is none."""
    if name == LOCAL:
        return local_environment(mesh)
    if name in mesh.environments:
        return mesh.environments[name]
    hint = did_you_mean(name, environment_names(mesh), "mesh.yaml has")
    raise UsageError(f"there is no environment {quoted(name)}", hint)


def local_environment(mesh: Mesh) -> Environment:
    """The environment on moto: in the region of the mesh's first environment, with roles of its own account.

    It has a stack for each domain where every environment of the mesh has, and is one stack otherwise.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", mesh.organization.lower()).strip("-")[:20].strip("-") or "mesh"
    first = next(iter(mesh.environments.values()), None)
    layouts = {environment.stacks for environment in mesh.environments.values()}
    return Environment(
        prefix=f"{slug}-mesh-local",
        account=LOCAL_ACCOUNT,
        region=first.region if first else "eu-west-1",
        deployer=f"arn:aws:iam::{LOCAL_ACCOUNT}:role/mesh-deployer",
        stacks=Stacks.PER_DOMAIN if layouts == {Stacks.PER_DOMAIN} else Stacks.ONE,
    )
