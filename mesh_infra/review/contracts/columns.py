"""What changes in the columns of a dataset, and in everything inside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mesh_infra.review.contracts.edit import Classifications, Edit, Pair, Place
from mesh_infra.review.contracts.leaving import Leaving
from mesh_infra.review.contracts.levels import Level, Order, order_of, pair_up, without
from mesh_infra.review.contracts.likeness import find_likeness
from mesh_infra.review.contracts.nesting import Moves, find_moves
from mesh_infra.review.contracts.nodes import Node, nodes_of
from mesh_infra.review.contracts.protection import (
    exposure_edit,
    likeness_edit,
    protection_edits,
    sensitive_part,
    unlikeness_edit,
)
from mesh_infra.review.contracts.retyping import type_edits
from mesh_infra.review.model import Impact
from mesh_infra.spec.problems import listed, quoted

BY_POSITION = "csv is read by position, so values would show under other names, hidden ones too"
PARTITIONS_BY_POSITION = "Athena compares the columns of existing partitions by position and refuses the query"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of both sides of a contract, each found on the other."""

    pair: Pair
    olds: tuple[Node, ...]
    news: tuple[Node, ...]
    moves: Moves
    level: Level

    @property
    def renames(self) -> dict[str, str]:
        """Old names of columns that are called otherwise now."""
        return self.level.renames


def read_columns(pair: Pair) -> Columns:
    """Find every column of BASE in HEAD: under its name, under another, or inside a struct."""
    olds, news = nodes_of(pair.base.columns), nodes_of(pair.head.columns)
    moves = find_moves(olds, news)
    return Columns(pair, olds, news, moves, pair_up(without(olds, moves.old_paths), without(news, moves.new_paths)))


def column_edits(columns: Columns) -> Iterator[Edit]:
    """Everything that changes in the columns."""
    level = columns.level
    yield from _moved(columns)
    yield from _level_edits(columns.pair, level, _order(columns))
    for old, new in level.kept:
        yield from _inside(columns, old, new)
    yield from _protection(columns)


def _moved(columns: Columns) -> Iterator[Edit]:
    """Columns that became fields of a struct, and the other way round."""
    pair = columns.pair
    for old, new in columns.moves.pairs:
        code = "column-nested" if old.top else "column-unnested"
        yield _shape(pair, code, f"{old.title} becomes {new.title}", pair.here(new.loc), old, breaks=True)


def _protection(columns: Columns) -> Iterator[Edit]:
    """What becomes of the protection of each column: by what it was in BASE, or else by the names in it."""
    pair = columns.pair
    found = list(_by_pair(columns))
    pairs = (*columns.level.kept, *columns.moves.pairs)
    like = _likeness(columns.olds, columns.news, pairs, (pair.old_classes, pair.new_classes))
    for _, edit in found:
        if edit.code == "column-unprotected" and edit.column in like:
            worse = likeness_edit(pair, like.pop(edit.column), edit)
            yield edit if edit.severity is worse.severity else worse
        else:
            yield edit
    yield from (likeness_edit(pair, each) for each in like.values())
    told = {old.column for old, edit in found if edit.code == "column-sensitive"}
    back = [(new, old) for old, new in pairs]
    unlike = _likeness(columns.news, columns.olds, back, (pair.new_classes, pair.old_classes))
    yield from (unlikeness_edit(pair, each) for column, each in unlike.items() if column not in told)


def _likeness(
    olds: Sequence[Node],
    news: Sequence[Node],
    pairs: Iterable[tuple[Node, Node]],
    classes: tuple[Classifications, Classifications],
) -> dict[str, list[tuple[Node, Node]]]:
    """The columns that are shown in HEAD, with what in them is called like what was sensitive in BASE."""
    likeness = find_likeness(olds, news, pairs, *classes)
    if not likeness:
        return {}
    shown = (node for node in news if not sensitive_part(node, node, classes[1]))
    return {node.name: found for node in shown if (found := list(likeness.found(node)))}


def _by_pair(columns: Columns) -> Iterator[tuple[Node, Edit]]:
    """What becomes of the protection of columns and of what moved, each with what it was in BASE."""
    pair = columns.pair
    before = {node.name: node for node in columns.olds}
    after = {node.name: node for node in columns.news}
    for old, new in columns.moves.pairs:
        exposure = exposure_edit(pair, before[old.column], after[new.column], (old, new))
        if exposure:
            yield old, exposure
    leaving = Leaving(columns.olds, columns.news, columns.moves)
    for old, new in columns.level.kept:
        yield from ((old, edit) for edit in protection_edits(pair, old, new, leaving))


def _order(columns: Columns) -> Order:
    """The order of what lies in the files; partition keys do not."""
    pair = columns.pair
    olds = [node for node in columns.olds if node.name not in pair.base.partition_by]
    news = [node for node in columns.news if node.name not in pair.head.partition_by]
    return order_of(columns.level, olds, news)


