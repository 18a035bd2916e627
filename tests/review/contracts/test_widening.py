"""Which types grow safely, by format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh_infra.review.contracts.widening import (
    EVOLVE_ICEBERG,
    REWRITE,
    REWRITE_AVRO,
    REWRITE_DELTA,
    REWRITE_ORC,
    key_widening,
    widening,
)
from mesh_infra.spec.model import Format
from mesh_infra.spec.types import parse_type

TYPES = (
    *("boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "string", "binary", "date", "timestamp"),
    *("decimal(10,2)", "decimal(12,2)", "decimal(12,4)", "decimal(38,18)", "varchar(10)", "varchar(20)", "char(2)"),
    *("char(3)", "uuid", "json"),
)
SAFE = {
    ("tinyint", "smallint"): ("", "", REWRITE_DELTA),
    ("tinyint", "int"): ("", "", REWRITE_DELTA),
    ("tinyint", "bigint"): (REWRITE, "", REWRITE_DELTA),
    ("smallint", "int"): ("", "", REWRITE_DELTA),
    ("smallint", "bigint"): (REWRITE, "", REWRITE_DELTA),
    ("int", "bigint"): (REWRITE, "", REWRITE_DELTA),
    ("float", "double"): (REWRITE, "", REWRITE_DELTA),
    ("decimal(10,2)", "decimal(12,2)"): (REWRITE, "", REWRITE_DELTA),
    ("decimal(10,2)", "decimal(12,4)"): (REWRITE, "", REWRITE_DELTA),
    ("decimal(10,2)", "decimal(38,18)"): (REWRITE, "", REWRITE_DELTA),
    ("decimal(12,2)", "decimal(38,18)"): (REWRITE, "", REWRITE_DELTA),
    ("decimal(12,4)", "decimal(38,18)"): (REWRITE, "", REWRITE_DELTA),
    ("varchar(10)", "varchar(20)"): ("", "", ""),
    ("varchar(10)", "string"): ("", "", ""),
    ("varchar(20)", "string"): ("", "", ""),
}
"""Every safe pair among TYPES, with what parquet, json and delta ask for."""


@pytest.mark.parametrize("file_format", Format)
def test_nothing_else_is_safe(file_format: str) -> None:
    found = {(one, two) for one in TYPES for two in TYPES if widening(file_format, parse_type(one), parse_type(two))}
    assert found == set(SAFE)


@pytest.mark.parametrize("pair", SAFE, ids=" to ".join)
def test_what_a_format_asks_for(pair: tuple[str, str]) -> None:
    old, new = (parse_type(text) for text in pair)
    found = [widening(file_format, old, new) for file_format in ("parquet", "json", "delta")]
    assert tuple(wider.care if wider else None for wider in found) == SAFE[pair]


@pytest.mark.parametrize(
    ("file_format", "cares"),
    [
        (Format.CSV, ("", "", "")),
        (Format.AVRO, ("", "", REWRITE_AVRO)),
        (Format.ORC, (REWRITE_ORC,) * 3),
        (Format.ICEBERG, (EVOLVE_ICEBERG,) * 3),
    ],
)
def test_what_the_other_formats_ask_for(file_format: Format, cares: tuple[str, ...]) -> None:
    pairs = [("int", "bigint"), ("float", "double"), ("decimal(10,2)", "decimal(12,2)")]
    found = [widening(file_format, parse_type(old), parse_type(new)) for old, new in pairs]
    assert tuple(wider.care for wider in found if wider) == cares


def test_values_of_partition_keys_are_text() -> None:
    wider = key_widening(parse_type("int"), parse_type("bigint"))
    assert wider is not None
    assert wider.care == ""
    assert key_widening(parse_type("bigint"), parse_type("int")) is None


_decimals = st.integers(1, 38).flatmap(lambda p: st.tuples(st.just(p), st.integers(0, p)))


@given(_decimals, _decimals, st.sampled_from(Format))
def test_a_decimal_widens_where_its_greatest_and_its_smallest_number_fit(
    one: tuple[int, int], other: tuple[int, int], file_format: str
) -> None:
    old, new = (parse_type(f"decimal({precision},{scale})") for precision, scale in (one, other))
    fits = one[0] - one[1] <= other[0] - other[1] and one[1] <= other[1]
    assert (widening(file_format, old, new) is not None) == (fits and one != other)
