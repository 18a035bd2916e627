"""The columns of a contract as trees: whatever is nested, as YAML or inside a type's text, in one form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mesh_infra.spec.model import Classification, Column, Contract
from mesh_infra.spec.types import DataType


@dataclass(frozen=True, slots=True)
class Field:
    """A column, or a field, element, key or value inside one.

    ``fields`` are those of a struct; ``inner`` what an array holds, or a map's key and value. ``pii`` is None where the
    contract does not say. ``sensitive``, ``partition``, ``unique`` and ``primary_key`` are said of columns alone.
    """

    name: str
    type: DataType
    description: str = ""
    required: bool = False
    pii: bool | None = None
    classification: str = ""
    tags: tuple[str, ...] = ()
    sensitive: bool = False
    partition: bool = False
    unique: bool = False
    primary_key: bool = False
    fields: tuple[Field, ...] = ()
    inner: tuple[Field, ...] = ()

    def walk(self) -> Iterator[Field]:
        """Itself and everything inside it."""
        yield self
        for part in (*self.fields, *self.inner):
            yield from part.walk()

    def unnamed(self) -> Iterator[Field]:
        """Itself and what it holds without a name of its own: elements, keys and values, to any depth."""
        yield self
        for part in self.inner:
            yield from part.unnamed()


def columns_of(contract: Contract, classifications: Mapping[str, Classification]) -> tuple[Field, ...]:
    """The columns in the order of the contract."""
    return tuple(
        replace(
            _field(column.name, column.type, column),
            sensitive=column.is_sensitive(classifications),
            partition=column.name in contract.partition_by,
            unique=column.unique,
            primary_key=column.primary_key,
        )
        for column in contract.columns
    )


def sizes(type_: DataType) -> tuple[int, ...]:
    """The numbers between the brackets of a primitive type: (12, 2) of ``decimal(12,2)``; none where it has none."""
    return tuple(map(int, re.findall(r"[0-9]+", type_.glue[len(type_.name) :]))) if "(" in type_.glue else ()


def _field(name: str, type_: DataType, said: Column | None) -> Field:
    """``said`` is None where the contract says no more than the type."""
    written = {column.name: column for column in said.fields} if said else {}
    parts = _parts(type_, said)
    return Field(
        name=name,
        type=type_,
        description=said.description if said else "",
        required=said.required if said else False,
        pii=said.pii if said else None,
        classification=(said.classification or "") if said else "",
        tags=said.tags if said else (),
        fields=tuple(_field(field, inner, written.get(field)) for field, inner in type_.fields),
        inner=tuple(_field(part, inner, column) for part, inner, column in parts),
    )


def _parts(type_: DataType, said: Column | None) -> tuple[tuple[str, DataType, Column | None], ...]:
    match type_.name:
        case "array":
            return (("items", type_.inner[0], said.items if said else None),)
        case "map":
            key, value = type_.inner
            return (("key", key, said.key if said else None), ("value", value, said.value if said else None))
        case _:
            return ()