def _inside(columns: Columns, old: Node, new: Node) -> Iterator[Edit]:
    """What changes in a column or field that stays, and in what it holds."""
    pair = columns.pair
    yield from _said_edits(pair, old, new)
    if old.type.name != new.type.name or new.type.primitive:
        yield from type_edits(pair, old, new)
    elif new.type.name == "struct":
        olds = without(old.children, columns.moves.old_paths)
        news = without(new.children, columns.moves.new_paths)
        level = pair_up(olds, news)
        yield from _level_edits(pair, level, order_of(level, olds, news))
        for one, other in level.kept:
            yield from _inside(columns, one, other)
    else:
        for one, other in zip(old.children, new.children, strict=True):
            yield from _inside(columns, one, other)


def _level_edits(pair: Pair, level: Level, order: Order) -> Iterator[Edit]:
    """What has come, is gone, is renamed or stands elsewhere among columns, or among the fields of a struct."""
    for node in level.removed:
        code = "column-removed" if node.top else "field-removed"
        yield _shape(pair, code, f"{node.title} is removed", pair.before(node.loc), node, breaks=True)
    for old, new in level.kept:
        if old.name != new.name:
            code = "column-renamed" if new.top else "field-renamed"
            message = f"{old.title} is renamed to {quoted(new.name)}"
            yield _shape(pair, code, message, pair.here((*new.loc, "name")), old, breaks=True)
    inserted = {node.path for node in order.inserted}
    for node in level.added:
        yield _added(pair, node, inserted=node.path in inserted)
    if order.moved:
        yield _reordered(pair, order.moved)


def _shape(pair: Pair, code: str, message: str, at: Place, node: Node, *, breaks: bool) -> Edit:
    """An edit that shifts what is read by position, where the format does so."""
    if pair.layout.files and node.top:
        return Edit(code, f"{message}: {BY_POSITION}", at, True, Impact.CRITICAL, node.column)
    return Edit(code, message, at, breaks, Impact.HIGH if breaks else Impact.INFO, node.column)


def _added(pair: Pair, node: Node, *, inserted: bool) -> Edit:
    code = "column-added" if node.top else "field-added"
    message = f"{node.title} is added" + (" before others" if inserted else "")
    if node.said and node.said.is_sensitive(pair.new_classes):
        message += ", hidden from masked readers" if node.top else ", which hides its whole column from masked readers"
    at = pair.here(node.loc)
    if not inserted:
        return Edit(code, message, at, column=node.column)
    return _shifting(pair, code, message, at, node)


def _reordered(pair: Pair, moved: tuple[Node, ...]) -> Edit:
    first = moved[0]
    code, what = ("columns-reordered", "columns") if first.top else ("fields-reordered", "fields")
    names = listed([node.path for node in moved], "and")
    message = f"{what} stand in another order: {names} moved"
    return _shifting(pair, code, message, pair.here(first.loc), first)


def _shifting(pair: Pair, code: str, message: str, at: Place, node: Node) -> Edit:
    """A new place among others: it breaks what finds columns by position."""
    layout = pair.layout
    by_position = layout.partitions if node.top else layout.partition_fields
    if pair.base.partition_by and by_position and not layout.files:
        return Edit(code, f"{message}, and {PARTITIONS_BY_POSITION}", at, True, Impact.HIGH)
    return _shape(pair, code, message, at, node, breaks=False)


def _said_edits(pair: Pair, old: Node, new: Node) -> Iterator[Edit]:
    """What the contract says of a column beside its type and its protection."""
    yield from _flags(pair, old, new)
    if _description(old) != _description(new):
        at = pair.here((*new.loc, "description"))
        yield Edit("column-description-changed", f"the description of {new.title} changes", at, column=new.column)
    if _tags(old) != _tags(new):
        at = pair.here((*new.loc, "tags"))
        yield Edit("column-tags-changed", f"the tags of {new.title} change", at, column=new.column)


def _flags(pair: Pair, old: Node, new: Node) -> Iterator[Edit]:
    match _says(old, "required"), _says(new, "required"):
        case False, True:
            message = f"{new.title} is required now; rows written before may have none"
            yield _broken("required-added", message, pair.here((*new.loc, "required")), old)
        case True, False:
            message = f"{new.title} is no longer required: it may be null"
            yield _broken("required-dropped", message, pair.here((*new.loc, "required")), old)
    match _says(old, "unique"), _says(new, "unique"):
        case False, True:
            at = pair.here((*new.loc, "unique"))
            yield Edit("unique-added", f"{new.title} is unique now", at, column=old.column)
        case True, False:
            message = f"{new.title} is no longer unique: joins on it may multiply rows"
            yield _broken("unique-dropped", message, pair.here((*new.loc, "unique")), old)


def _broken(code: str, message: str, at: Place, node: Node) -> Edit:
    return Edit(code, message, at, True, Impact.HIGH, node.column)


def _says(node: Node, flag: Literal["required", "unique"]) -> bool:
    return bool(node.said and getattr(node.said, flag))


def _description(node: Node) -> str:
    return node.said.description.strip() if node.said else ""


def _tags(node: Node) -> frozenset[str]:
    return frozenset(node.said.tags if node.said else ())
