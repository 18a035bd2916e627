"""The grants that Lake Formation keeps: for each principal and resource one set of permissions."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any

from moto.lakeformation.exceptions import InvalidInput

from mesh_infra.local.aws.lakeformation.resources import Columns, Database, Filter, Resource, Table, wire

SELECT = "SELECT"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a principal may do with a resource, and which of it others may be given by the principal."""

    principal: str
    resource: Resource
    permissions: frozenset[str]
    grantable: frozenset[str]

    def wire(self) -> dict[str, Any]:
        """The grant as ListPermissions gives it out."""
        return {
            "Principal": {"DataLakePrincipalIdentifier": self.principal},
            "Resource": wire(self.resource),
            "Permissions": sorted(self.permissions),
            "PermissionsWithGrantOption": sorted(self.grantable),
        }


class Grants:
    """All grants, in the order in which they were first made."""

    def __init__(self) -> None:
        self._grants: dict[tuple[str, Resource], Grant] = {}
        # By the table (or what else it is) that a grant belongs to: an account has many grants, a table few.
        self._places: dict[Resource, dict[tuple[str, Resource], None]] = {}

    def __iter__(self) -> Iterator[Grant]:
        return iter(self._grants.values())

    def at(self, place: Resource) -> list[Grant]:
        """The grants on a database, catalog or location; for a table, those on its columns and filters too."""
        return [self._grants[key] for key in self._places.get(place, ())]

    def add(self, principal: str, resource: Resource, permissions: Set[str], grantable: Set[str]) -> None:
        """Grant; what the principal holds already it keeps."""
        for part in _parts(resource, permissions | grantable):
            key = (principal, part)
            old = self._grants.get(key, Grant(principal, part, frozenset(), frozenset()))
            held = old.permissions | _of_part(part, permissions | grantable)
            self._keep(key, Grant(principal, part, held, old.grantable | _of_part(part, grantable)))

    def take(self, principal: str, resource: Resource, permissions: Set[str], grantable: Set[str]) -> None:
        """Revoke permissions, and with ``grantable`` only the option to pass them on.

        Raises ``InvalidInput`` where the principal holds none of them.
        """
        found = False
        for part in _parts(resource, permissions | grantable):
            old = self._grants.get((principal, part))
            if old is None or not (old.permissions & permissions or old.grantable & grantable):
                continue
            found = True
            new = Grant(principal, part, old.permissions - permissions, old.grantable - permissions - grantable)
            self._keep((principal, part), new)
        if not found:
            raise InvalidInput(
                "No permissions revoked. Grantee has no permissions and no grantable permissions on resource."
            )

    def forget(self, gone: Database | Table | Filter) -> None:
        """Drop every grant on something that was deleted, and on what was in it."""
        for key in [key for key in self._grants if _is_in(key[1], gone)]:
            self._drop(key)

    def _keep(self, key: tuple[str, Resource], grant: Grant) -> None:
        if grant.permissions:
            self._grants[key] = grant
            self._places.setdefault(_place(grant.resource), {})[key] = None
        else:
            self._drop(key)

    def _drop(self, key: tuple[str, Resource]) -> None:
        del self._grants[key]
        place = _place(key[1])
        del self._places[place][key]
        if not self._places[place]:
            del self._places[place]


def _parts(resource: Resource, permissions: Set[str]) -> list[Resource]:
    """The resources that AWS keeps a grant on: SELECT on columns, everything else on the table.

    Not documented, but what ListPermissions gives out (terraform-provider-aws, lakeformation/filter.go, its comments).
    """
    match resource:
        case Table():
            columns, table = Columns(resource), resource
        case Columns():
            columns, table = resource, resource.table
        case _:
            return [resource]
    return [*([table] if permissions - {SELECT} else []), *([columns] if SELECT in permissions else [])]


def _of_part(part: Resource, permissions: Set[str]) -> frozenset[str]:
    match part:
        case Table():
            return frozenset(permissions - {SELECT})
        case Columns():
            return frozenset(permissions & {SELECT})
        case _:
            return frozenset(permissions)


def _place(resource: Resource) -> Resource:
    return resource.table if isinstance(resource, Columns | Filter) else resource


def _is_in(resource: Resource, gone: Database | Table | Filter) -> bool:
    place = _place(resource)
    if isinstance(gone, Database) and isinstance(place, Table):
        return (place.catalog_id, place.database) == (gone.catalog_id, gone.name)
    return gone in (resource, place)
