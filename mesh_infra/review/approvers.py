"""Who must agree where no change of a contract or of access says it: those who run the mesh, owners of lost data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from mesh_infra.review.model import InfrastructureChange
from mesh_infra.spec.model import Mesh, Spec

THOSE_WHO_RUN_THE_MESH = "those who run the mesh (mesh.yaml)"

_DOMAIN_ENDS = re.compile(r"[.-]")
"""What follows a domain's name in those of its resources: ``sales``, ``sales-lakeformation``, ``sales.orders_v1``."""


def those_who_run(mesh: Mesh | None) -> tuple[str, ...]:
    """Whom mesh.yaml names on GitHub; where it names nobody, or there is none, it says so in words."""
    return (mesh.github if mesh else ()) or (THOSE_WHO_RUN_THE_MESH,)


def with_approvers(changes: Iterable[InfrastructureChange], base: Spec, head: Spec) -> list[InfrastructureChange]:
    """The changes; at those that lose data the owner of the domain whose it is, as BASE has it.

    What is no domain's, or none of the mesh's, is of those who run the mesh.
    """
    owners = {domain.domain: domain.owner for side in (head, base) for domain in side.domains}
    runners = those_who_run(base.mesh)
    return [
        replace(change, approvers=_owner(change, owners) or runners) if change.data_loss else change
        for change in changes
    ]


def _owner(change: InfrastructureChange, owners: Mapping[str, str]) -> tuple[str, ...]:
    domain = _DOMAIN_ENDS.split(change.name, maxsplit=1)[0]
    return (owners[domain],) if domain in owners else ()
