"""A review for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from mesh_infra.review.model import AccessChange, ContractChange, InfrastructureChange, Review
from mesh_infra.review.render.parts import approvers_of

_CONTRACT = ("dataset", "version", "change", "breaking", "severity", "message", "path", "line", "approvers")
_ACCESS = ("role", "dataset", "version", "severity", "gained", "lost", "path", "line", "approvers")
"""The rest of a change follows from these, or is there for people."""
_WHERE_TRUE = ("approvers", "drift", "kept", "protected")


def render_json(review: Review) -> str:
    """The review as JSON, in ASCII so that no terminal or pipe can change it, and with sorted keys."""
    return json.dumps(as_document(review), indent=2, sort_keys=True) + "\n"


def as_document(review: Review) -> Mapping[str, object]:
    """The review as dicts, lists and scalars; the shape is stable.

    ``{"contracts": [{dataset, version, change, breaking, severity, message, path, line, approvers}], "access": [{role,
    dataset, version, severity, gained, lost, path, line, approvers}], "infrastructure": [{stack, op, type, name,
    inputs, replaced_by, data_loss}], "findings": [{rule, severity, path, line, column, message, hint}],
    "approvers": […]}``. A resource that has drifted has ``"drift": true`` beside it; one that goes may have
    ``"kept": true`` and ``"protected": true``, and what loses data has ``approvers``. The last ``approvers`` are those
    who must agree to the whole.
    """
    return {
        "contracts": [_only(_CONTRACT, change) for change in review.contracts],
        "access": [_only(_ACCESS, change) for change in review.access],
        "infrastructure": [_infrastructure(change) for change in review.infrastructure],
        "findings": [asdict(finding) for finding in review.findings],
        "approvers": list(approvers_of(review)),
    }


def _only(names: Iterable[str], change: ContractChange | AccessChange) -> Mapping[str, object]:
    return {name: getattr(change, name) for name in names}


def _infrastructure(change: InfrastructureChange) -> Mapping[str, object]:
    # Only a real preview knows of drift, only what goes is kept, protected or lost: else the keys would say nothing.
    return {name: value for name, value in asdict(change).items() if name not in _WHERE_TRUE or value}
