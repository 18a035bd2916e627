from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_infra.local.provider.policies import same_policy
from mesh_infra.local.provider.wire import Values

STATEMENT: Values = {
    "Sid": "Read",
    "Effect": "Allow",
    "Principal": {"AWS": ["arn:aws:iam::123456789012:root"]},
    "Action": ["s3:GetObject", "s3:ListBucket"],
    "Resource": ["arn:aws:s3:::acme/*"],
    "Condition": {"StringEquals": {"aws:PrincipalArn": ["a", "b"]}},
}


def document(*statements: Values) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.mark.parametrize(
    "change",
    [
        {"Action": ["s3:ListBucket", "S3:getobject"]},
        {"Principal": {"AWS": "123456789012"}},
        {"Resource": "arn:aws:s3:::acme/*"},
        {"Condition": {"StringEquals": {"AWS:principalarn": ["b", "a"]}}},
    ],
)
def test_written_differently(change: Values) -> None:
    assert same_policy(document(STATEMENT), document({**STATEMENT, **change}))


@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "Deny"},
        {"Action": ["s3:GetObject"]},
        {"Action": "s3:*"},
        {"Principal": "*"},
        {"Principal": {"Service": ["123456789012"]}},
        {"Resource": "arn:aws:s3:::Acme/*"},
        {"Condition": {"StringLike": {"aws:PrincipalArn": ["a", "b"]}}},
        {"Condition": {}},
        {"Sid": "Other"},
    ],
)
def test_another_meaning(change: Values) -> None:
    assert not same_policy(document(STATEMENT), document({**STATEMENT, **change}))


def test_what_is_no_policy_is_compared_as_text() -> None:
    assert same_policy("x", "x")
    assert not same_policy("x", "y")
    assert not same_policy("[]", "{}")
    assert not same_policy(document(STATEMENT), None)


names = st.text("ab:*/", min_size=1, max_size=4)
listed = st.lists(names, min_size=1, max_size=3)
statements = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Action": listed, "Resource": listed},
    optional={"Principal": st.dictionaries(st.sampled_from(["AWS", "Service"]), listed, max_size=2)},
)


@settings(max_examples=50)
@given(st.lists(statements, max_size=3), st.randoms())
def test_order_means_nothing(some: list[Values], random: Random) -> None:
    shuffled = [{key: statement[key] for key in random.sample(list(statement), len(statement))} for statement in some]
    random.shuffle(shuffled)
    assert same_policy(document(*some), document(*shuffled))


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    assert same_policy(text, text)
    assert not same_policy(text, document(STATEMENT))
