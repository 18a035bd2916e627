"""The infrastructure part of a review from a real `pulumi preview --json`, in place of the predicted one.

Pulumi, pkg/display/json.go (PreviewDigest) and pkg/backend/display/json.go: a step for each resource that changes, and
one for the stack itself; with ``--refresh`` also one for each resource that is not as the state has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mesh_infra.aws.resources import SCHEMAS
from mesh_infra.errors import UsageError
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.model import Manifest
from mesh_infra.manifest.stacks import find_stack
from mesh_infra.review.approvers import with_approvers
from mesh_infra.review.infrastructure import compare
from mesh_infra.review.model import InfrastructureChange, Operation
from mesh_infra.spec.model import Spec

_OPERATIONS: Mapping[str, Operation] = {
    "create": "create",
    "create-replacement": "replace",
    "delete": "delete",
    "delete-replaced": "replace",
    "import": "create",
    "import-replacement": "replace",
    "replace": "replace",
    "update": "update",
}
"""Pulumi's steps that change something; the others (same, refresh, read, …) change nothing on AWS."""

# Of two steps of one resource: what is gone on AWS is deleted by the refresh and created again.
_STRONGEST: tuple[Operation, ...] = ("replace", "create", "delete", "update")
_ORDER: tuple[Operation, ...] = ("delete", "replace", "update", "create")


@dataclass(frozen=True, slots=True)
class Preview:
    """What the engine says of one stack."""

    stack: str
    changes: tuple[InfrastructureChange, ...]


def read_preview(text: str, name: str) -> Preview:
    """The preview in ``text``; only names of resources and properties are taken from it, never a value.

    ``name`` is what messages call it. Raises ``UsageError`` where it is no output of `pulumi preview --json`, or the
    preview failed and so is not the whole of it.
    """
    digest = _digest(text, name)
    steps = [_Step(item) for item in digest["steps"]]
    stacks = {step.stack for step in steps}
    if len(stacks) != 1:
        raise UsageError(f"'{name}' is about {len(stacks)} stacks", "give --preview once for each stack")
    for diagnostic in map(_mapping, _sequence(digest.get("diagnostics"))):
        if diagnostic.get("severity") == "error":
            said = " ".join(str(diagnostic.get("message")).split())[:300]
            raise UsageError(f"the preview in '{name}' failed: {said}", "mend that and preview again")
    return Preview(stacks.pop(), tuple(_changes(steps)))


def with_previews(
    changes: Iterable[InfrastructureChange], previews: Iterable[Preview], base: Spec, head: Spec
) -> tuple[InfrastructureChange, ...]:
    """The predicted changes with those of previewed stacks as the engine says; what was not predicted there is drift.

    Sorted as predicted ones are: by stack, then what is lost first. Raises ``UsageError`` for a stack that neither side
    has; the local one is fine.
    """
    by_stack = {preview.stack: preview for preview in previews}
    kept = [change for change in changes if change.stack not in by_stack]
    for preview in by_stack.values():
        predicted = _predicted(base, head, preview.stack)
        seen = with_approvers(preview.changes, base, head)
        kept.extend(replace(c, drift=(c.type, c.name) not in predicted) for c in seen)
    return tuple(sorted(kept, key=lambda c: (c.stack, _ORDER.index(c.op), c.type, c.name)))


def _predicted(base: Spec, head: Spec, stack: str) -> frozenset[tuple[str, str]]:
    """Type and name of every resource of a stack that the files change."""
    before, after = _manifest(base, stack), _manifest(head, stack)
    if before is None and after is None:
        find_stack(head, stack)
    return frozenset((change.type, change.name) for change in compare(stack, before, after))


def _manifest(spec: Spec, stack: str) -> Manifest | None:
    """What a side has in a stack; None where it has no such stack."""
    try:
        found = find_stack(spec, stack)
    except UsageError:
        return None
    return build_manifest(spec, found.environment, found.scope)


def _digest(text: str, name: str) -> Mapping[str, Any]:
    hint = "it must hold what 'pulumi preview --json' prints on standard output, and nothing else"
    try:
        digest = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"'{name}' is no JSON: {error}", hint) from None
    if not isinstance(digest, dict) or not isinstance(digest.get("steps"), list) or not digest["steps"]:
        raise UsageError(f"'{name}' has no steps", hint)
    if not all(_is_step(step) for step in digest["steps"]):
        raise UsageError(f"'{name}' has steps that are none of Pulumi's", hint)
    return digest


def _is_step(step: object) -> bool:
    """Whether it has an operation and a URN: ``urn:pulumi:stack::project::type::name``."""
    if not isinstance(step, dict) or not isinstance(step.get("op"), str):
        return False
    urn = step.get("urn")
    return isinstance(urn, str) and urn.startswith("urn:pulumi:") and urn.count("::") >= 3


class _Step:
    """One step of the engine, read leniently: what is missing changes nothing."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        self._item = item
        self.stack, _, qualified, self.name = item["urn"].removeprefix("urn:pulumi:").split("::", 3)
        # The types of its parents stand before its own.
        self.type = qualified.rpartition("$")[2]

    @property
    def op(self) -> Operation | None:
        """What it does to the resource; None where it changes nothing on AWS."""
        ours = self.type.startswith(("mesh:", "pulumi:"))
        return None if ours else _OPERATIONS.get(self._item["op"])

    @property
    def inputs(self) -> tuple[str, ...]:
        """The paths that differ."""
        return tuple(map(str, _mapping(self._item.get("detailedDiff")) or _sequence(self._item.get("diffReasons"))))

    @property
    def replaced_by(self) -> tuple[str, ...]:
        """The inputs that force a replacement."""
        return tuple(map(str, _sequence(self._item.get("replaceReasons"))))

    @property
    def retained(self) -> bool:
        """Whether AWS keeps the old resource when it leaves the stack."""
        return _mapping(self._item.get("oldState")).get("retainOnDelete") is True

    @property
    def protected(self) -> bool:
        """Whether Pulumi refuses to let the old resource go."""
        return _mapping(self._item.get("oldState")).get("protect") is True


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _changes(steps: Iterable[_Step]) -> Iterator[InfrastructureChange]:
    """One change for each resource, whatever number of steps it takes."""
    found: dict[tuple[str, str], list[tuple[Operation, _Step]]] = {}
    for step in steps:
        if step.op is not None:
            found.setdefault((step.type, step.name), []).append((step.op, step))
    for (type_, name), taken in found.items():
        op = min((op for op, _ in taken), key=_STRONGEST.index)
        goes, first = op in ("delete", "replace"), taken[0][1]
        yield InfrastructureChange(
            stack=first.stack,
            op=op,
            type=type_,
            name=name,
            inputs=_merged(step.inputs for _, step in taken) if op in ("replace", "update") else (),
            replaced_by=_merged(step.replaced_by for _, step in taken) if op == "replace" else (),
            data_loss=goes and not first.retained and _holds_data(type_),
            kept=goes and first.retained,
            protected=goes and first.protected,
        )


def _holds_data(type_: str) -> bool:
    # A resource that is not the mesh's own: nobody here knows, so that somebody should look.
    return SCHEMAS[type_].holds_data if type_ in SCHEMAS else True


def _merged(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(sorted({item for items in lists for item in items}))
