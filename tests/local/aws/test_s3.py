"""Buckets."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.aws.account import Account, Json, refused

IRELAND = {"LocationConstraint": "eu-west-1"}


@pytest.fixture
def bucket(account: Account) -> str:
    account["s3"].create_bucket(Bucket="acme-sales", CreateBucketConfiguration=IRELAND)
    return "acme-sales"


def test_tags_given_at_creation_are_kept(account: Account) -> None:
    tags = [{"Key": "mesh:domain", "Value": "sales"}, {"Key": "empty", "Value": ""}]
    for number in (1, 2):
        name = f"acme-{number}"
        account["s3"].create_bucket(Bucket=name, CreateBucketConfiguration={**IRELAND, "Tags": tags[:number]})
        assert account["s3"].get_bucket_tagging(Bucket=name)["TagSet"] == tags[:number]
    account["s3"].create_bucket(Bucket="acme-3", CreateBucketConfiguration=IRELAND)
    with refused("NoSuchTagSet"):
        account["s3"].get_bucket_tagging(Bucket="acme-3")


@pytest.mark.parametrize(
    "name",
    [
        "ab",
        "a" * 64,
        "Acme",
        "acme_sales",
        "-acme",
        "acme-",
        "acme..sales",
        "192.168.5.4",
        "xn--acme",
        "sthree-acme",
        "acme-s3alias",
        "acme--ol-s3",
    ],
)
def test_names_that_s3_refuses(name: str, account: Account) -> None:
    with refused("InvalidBucketName", "The specified bucket is not valid."):
        account["s3"].create_bucket(Bucket=name, CreateBucketConfiguration=IRELAND)


def test_a_bucket_begins_private_and_encrypted(bucket: str, account: Account) -> None:
    s3 = account["s3"]
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}
    (owner,) = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert owner == {"ObjectOwnership": "BucketOwnerEnforced"}


def test_encryption_can_be_changed_and_not_be_had_without(bucket: str, account: Account) -> None:
    s3 = account["s3"]
    kms = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:eu-west-1:123456789012:key/1"}
    rule: Json = {"ApplyServerSideEncryptionByDefault": kms, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    (found,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert found == rule
    s3.delete_bucket_encryption(Bucket=bucket)
    (found,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert found["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_objects_are_encrypted_and_keep_their_metadata(bucket: str, account: Account) -> None:
    account["s3"].put_object(Bucket=bucket, Key="a/b.json", Body=b"{}", Metadata={"made_by": "test"})
    found = account["s3"].get_object(Bucket=bucket, Key="a/b.json")
    assert (found["Body"].read(), found["Metadata"], found["ServerSideEncryption"]) == (
        b"{}",
        {"made_by": "test"},
        "AES256",
    )


RULES: list[Json] = [
    {"ID": "all", "Status": "Enabled", "Filter": {}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
    {"ID": "prefix", "Status": "Enabled", "Filter": {"Prefix": "orders/v1/"}, "Expiration": {"Days": 2555}},
    {
        "ID": "noncurrent",
        "Status": "Disabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 3},
        "NoncurrentVersionTransitions": [{"NoncurrentDays": 10, "StorageClass": "GLACIER"}],
        "Expiration": {"ExpiredObjectDeleteMarker": True},
    },
    {
        "ID": "sizes",
        "Status": "Enabled",
        "Filter": {"ObjectSizeGreaterThan": 128},
        "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}],
    },
    {
        "ID": "and",
        "Status": "Enabled",
        "Filter": {
            "And": {
                "Prefix": "a/",
                "Tags": [{"Key": "k", "Value": "v"}],
                "ObjectSizeGreaterThan": 1,
                "ObjectSizeLessThan": 9,
            }
        },
        "Expiration": {"Days": 1},
    },
    {"ID": "tag", "Status": "Enabled", "Filter": {"Tag": {"Key": "k", "Value": "v"}}, "Expiration": {"Days": 1}},
]


@pytest.mark.parametrize("rules", [*([rule] for rule in RULES), RULES], ids=lambda rules: rules[0]["ID"])
def test_lifecycle_rules_are_kept_as_they_were_put(rules: list[Json], bucket: str, account: Account) -> None:
    s3 = account["s3"]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == rules


def test_lifecycle_rules_end_with_their_bucket(bucket: str, account: Account) -> None:
    s3 = account["s3"]

    def none_there() -> Any:  # noqa: ANN401 - a context manager
        return refused("NoSuchLifecycleConfiguration")

    configuration: Json = {"Rules": RULES[:1]}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=configuration)
    s3.delete_bucket_lifecycle(Bucket=bucket)
    with none_there():
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=configuration)
    s3.delete_bucket(Bucket=bucket)
    with refused("NoSuchBucket"):
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=IRELAND)
    with none_there():
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)
