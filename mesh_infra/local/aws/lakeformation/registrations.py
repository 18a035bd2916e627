"""Locations in S3 that are registered with Lake Formation.

Source: Lake Formation API reference, RegisterResource, UpdateResource and ResourceInfo.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from moto.glue.exceptions import EntityNotFoundException
from moto.lakeformation.exceptions import AlreadyExists, InvalidInput

from mesh_infra.local.aws.principals import is_missing

_SERVICE_LINKED = "role/aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess"


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered location."""

    arn: str
    role_arn: str
    modified: float
    federation: bool
    hybrid: bool
    privileged: bool

    def wire(self) -> dict[str, Any]:
        """The location as Lake Formation describes it."""
        return {
            "ResourceArn": self.arn,
            "RoleArn": self.role_arn,
            "LastModified": self.modified,
            "WithFederation": self.federation,
            "HybridAccessEnabled": self.hybrid,
            "WithPrivilegedAccess": self.privileged,
        }


class Registrations:
    """All registered locations, in the order in which they were registered."""

    def __init__(self, account: str, partition: str) -> None:
        self._account = account
        self._service_linked = f"arn:{partition}:iam::{account}:{_SERVICE_LINKED}"
        self._registered: dict[str, Registered] = {}

    def __iter__(self) -> Iterator[Registered]:
        return iter(self._registered.values())

    def register(self, request: Mapping[str, Any]) -> None:
        """Raises ``AlreadyExists``, ``InvalidInput`` without a role, AWS's EntityNotFoundException without the role."""
        arn = request["ResourceArn"]
        if arn in self._registered:
            raise AlreadyExists("Resource is already registered")
        self._registered[arn] = Registered(
            arn=arn,
            role_arn=self._role(request),
            modified=time.time(),
            federation=bool(request.get("WithFederation")),
            hybrid=bool(request.get("HybridAccessEnabled")),
            privileged=bool(request.get("WithPrivilegedAccess")),
        )

    def get(self, arn: str) -> Registered:
        """Raises AWS's EntityNotFoundException where the location is not registered."""
        try:
            return self._registered[arn]
        except KeyError:
            raise EntityNotFoundException("Entity not found") from None

    def update(self, request: Mapping[str, Any]) -> None:
        """Change the role, and the flags that the request names. Raises as ``get`` and ``register`` do."""
        old = self.get(request["ResourceArn"])
        self._registered[old.arn] = replace(
            old,
            role_arn=self._role(request),
            modified=time.time(),
            federation=bool(request.get("WithFederation", old.federation)),
            hybrid=bool(request.get("HybridAccessEnabled", old.hybrid)),
        )

    def deregister(self, arn: str) -> None:
        """Raises AWS's EntityNotFoundException where the location is not registered."""
        self.get(arn)
        del self._registered[arn]

    def cover(self, location: str) -> bool:
        """Whether an ``s3://`` location, or one that it lies in, is registered."""
        path = location.removeprefix("s3://").rstrip("/") + "/"
        paths = (registered.arn.split(":::", 1)[-1].rstrip("/") + "/" for registered in self)
        return location.startswith("s3://") and any(path.startswith(covered) for covered in paths)

    def _role(self, request: Mapping[str, Any]) -> str:
        role, service_linked = request.get("RoleArn"), request.get("UseServiceLinkedRole")
        if bool(role) == bool(service_linked):
            raise InvalidInput("Exactly one of RoleArn and UseServiceLinkedRole must be given")
        if role and is_missing(role, self._account):
            raise EntityNotFoundException(f"Role {role} not found")
        return role or self._service_linked
