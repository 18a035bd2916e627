"""Strict YAML: what it takes as what, and that its two ways of reading agree."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mesh_infra.spec.document import MAX_DEPTH, examine
from mesh_infra.spec.scalars import INVISIBLE
from mesh_infra.spec.source import Source
from mesh_infra.spec.yaml import load_mapping

SCALARS = [
    *((text, True) for text in ("true", "True", "TRUE")),
    *((text, False) for text in ("false", "False", "FALSE")),
    *((text, None) for text in ("null", "Null", "NULL", "~", "")),
    *((text, text) for text in ("yes", "Yes", "no", "NO", "on", "off", "y", "n", "tRUE", "nUll", "none")),
    ("0", 0),
    ("42", 42),
    ("-7", -7),
    ("+7", 7),
    ("007", 7),
    ("1.5", 1.5),
    (".5", 0.5),
    ("5.", 5.0),
    ("-1e3", -1000.0),
    ("1.10", 1.1),
    *((text, text) for text in ("1_000", "0o7", "0x1F", "0b1", "12:30", "190:20:30", "2026-01-31", "1e", ".", "+")),
    *((text, text) for text in (".inf", "-.inf", ".nan", "1e9999", "1.2.3", "v1", "=", "9" * 40)),
    ("'true'", "true"),
    ('"12"', "12"),
    ("'~'", "~"),
    ("|\n  12\n", "12\n"),
    (">-\n  true\n", "true"),
]


def read(text: str) -> tuple[dict[str, Any] | None, list[str]]:
    data, findings = load_mapping(Source("x.yaml", text))
    return data, [finding.rule for finding in findings]


@pytest.mark.parametrize(("written", "value"), SCALARS)
def test_scalars_of_yaml_1_2(written: str, value: object) -> None:
    data, rules = read(f"key: {written}\n")
    assert not rules
    assert data is not None
    # "==" alone takes 1 for true and 1.0 for 1.
    assert (type(data["key"]), data["key"]) == (type(value), value)
    assert examine(f"key: {written}\n").data == data


@pytest.mark.parametrize("key", ["no", "on", "yes", "y", "off", "2026-01-31", "1_000", "'1'", '"true"', "'null'"])
def test_these_keys_are_text(key: str) -> None:
    assert read(f"{key}: 1\n") == ({key.strip("'\""): 1}, [])


@pytest.mark.parametrize("key", ["1", "1.5", "true", "null", "~", "[a]", "{a: b}"])
def test_these_keys_are_none(key: str) -> None:
    assert read(f"? {key}\n: 1\nb: 2\n") == ({"b": 2}, ["yaml-key"])


def test_depth_is_bounded() -> None:
    within = "a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert read(within)[1] == []
    assert read("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH) == (None, ["yaml-depth"])
    assert read("a: " + "[" * 100_000) == (None, ["yaml-depth"])


def test_an_unusable_file_shows_all_its_anchors() -> None:
    assert read("a: &x 1\nb: *x\nc: [&y {<<: *x}]\n")[1] == ["yaml-anchor"] * 3 + ["yaml-merge", "yaml-anchor"]


def test_invisible_characters_are_those_of_unicode() -> None:
    """Control, format, surrogate and separator characters but for those that can be seen, and glyph selectors."""
    seen = (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440))
    for character in map(chr, range(0x110000)):
        code, category = ord(character), unicodedata.category(character)
        if 0xE0100 <= code < 0xE01F0 or (
            category in ("Cc", "Cf", "Cs", "Zl", "Zp") and code not in seen and character not in "\t\n\r"
        ):
            assert INVISIBLE.match(character), hex(code)
        elif category != "Cn":
            assert not INVISIBLE.match(character), hex(code)


@pytest.mark.parametrize(
    "character", ["\x00", "\x1b", "\x7f", "\x85", "\xad", "\u200b", "\u202e", "\u2066", "\ufeff", "\U000e0100"]
)
def test_invisible_characters_are_refused_however_they_are_written(character: str) -> None:
    assert read(f"a: x{character}y\n") == (None, ["yaml-character"])
    assert read(f"# x{character}y\na: 1\n") == (None, ["yaml-character"])
    data, rules = read(f'a: "x\\U{ord(character):08X}y"\n')
    assert rules == ["yaml-character"]
    assert data == {"a": f"x{character}y"}


KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(st.characters(codec="utf-8"), max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=5), st.sampled_from((True, False, None)))
def test_both_ways_of_reading_agree(value: dict[str, Any], flow: bool | None) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True)
    data, _ = load_mapping(Source("x.yaml", text))
    assert data == examine(text).data


@given(st.text(st.characters(), max_size=80) | st.text("ab:-[]{}#&*!|>'\"%@`,? \n\t\\<1.~", max_size=60))
def test_no_text_crashes(text: str) -> None:
    data, findings = load_mapping(Source("x.yaml", text))
    assert (data is not None) or findings
    for finding in findings:
        assert 1 <= finding.line <= text.count("\n") + text.count("\r") + 2
        assert finding.column >= 1
        assert str(finding).isprintable()
