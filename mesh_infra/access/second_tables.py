"""Who may lay a table of its own over the files of another one, and so read them unmasked.

Whoever makes a table holds every permission on it. That takes a place to make it, and leave to point it at the
location, which a database's own location implies (Lake Formation, "Implicit Lake Formation permissions", "Underlying
data access control").
"""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.access.grants import READING, holds
from mesh_infra.access.locations import s3_path, upward
from mesh_infra.access.principals import covers, is_group, narrower
from mesh_infra.aws.lake import LakeState
from mesh_infra.aws.lakeformation import AllTables, Catalog, Database, DataLocation, LakeGrant, Table

Grants = tuple[LakeGrant, ...]
Makers = dict[str, Grants]

_POINTING = frozenset(("DATA_LOCATION_ACCESS",))
_MAKING_DATABASES = frozenset(("ALL", "CREATE_CATALOG", "CREATE_DATABASE", "SUPER_USER"))
_MAKING_TABLES = frozenset(("ALL", "CREATE_TABLE", "SUPER_USER"))
_ALTERING = frozenset(("ALL", "ALTER"))


class SecondTables:
    """For every location, who may make a table over what lies there, and by which grants."""

    def __init__(self, state: LakeState) -> None:
        self._at: dict[str, Makers] = {}
        pointing = [
            (grant, grant.resource.arn)
            for grant in state.grants
            if isinstance(grant.resource, DataLocation) and holds(grant, _POINTING)
        ]
        located = {base.database: base for base in state.databases if base.location}
        if not pointing and not located:
            return
        makers: Makers = dict.fromkeys((*(t.creator for t in state.tables), *(d.creator for d in state.databases)), ())
        makers.pop("", None)
        for grant in state.grants:
            if _makes_tables(grant):
                _keep(makers, grant.principal, (grant,))
            if isinstance(grant.resource, Database) and grant.resource in located and holds(grant, _MAKING_TABLES):
                self._add(located[grant.resource].location, grant.principal, (grant,))
        for base in located.values():
            if base.creator:
                self._add(base.location, base.creator, ())
        for grant, location in pointing:
            for principal, made in _of(makers, grant.principal):
                self._add(location, principal, (grant, *made))

    def _add(self, location: str, principal: str, grants: Grants) -> None:
        path = s3_path(location)
        if path is not None:
            _keep(self._at.setdefault(path, {}), principal, grants)

    def over(self, path: str) -> Iterator[tuple[str, Grants]]:
        """The principals that may make a table over the files at ``path``, each with the grants that let it."""
        found: Makers = {}
        for above in upward(path):
            for principal, grants in self._at.get(above, {}).items():
                _keep(found, principal, grants)
        yield from found.items()


def _makes_tables(grant: LakeGrant) -> bool:
    match grant.resource:
        case Catalog():
            return holds(grant, _MAKING_DATABASES)
        case Database():
            return holds(grant, _MAKING_TABLES)
        case Table() | AllTables():
            # A table that one reads and alters can be pointed at other files.
            return holds(grant, _ALTERING) and holds(grant, READING)
        case _:
            return False


def _of(makers: Makers, principal: str) -> Iterator[tuple[str, Grants]]:
    """Who of ``principal``, itself or a group, is a maker."""
    if is_group(principal):
        for maker, grants in makers.items():
            both = narrower(principal, maker)
            if both is not None:
                yield both, grants
        return
    for maker in filter(is_group, makers):
        if covers(maker, principal):
            yield principal, makers[maker]
    if principal in makers:
        yield principal, makers[principal]


def _keep(found: Makers, principal: str, grants: Grants) -> None:
    """Of several sets of grants keep one, whatever their order: best without conditions, then the shortest."""
    if principal not in found or _rank(grants) < _rank(found[principal]):
        found[principal] = grants


def _rank(grants: Grants) -> tuple[bool, int, str]:
    return any(grant.condition for grant in grants), len(grants), str(grants)
