"""S3: buckets and what is set on them, each as a resource of its own."""

from __future__ import annotations

from mesh_infra.aws.resources.props import flag, integer, many, mapping, name, obj, region, tags, text, unordered
from mesh_infra.aws.schema import Prop, ResourceSchema

_ENABLED_OR_DISABLED = ("Disabled", "Enabled")
_SSE_ALGORITHMS = ("AES256", "aws:backup", "aws:fsx", "aws:kms", "aws:kms:dsse")
_STORAGE_CLASSES = ("DEEP_ARCHIVE", "GLACIER", "GLACIER_IR", "INTELLIGENT_TIERING", "ONEZONE_IA", "STANDARD_IA")


def _of_bucket(**further: Prop) -> dict[str, Prop]:
    """The inputs of a resource that sets something on a bucket: the bucket replaces, the rest does not."""
    return {"bucket": text(required=True, replaces=True), "region": region(), **further}


def _owner() -> Prop:
    return text(replaces=True)


BUCKET = ResourceSchema(
    "aws:s3/bucket:Bucket",
    inputs={
        "bucket": name(),
        "bucketNamespace": text(computed=True, replaces=True, values=("account-regional", "global")),
        "bucketPrefix": text(computed=True, replaces=True),
        "forceDestroy": flag(),
        "objectLockEnabled": flag(computed=True, replaces=True),
        "region": region(),
        "tags": tags(),
    },
    outputs=(
        "arn",
        "bucketDomainName",
        "bucketRegion",
        "bucketRegionalDomainName",
        "hostedZoneId",
        "tagsAll",
        "websiteDomain",
        "websiteEndpoint",
    ),
    holds_data=True,
)
"""Without the inline ``policy``, ``versioning`` and the like: deprecated, and they fight the resources below."""

BUCKET_VERSIONING = ResourceSchema(
    "aws:s3/bucketVersioning:BucketVersioning",
    inputs=_of_bucket(
        expectedBucketOwner=_owner(),
        mfa=text(),
        versioningConfiguration=obj(
            {
                "status": text(required=True, values=("Disabled", "Enabled", "Suspended")),
                "mfaDelete": text(computed=True, values=_ENABLED_OR_DISABLED),
            },
            required=True,
        ),
    ),
)

BUCKET_ENCRYPTION = ResourceSchema(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    inputs=_of_bucket(
        expectedBucketOwner=_owner(),
        rules=unordered(
            obj(
                {
                    "applyServerSideEncryptionByDefault": obj(
                        {"sseAlgorithm": text(required=True, values=_SSE_ALGORITHMS), "kmsMasterKeyId": text()}
                    ),
                    "blockedEncryptionTypes": many(text(values=("NONE", "SSE-C"))),
                    "bucketKeyEnabled": flag(),
                }
            ),
            required=True,
        ),
    ),
)

BUCKET_PUBLIC_ACCESS_BLOCK = ResourceSchema(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    inputs=_of_bucket(
        blockPublicAcls=flag(),
        blockPublicPolicy=flag(),
        ignorePublicAcls=flag(),
        restrictPublicBuckets=flag(),
        skipDestroy=flag(),
    ),
)

BUCKET_OWNERSHIP_CONTROLS = ResourceSchema(
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    inputs=_of_bucket(
        rule=obj(
            {
                "objectOwnership": text(
                    required=True, values=("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter")
                )
            },
            required=True,
        ),
    ),
)

BUCKET_POLICY = ResourceSchema(
    "aws:s3/bucketPolicy:BucketPolicy",
    inputs=_of_bucket(policy=text(required=True)),
)

_LIFECYCLE_FILTER = obj(
    {
        "and": obj(
            {
                "objectSizeGreaterThan": integer(computed=True),
                "objectSizeLessThan": integer(computed=True),
                "prefix": text(computed=True),
                "tags": mapping(),
            }
        ),
        "objectSizeGreaterThan": integer(computed=True),
        "objectSizeLessThan": integer(computed=True),
        "prefix": text(computed=True),
        "tag": obj({"key": text(required=True), "value": text(required=True)}),
    }
)

_LIFECYCLE_RULE = obj(
    {
        "id": text(required=True),
        "status": text(required=True, values=_ENABLED_OR_DISABLED),
        "filter": _LIFECYCLE_FILTER,
        "prefix": text(computed=True),
        "abortIncompleteMultipartUpload": obj({"daysAfterInitiation": integer()}),
        "expiration": obj({"date": text(), "days": integer(), "expiredObjectDeleteMarker": flag()}),
        "noncurrentVersionExpiration": obj(
            {"noncurrentDays": integer(required=True), "newerNoncurrentVersions": integer()}
        ),
        "noncurrentVersionTransitions": unordered(
            obj(
                {
                    "noncurrentDays": integer(required=True),
                    "storageClass": text(required=True, values=_STORAGE_CLASSES),
                    "newerNoncurrentVersions": integer(),
                }
            )
        ),
        "transitions": unordered(
            obj({"storageClass": text(required=True, values=_STORAGE_CLASSES), "date": text(), "days": integer()})
        ),
    }
)

BUCKET_LIFECYCLE = ResourceSchema(
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    inputs=_of_bucket(
        expectedBucketOwner=text(computed=True, replaces=True),
        rules=many(_LIFECYCLE_RULE),
        timeouts=obj({"create": text(), "update": text()}),
        transitionDefaultMinimumObjectSize=text(
            computed=True, values=("all_storage_classes_128K", "varies_by_storage_class")
        ),
    ),
)
