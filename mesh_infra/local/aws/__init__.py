"""The local AWS: moto, extended where it is on our way and does not behave as AWS's documentation says.

Every extension is a subclass of moto's own backend or responses; nothing here knows of Pulumi or of meshes.
"""

from __future__ import annotations

__all__ = ["HEALTH", "extend"]

HEALTH = "/_mesh/health"
"""The path at which a server says which one it is. No bucket's name begins with an underscore: S3 has no such path."""


def extend() -> None:
    """Make moto answer as AWS does, for what this process serves from now on. A second call changes nothing.

    Call it before moto has served anything: what a service keeps already is forgotten.
    """
    # Imported on call: moto's backends take a third of a second to load, and a server must answer before.
    from mesh_infra.local.aws.services import EXTENSIONS  # noqa: PLC0415

    for extension in EXTENSIONS:
        extension.put_in_place()
