"""Which patterns of subjects let in nobody new."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh_infra.review.access.trust import all_fit

TEXTS = ["".join(letters) for length in range(5) for letters in product("ab", repeat=length)]


def fits(text: str, pattern: str) -> bool:
    """What IAM's ``StringLike`` says."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text) is not None


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("repo:acme/mesh:ref:refs/heads/main", "repo:acme/*"),
        ("repo:acme/mesh:*", "repo:acme/*"),
        ("repo:acme/mesh:*", "repo:acme/mesh:*"),
        ("repo:acme/me?h:*", "repo:acme/????:*"),
        ("repo:acme/*:main", "repo:*:main"),
        ("repo:acme/a-b-c-d:main", "repo:acme/*-b*-d:*"),
        ("repo:acme/mesh", "repo:acme/mesh*"),
        ("${aws:username}", "${aws:username}"),
    ],
)
def test_narrower(narrow: str, wide: str) -> None:
    assert all_fit(narrow, wide)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("repo:acme/*", "repo:acme/mesh:ref:refs/heads/main"),
        ("repo:acme/*", "repo:acme/mesh:*"),
        ("repo:acme-evil/mesh", "repo:acme/*"),
        ("repo:ACME/mesh", "repo:acme/*"),
        ("repo:acme/*", "repo:acme/?"),
        ("repo:acme/?", "repo:acme/a"),
        ("repo:acme/[a]", "repo:acme/a"),
        ("repo.acme", "repo?acm"),
        ("repo:acme/${aws:username}", "repo:acme/*"),
        ("repo:acme/x", "repo:acme/${*}"),
    ],
)
def test_not_certainly_narrower(narrow: str, wide: str) -> None:
    assert not all_fit(narrow, wide)


PATTERNS = st.text("ab*?", max_size=5)


@given(PATTERNS, PATTERNS)
def test_never_says_so_of_a_pattern_that_lets_in_more(narrow: str, wide: str) -> None:
    if all_fit(narrow, wide):
        assert {text for text in TEXTS if fits(text, narrow)} <= {text for text in TEXTS if fits(text, wide)}


@given(st.text("ab", max_size=4), PATTERNS)
def test_a_text_is_narrower_where_it_fits(text: str, wide: str) -> None:
    assert all_fit(text, wide) == fits(text, wide)


def test_takes_no_time_for_many_wildcards() -> None:
    assert not all_fit("a" * 2_000, "*a" * 500 + "b")
