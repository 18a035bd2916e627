"""The Pulumi program of this mesh."""

from mesh_infra import deploy

deploy()
