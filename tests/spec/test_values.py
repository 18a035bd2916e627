"""Durations, percentages, names: what is taken, for those who read contracts further on."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from mesh_infra.aws import lakeformation
from mesh_infra.findings import printable
from mesh_infra.spec import names
from mesh_infra.spec.leaves import parse_duration, parse_percentage, version
from mesh_infra.spec.problems import RefusedError, did_you_mean, quoted


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("1 hour", timedelta(hours=1)),
        ("15 minutes", timedelta(minutes=15)),
        ("2 days", timedelta(days=2)),
        ("1 week", timedelta(weeks=1)),
        ("0 hours", None),
        ("1.5 hours", None),
        ("hour", None),
        ("1 month", None),
        ("1 hour ", None),
    ],
)
def test_durations(written: str, length: timedelta | None) -> None:
    assert parse_duration(written) == length


@pytest.mark.parametrize(
    ("written", "number"),
    [("99.9%", Decimal("99.9")), ("0%", Decimal(0)), ("100.00%", Decimal(100)), ("100.1%", None), ("99.9", None)],
)
def test_percentages(written: str, number: Decimal | None) -> None:
    assert parse_percentage(written) == number


@pytest.mark.parametrize("text", ["v0", "v1", "v9999", "0.1.0", "1.0.0", "2.4.1-rc.1", "1.0.0+build.5"])
def test_versions(text: str) -> None:
    assert version(text) == text


@pytest.mark.parametrize("name", ["checkout", "order_checkout", "a1", "b2_c3"])
def test_names_of_domains_and_roles(name: str) -> None:
    assert names.domain_name(name) == names.role_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "Checkout", "1a", "a_", "_a", "a__b", "a-b", "é", "platform", "link", "local", "a\n"]
)
def test_no_names_of_domains_and_roles(name: str) -> None:
    for check in (names.domain_name, names.role_name):
        with pytest.raises(RefusedError):
            check(name)


@pytest.mark.parametrize("text", ["", "A", "a_b", "a--b", "-a", "a-", "1a", "aws-mesh", "sthree-x", "amzn-s3-demo-x"])
def test_no_prefixes(text: str) -> None:
    with pytest.raises(RefusedError):
        names.prefix(text)


def test_one_list_of_columns_that_lake_formation_refuses() -> None:
    assert names.RESERVED_COLUMNS == lakeformation.RESERVED_COLUMNS


def test_quoting_is_safe_to_print() -> None:
    assert quoted("a\x1b[2J\nb\u202e") == r"'a\x1b[2J\nb\u202e'"
    assert quoted("x" * 1000) == "'" + "x" * 119 + "…'"
    assert printable("caf\udce9 é") == r"caf\udce9 é"


def test_did_you_mean() -> None:
    assert did_you_mean("strnig", ("string", "int")) == "did you mean 'string'?"
    assert did_you_mean("Read-Masked", ("read", "read_masked")) == "did you mean 'read_masked'?"
    assert did_you_mean("x", ("read", "write"), "permissions") == "permissions: 'read' and 'write'"
    assert did_you_mean("x", ()) == ""
    assert did_you_mean("x", map(str, range(100))) == ""
