"""Pulumi's values on the wire: protobuf structs to plain values and back.

The provider accepts no secrets, resources or outputs (``Handshake``), so that the engine sends plain JSON values, and
``UNKNOWN`` for what is not known yet in a preview.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct

Value = Any
"""A plain JSON value."""

Values = dict[str, Value]
"""Inputs or outputs by their names in Pulumi's camelCase."""


def to_plain(struct: Struct) -> Values:
    """The values of a struct: whole numbers as ints, what is null left out."""
    plain: Values = _plain(MessageToDict(struct))
    return plain


def to_struct(values: Mapping[str, Value]) -> Struct:
    """The struct of plain values."""
    struct = Struct()
    struct.update(values)
    return struct


def _plain(value: Value) -> Value:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
