"""Columns as trees: every field, element, key and value, whether the contract writes it as YAML or as a type."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from mesh_infra.spec.model import Column
from mesh_infra.spec.source import Loc
from mesh_infra.spec.types import DataType


@dataclass(frozen=True, slots=True)
class Node:
    """A column, or something inside one.

    ``path`` is what people call it: ``requester.email``, ``lines[].sku``, ``totals[value]``. ``said`` is what the
    contract says of it beside its type; None where nested data is written as a type. ``loc`` leads to it, or to what
    encloses it.
    """

    name: str
    path: str
    type: DataType
    said: Column | None
    loc: Loc
    children: tuple[Node, ...]

    @property
    def column(self) -> str:
        """The column that it is or lies in."""
        return self.path.partition(".")[0].partition("[")[0]

    @property
    def top(self) -> bool:
        """Whether it is a column of the table."""
        return self.path == self.column

    @property
    def title(self) -> str:
        """``column 'x'`` or ``field 'x.y'``."""
        return f"{'column' if self.top else 'field'} '{self.path}'"

    def walk(self) -> Iterator[Node]:
        """It and all inside it."""
        yield self
        for child in self.children:
            yield from child.walk()


def nodes_of(columns: Iterable[Column], only: Container[int] | None = None) -> tuple[Node, ...]:
    """The columns of a contract as trees; ``only`` those at some places, where it is given."""
    return tuple(
        _node(column.name, column.name, column.type, column, ("schema", index))
        for index, column in enumerate(columns)
        if only is None or index in only
    )


def _node(name: str, path: str, type_: DataType, said: Column | None, loc: Loc) -> Node:
    return Node(name, path, type_, said, loc, tuple(_children(path, type_, said, loc)))


def _children(path: str, type_: DataType, said: Column | None, loc: Loc) -> Iterator[Node]:
    if type_.name == "struct":
        written = {field.name: (index, field) for index, field in enumerate(said.fields)} if said else {}
        for name, inner in type_.fields:
            if name in written:
                index, field = written[name]
                yield _node(name, f"{path}.{name}", inner, field, (*loc, "fields", index))
            else:
                yield _node(name, f"{path}.{name}", inner, None, loc)
    elif type_.name == "array":
        yield _part("[]", path, type_.inner[0], said.items if said else None, (loc, "items"))
    elif type_.name == "map":
        yield _part("[key]", path, type_.inner[0], said.key if said else None, (loc, "key"))
        yield _part("[value]", path, type_.inner[1], said.value if said else None, (loc, "value"))


def _part(name: str, path: str, type_: DataType, said: Column | None, at: tuple[Loc, str]) -> Node:
    loc, key = at
    return _node(name, f"{path}{name}", type_, said, (*loc, key) if said else loc)
