"""What AWS shows, held against what is known: so that only real drift looks like a change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mesh_infra.aws.resources.check import diff
from mesh_infra.aws.schema import Prop, ResourceSchema
from mesh_infra.local.provider.resource import Resource
from mesh_infra.local.provider.wire import Values


def settled(resource: Resource, inputs: Mapping[str, Prop], known: Values, observed: Values) -> Values:
    """The outputs: what was observed, in the wording of what is known wherever that means the same."""
    outputs = {name: value for name, value in observed.items() if value is not None}
    for name in known.keys() & inputs.keys():
        if name in resource.kept or _same(resource, name, inputs[name], known[name], outputs.get(name)):
            outputs[name] = known[name]
    return outputs


def as_inputs(inputs: Mapping[str, Prop], old: Values, outputs: Values) -> Values:
    """The inputs that a program would have to send to get ``outputs``: the ``old`` ones where nothing drifted.

    What AWS fills in where an input is not given is no drift; in an import (no old inputs) it is an input.
    """
    if not old:
        imported = {name: outputs.get(name) for name, prop in inputs.items() if not _absent(prop, outputs.get(name))}
        return {name: value for name, value in imported.items() if value is not None}
    return _fields_as_given(inputs, old, outputs)


def _same(resource: Resource, name: str, prop: Prop, known: Any, observed: Any) -> bool:
    return observed is not None and (resource.means_same(name, known, observed) or not _differ(prop, known, observed))


def _differ(prop: Prop, one: Any, other: Any) -> bool:
    """Whether the planner would see a change from the one value to the other."""
    return bool(diff(ResourceSchema("", {"value": prop}), {"value": one}, {"value": other}))


def _absent(prop: Prop, value: Any) -> bool:
    """Whether a value is the same as none given."""
    return not _differ(prop, None, value)


def _fields_as_given(fields: Mapping[str, Prop], old: Mapping[str, Any], observed: Mapping[str, Any]) -> Values:
    given = {name: _as_given(prop, old.get(name), observed.get(name)) for name, prop in fields.items()}
    return {name: value for name, value in given.items() if value is not None}


def _as_given(prop: Prop, old: Any, observed: Any) -> Any:
    if old is None:
        return None if prop.computed or _absent(prop, observed) else observed
    if observed is None:
        return old if _absent(prop, old) else None
    if not _differ(prop, old, observed):
        return old
    if prop.kind == "object":
        return _fields_as_given(prop.fields, old, observed)
    if prop.kind == "list" and prop.item is not None and len(old) == len(observed):
        return [_as_given(prop.item, *pair) for pair in zip(old, observed, strict=True)]
    return observed
