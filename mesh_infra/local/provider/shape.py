"""Values in Pulumi's shape to AWS's and back, by the schema: ``serDeInfo`` to ``SerdeInfo``, maps left as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from mesh_infra.aws.schema import Prop, ResourceSchema
from mesh_infra.local.provider.wire import Value


def part(schema: ResourceSchema, *names: str) -> Prop:
    """Some of a resource's inputs as one object: what AWS takes in one structure."""
    return Prop("object", fields={name: schema.inputs[name] for name in names})


def to_aws(prop: Prop, value: Value, names: Mapping[str, str]) -> Value:
    """``value`` as AWS's API takes it; ``names`` has the fields whose name is more than capitalised."""
    if prop.kind == "object":
        return {
            _name(key, names): to_aws(field, value[key], names)
            for key, field in prop.fields.items()
            if value.get(key) is not None
        }
    if prop.item is not None:
        return [to_aws(prop.item, item, names) for item in value]
    return value


def from_aws(prop: Prop, value: Value, names: Mapping[str, str]) -> Value:
    """``value`` as AWS's API returned it, with the fields that the schema knows."""
    if prop.kind == "object":
        return {
            key: from_aws(field, value[_name(key, names)], names)
            for key, field in prop.fields.items()
            if value.get(_name(key, names)) is not None
        }
    if prop.item is not None:
        return [from_aws(prop.item, item, names) for item in value]
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value


def _name(key: str, names: Mapping[str, str]) -> str:
    return names.get(key) or key[0].upper() + key[1:]
