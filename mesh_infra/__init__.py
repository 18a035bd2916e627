"""mesh-infra: a data mesh on AWS from a repository of domain and contract YAML."""

from mesh_infra.version import __version__

__all__ = ["__version__", "deploy"]


def deploy() -> None:
    """Run the Pulumi program of a mesh repository; its ``__main__.py`` calls this and nothing else.

    Raises ``pulumi.RunError`` where the mesh, its rules or the account refuse the deployment.
    """
    # Imported on call: the Pulumi SDK takes a second to load and `mesh` commands never need it.
    from mesh_infra.resources.program import run  # noqa: PLC0415 - see above

    run()
