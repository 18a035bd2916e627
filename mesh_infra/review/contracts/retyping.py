"""What a new type does to those who read a column."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.review.contracts.edit import Edit, Pair
from mesh_infra.review.contracts.nodes import Node
from mesh_infra.review.contracts.widening import Widening, key_widening, widening
from mesh_infra.review.model import Impact
from mesh_infra.spec.problems import quoted
from mesh_infra.spec.types import DataType


def type_edits(pair: Pair, old: Node, new: Node) -> Iterator[Edit]:
    """How the type of a column or field changes; nothing where it does not."""
    if old.type == new.type:
        return
    place = pair.here((*new.loc, "type") if new.said else new.loc)
    change = f"the type of {new.title} changes from {_called(old.type)} to {_called(new.type)}"
    if old.type.glue == new.type.glue:
        message = f"{change}; readers see {quoted(new.type.glue)} as before"
        yield Edit("type-meaning-changed", message, place, column=old.column)
        return
    wider = _widened(pair, old, new)
    if wider is not None:
        message = f"{change}, which holds every value as before" + (f"; {wider.care}" if wider.care else "")
        yield Edit("type-widened", message, place, severity=_severity(wider), column=old.column)
        return
    narrower = _widened(pair, new, old) is not None
    code = "type-narrowed" if narrower else "type-changed"
    message = f"{change}, which does not hold every value" if narrower else change
    yield Edit(code, message, place, breaks=True, severity=Impact.HIGH, column=old.column)


def _severity(wider: Widening) -> Impact:
    return Impact.MEDIUM if wider.care else Impact.INFO


def _called(type_: DataType) -> str:
    """The type as Glue has it; the contract's own word where Glue has none."""
    return quoted(type_.name if type_.primitive and type_.name not in type_.glue else type_.glue)


def _widened(pair: Pair, old: Node, new: Node) -> Widening | None:
    """The widening that is safe in the dataset's format; in both where the format changes too."""
    if _is_key(pair, old, new):
        return key_widening(old.type, new.type)
    found = [widening(name, old.type, new.type) for name in pair.formats]
    if None in found:
        return None
    return next((wider for wider in found if wider is not None and wider.care), found[0])


def _is_key(pair: Pair, old: Node, new: Node) -> bool:
    """Whether both sides have it as a partition key; ``old`` and ``new`` may be given either way round."""
    keys = {*pair.base.partition_by, *pair.head.partition_by}
    return old.top and old.name in keys and new.name in keys
