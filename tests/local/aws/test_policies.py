"""Policies whose principals do not exist, and public ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mesh_infra.local.aws.s3_policies import is_public
from tests.local.aws.account import ACCOUNT, Account, refused

GONE = f"arn:aws:iam::{ACCOUNT}:role/gone"
ORG = {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}


def policy(principal: Any, effect: str = "Allow", action: str = "*", **more: Any) -> str:  # noqa: ANN401 - any JSON
    statement = {"Effect": effect, "Principal": principal, "Action": action, "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def bucket(account: Account) -> str:
    account["s3"].create_bucket(Bucket="acme-sales", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return "acme-sales"


def test_a_key_policy_names_principals_that_exist(account: Account) -> None:
    kms, message = account["kms"], "Policy contains a statement with one or more invalid principals."
    with refused("MalformedPolicyDocumentException", message):
        kms.create_key(Policy=policy({"AWS": [f"arn:aws:iam::{ACCOUNT}:root", GONE]}))
    key = kms.create_key(Policy=policy({"AWS": account.role("gone")}))["KeyMetadata"]["KeyId"]
    account["iam"].delete_role(RoleName="gone")
    with refused("MalformedPolicyDocumentException", message):
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy({"AWS": GONE}, effect="Deny"))
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy("*", Condition={"ArnEquals": {"x": GONE}}))


def test_a_trust_policy_names_principals_that_exist(account: Account) -> None:
    iam, message = account["iam"], f'Invalid principal in policy: "AWS":"{GONE}"'
    with refused("MalformedPolicyDocument", message):
        iam.create_role(RoleName="a", AssumeRolePolicyDocument=policy({"AWS": GONE}))
    account.role("a")
    with refused("MalformedPolicyDocument", message):
        iam.update_assume_role_policy(RoleName="a", PolicyDocument=policy({"AWS": GONE}))
    foreign = "arn:aws:iam::999999999999:role/somebody"
    iam.create_role(RoleName="b", AssumeRolePolicyDocument=policy({"AWS": foreign, "Service": "glue.amazonaws.com"}))


def test_a_bucket_policy_names_principals_that_exist(bucket: str, account: Account) -> None:
    with refused("MalformedPolicy", "Invalid principal in policy"):
        account["s3"].put_bucket_policy(Bucket=bucket, Policy=policy({"AWS": GONE}))
    account.role("gone")
    account["s3"].put_bucket_policy(Bucket=bucket, Policy=policy({"AWS": GONE}))


def test_a_public_bucket_policy_is_refused_unless_public_policies_are_let_in(bucket: str, account: Account) -> None:
    s3 = account["s3"]
    with refused("AccessDenied", "BlockPublicPolicy"):
        s3.put_bucket_policy(Bucket=bucket, Policy=policy("*"))
    s3.put_bucket_policy(Bucket=bucket, Policy=policy("*", effect="Deny"))
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=policy("*"))


@pytest.mark.parametrize(
    ("document", "public"),
    [
        (policy("*"), True),
        (policy({"AWS": "*"}), True),
        (policy({"AWS": [ACCOUNT, "*"]}), True),
        (policy({"AWS": ACCOUNT}), False),
        (policy({"Service": "logging.s3.amazonaws.com"}), False),
        (policy("*", effect="Deny"), False),
        (policy("*", Condition=ORG), False),
        (policy("*", Condition={"Bool": {"aws:SecureTransport": "true"}}), True),
        (policy("*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-a"}}), True),
        (policy("*", Condition={"StringLike": {"aws:PrincipalOrgID": "o-*"}}), True),
        (policy("*", Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}}), False),
        (policy("*", Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}), True),
        (policy("*", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), False),
        (policy("*", Condition={"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0"]}}), True),
        (json.dumps({"Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": ACCOUNT}}}), True),
        ("no policy", False),
        ("[]", False),
    ],
)
def test_what_is_public(document: str, public: bool) -> None:
    assert is_public(document) is public
