"""Types of columns: what Glue calls them, and laws of the parser. Wrong types are cases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh_infra.spec.problems import RefusedError
from mesh_infra.spec.types import MAX_DEPTH, DataType, array_of, map_of, parse_type, struct_of

GLUE = {
    "string": "string",
    "text": "string",
    "uuid": "string",
    "json": "string",
    "boolean": "boolean",
    "tinyint": "tinyint",
    "smallint": "smallint",
    "int": "int",
    "integer": "int",
    "bigint": "bigint",
    "long": "bigint",
    "float": "float",
    "double": "double",
    "decimal": "decimal(38,18)",
    "decimal(10)": "decimal(10,0)",
    "decimal(38,38)": "decimal(38,38)",
    "date": "date",
    "timestamp": "timestamp",
    "binary": "binary",
    "varchar(1)": "varchar(1)",
    "varchar(65535)": "varchar(65535)",
    "char(255)": "char(255)",
    "STRING": "string",
    " Decimal( 12 , 2 ) ": "decimal(12,2)",
    "array< INT >": "array<int>",
    "map<string, array<date>>": "map<string,array<date>>",
    "struct<a: text, b_2: struct<c: json>>": "struct<a:string,b_2:struct<c:string>>",
}

PRIMITIVES = st.sampled_from(("string", "int", "double", "date", "decimal(12,2)", "varchar(32)", "uuid")).map(
    parse_type
)
NAMES = st.from_regex(r"[a-z0-9_]{1,5}", fullmatch=True)
TYPES = st.recursive(
    PRIMITIVES,
    lambda inner: (
        inner.map(array_of)
        | st.builds(map_of, PRIMITIVES, inner)
        | st.lists(st.tuples(NAMES, inner), min_size=1, max_size=3, unique_by=lambda field: field[0]).map(struct_of)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize(("written", "glue"), GLUE.items())
def test_what_glue_calls_it(written: str, glue: str) -> None:
    assert parse_type(written).glue == glue


def test_one_name_for_one_kind() -> None:
    assert parse_type("integer") == parse_type("int")
    assert parse_type("text") == parse_type("string")
    assert parse_type("uuid").name == "uuid"


def test_parts_of_nested_types() -> None:
    type_ = parse_type("map<string,struct<a:int,b:array<date>>>")
    key, value = type_.inner
    assert (type_.name, key.name, value.name) == ("map", "string", "struct")
    assert [(name, field.glue) for name, field in value.fields] == [("a", "int"), ("b", "array<date>")]
    assert (type_.depth, value.primitive, key.primitive) == (4, False, True)


@given(TYPES)
def test_parsing_what_glue_takes_changes_nothing(type_: DataType) -> None:
    parsed = parse_type(type_.glue)
    assert parsed.glue == type_.glue
    assert parsed.depth == type_.depth
    assert parse_type(type_.glue.replace("<", " < ").replace(",", " , ").replace(":", " : ")) == parsed


@given(TYPES, st.integers(0, 2 * MAX_DEPTH))
def test_nesting_is_bounded(type_: DataType, times: int) -> None:
    glue = "array<" * times + type_.glue + ">" * times
    if type_.depth + times <= MAX_DEPTH:
        assert parse_type(glue).glue == glue
    else:
        with pytest.raises(RefusedError):
            parse_type(glue)


def refusal(text: str) -> RefusedError | None:
    try:
        parse_type(text)
    except RefusedError as refused:
        return refused
    return None


@given(st.text(max_size=30) | st.text("arymapstructdecimal<>(),:019 ", max_size=40))
def test_any_text_is_a_type_or_refused(text: str) -> None:
    refused = refusal(text)
    if refused is not None:
        assert refused.rule in ("type", "name")
        assert refused.message.isprintable()
    else:
        assert parse_type(parse_type(text).glue).glue == parse_type(text).glue
