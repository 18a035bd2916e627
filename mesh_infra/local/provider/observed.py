"""What AWS shows, held against what is known: so that only real drift looks like a change."""

from __future__ import annotations

from collections.abc import Mapping

from mesh_infra.aws.resources.check import diff
from mesh_infra.aws.schema import Prop, ResourceSchema
from mesh_infra.local.provider.resource import Resource
from mesh_infra.local.provider.wire import Value, Values


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
    return _fields_as_given(inputs, old, outputs) if old else _said(inputs, outputs)


def with_computed(inputs: Mapping[str, Prop], old: Values, outputs: Values, new: Values) -> Values:
    """The ``old`` inputs, with what AWS filled in wherever ``new`` gives such a value itself: the same is no change."""
    filled = dict(old)
    for name, prop in inputs.items():
        if name not in new or name not in outputs:
            continue
        if prop.computed and name not in old:
            filled[name] = outputs[name]
        elif prop.kind == "object" and isinstance(new[name], dict) and isinstance(old.get(name), dict):
            filled[name] = with_computed(prop.fields, old[name], outputs[name], new[name])
    return filled


def _same(resource: Resource, name: str, prop: Prop, known: Value, observed: Value) -> bool:
    return observed is not None and (resource.means_same(name, known, observed) or not _differ(prop, known, observed))


def _differ(prop: Prop, one: Value, other: Value) -> bool:
    """Whether the planner would see a change from the one value to the other."""
    return bool(diff(ResourceSchema("", {"value": prop}), {"value": one}, {"value": other}))


def _absent(prop: Prop, value: Value) -> bool:
    """Whether a value is the same as none given: also an object in which there is nothing but what AWS fills in."""
    if prop.kind == "object" and value:
        fields = prop.fields.items()
        return all(field.computed or _absent(field, value.get(name)) for name, field in fields)
    return not _differ(prop, None, value)


def _said(fields: Mapping[str, Prop], observed: Mapping[str, Value]) -> Values:
    """The fields that say something, without those inside them that do not."""
    said = {name: observed[name] for name, prop in fields.items() if not _absent(prop, observed.get(name))}
    return {
        name: _said(fields[name].fields, value) if fields[name].kind == "object" else value
        for name, value in said.items()
    }


def _fields_as_given(fields: Mapping[str, Prop], old: Mapping[str, Value], observed: Mapping[str, Value]) -> Values:
    given = {name: _as_given(prop, old.get(name), observed.get(name)) for name, prop in fields.items()}
    return {name: value for name, value in given.items() if value is not None}


def _as_given(prop: Prop, old: Value, observed: Value) -> Value:
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
