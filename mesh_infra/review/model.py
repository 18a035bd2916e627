"""A review as one value: what every renderer takes and nobody computes again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from mesh_infra.findings import Finding


class Impact(StrEnum):
    """How much a change of access or of a contract matters, the worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class ContractChange:
    """One change of one contract, in words.

    ``change`` is a stable code such as ``column-removed``; ``breaking``: consumers must change something. ``path`` and
    ``line`` are where HEAD says so; for what is gone, where BASE said it. ``approvers``: who must agree.
    """

    dataset: str
    version: str
    change: str
    breaking: bool
    severity: Impact
    message: str
    path: str
    line: int
    approvers: tuple[str, ...] = ()
    domain: str = ""


@dataclass(frozen=True, slots=True)
class AccessChange:
    """The columns of a dataset that a role gains and loses, as Lake Formation evaluates both sides.

    ``role`` is one of the mesh, or ``mesh-deployer``, ``lake-formation-admin`` or ``break-glass``, which no role can be
    called. ``sensitive`` are the gained columns that hold personal or otherwise sensitive data, or did so until now.
    ``message`` says why, in the same words at every dataset that one edit touches. ``approvers``: who must agree.
    """

    role: str
    dataset: str
    version: str
    severity: Impact
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    sensitive: tuple[str, ...]
    message: str
    approvers: tuple[str, ...]
    path: str
    line: int
    domain: str = ""


Operation = Literal["create", "update", "replace", "delete"]


@dataclass(frozen=True, slots=True)
class InfrastructureChange:
    """What happens to one resource of one stack.

    ``inputs``: the property paths that change; ``replaced_by``: those that force a replacement. ``data_loss``: objects,
    keys or catalogue entries are lost with it. ``drift``: the engine changes it although the files do not. Of what is
    deleted or replaced: ``kept``, the stack lets go of it and AWS keeps it as it is; ``protected``, Pulumi refuses
    until somebody takes the protection off. ``approvers``: who must agree to what loses data.
    """

    stack: str
    op: Operation
    type: str
    name: str
    inputs: tuple[str, ...]
    replaced_by: tuple[str, ...]
    data_loss: bool
    drift: bool = False
    kept: bool = False
    protected: bool = False
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that a change does. ``findings`` hold what is wrong with HEAD and what the change may not do.

    ``compared`` is False where a side cannot be understood: then nothing is known of changes. ``approvers``: who must
    agree to what findings warn of, beside those of the changes.
    """

    contracts: tuple[ContractChange, ...]
    access: tuple[AccessChange, ...]
    infrastructure: tuple[InfrastructureChange, ...]
    findings: tuple[Finding, ...]
    compared: bool = True
    approvers: tuple[str, ...] = ()
