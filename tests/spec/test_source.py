"""Positions: each points at the text of its value or key."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import yaml
from hypothesis import given
from hypothesis import strategies as st

from mesh_infra.spec.document import Yaml
from mesh_infra.spec.source import Loc, Position, Source

TEXT = """\
# A comment first
name: orders
"quoted key" : 'it''s'
list:
  - one
  -   two: 2.50
      three: [a, {b: c}]
  - |
    block
empty:
last: ""
"""


def rest_at(source: Source, position: Position) -> str:
    line = source.text.split("\n")[position.line - 1]
    return line[position.column - 1 :]


def test_values_and_keys() -> None:
    source = Source("x.yaml", TEXT)
    assert rest_at(source, source.value(())) == "name: orders"
    assert rest_at(source, source.value(("name",))) == "orders"
    assert rest_at(source, source.value(("quoted key",))) == "'it''s'"
    assert rest_at(source, source.key(("quoted key",))) == "\"quoted key\" : 'it''s'"
    assert rest_at(source, source.value(("list", 1))) == "two: 2.50"
    assert rest_at(source, source.value(("list", 1, "three", 1, "b"))) == "c}]"
    assert rest_at(source, source.key(("list", 1, "three"))) == "three: [a, {b: c}]"
    assert rest_at(source, source.value(("list", 2))) == "|"
    assert rest_at(source, source.value(("last",))) == '""'


def test_an_item_of_a_list_has_no_key() -> None:
    source = Source("x.yaml", TEXT)
    assert source.key(("list", 1)) == source.value(("list", 1))


def test_what_is_not_there_stands_where_it_would_be() -> None:
    source = Source("x.yaml", TEXT)
    assert source.value(("list", 1, "four", "five")) == source.value(("list", 1))
    assert source.key(("list", 1, "four")) == source.value(("list", 1))
    assert source.value(("nothing",)) == source.value(())
    assert Source("x.yaml", "").value(("a",)) == Position(1, 1)


def test_scalars_as_written() -> None:
    source = Source("x.yaml", TEXT)
    assert source.written(("list", 1, "two")) == "2.50"
    assert source.written(("quoted key",)) == "it's"
    assert source.written(("list",)) is None
    assert source.written(("nothing",)) is None


def test_positions_up_to_a_syntax_error() -> None:
    source = Source("x.yaml", "a: 1\nb: [\n")
    assert source.value(("a",)) == Position(1, 4)


Shape = int | list["Shape"] | tuple["Shape", "Shape"]
# Lists and mappings (tuples here) nested in any way; names are put in afterwards, so that all differ.
SHAPES = st.recursive(st.just(0), lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner), max_leaves=15)


def named(shape: Shape, numbers: Iterator[int]) -> Yaml:
    match shape:
        case list():
            return [named(inner, numbers) for inner in shape]
        case tuple():
            return {f"key{next(numbers)}end": named(inner, numbers) for inner in shape}
        case _:
            return f"value{next(numbers)}end"


def scalars(value: Yaml, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from scalars(inner, (*loc, key))
        case list():
            for index, inner in enumerate(value):
                yield from scalars(inner, (*loc, index))
        case _:
            yield loc, str(value)


@given(SHAPES, st.sampled_from((True, False, None)), st.sampled_from((None, '"', "'")), st.integers(2, 5))
def test_every_value_stands_where_source_says(shape: Shape, flow: bool | None, style: str | None, indent: int) -> None:
    document = {"top": named(shape, count())}
    text = yaml.safe_dump(document, default_flow_style=flow, default_style=style, indent=indent)
    source = Source("x.yaml", text)
    for loc, value in scalars(document):
        assert rest_at(source, source.value(loc)).lstrip("'\"").startswith(value)
        assert source.written(loc) == value
        for depth in range(1, len(loc) + 1):
            key = loc[:depth][-1]
            if isinstance(key, str):
                assert rest_at(source, source.key(loc[:depth])).lstrip("'\"").startswith(key)
