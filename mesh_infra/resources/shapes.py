"""Resources that the platform and the domains have in common: an encrypted bucket, a key, policies as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mesh_infra.aws.policies import Document, KeyArn
from mesh_infra.resources.declared import Declared, Json, Options, Ref, Value

BUCKET = "aws:s3/bucket:Bucket"
BUCKET_OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
BUCKET_PUBLIC_ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
BUCKET_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
BUCKET_VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
BUCKET_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
KEY = "aws:kms/key:Key"
KEY_ALIAS = "aws:kms/alias:Alias"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"


def key_of(type_: str, name: str) -> str:
    """The key of a declared resource, without having it at hand."""
    return f"{type_}::{name}"


def policy(document: Document, keys: Mapping[str, str]) -> Json:
    """A policy document as an input; a ``KeyArn`` becomes a reference. ``keys``: alias → name of the declared key."""

    def resolve(value: object) -> object:
        match value:
            case KeyArn():
                return Ref(key_of(KEY, keys[value.alias]), "arn")
            case Mapping():
                return {name: resolve(inner) for name, inner in value.items()}
            case list() | tuple():
                return [resolve(inner) for inner in value]
            case _:
                return value

    return Json({name: resolve(value) for name, value in document.items()})


@dataclass(frozen=True, slots=True)
class KeySettings:
    """A rotating KMS key under an alias. ``name`` is what Pulumi calls both."""

    name: str
    alias: str
    policy: Document
    description: str
    tags: Mapping[str, str]
    disposable: bool


def declare_key(settings: KeySettings, parent: str) -> tuple[Declared, ...]:
    """The key and its alias; both stay when they leave the stack, as the bucket does that nobody could read without."""
    key = Declared(
        KEY,
        settings.name,
        {
            "description": settings.description,
            "deletionWindowInDays": 30,
            "enableKeyRotation": True,
            "policy": policy(settings.policy, {}),
            "tags": settings.tags,
        },
        parent,
        Options(protect=not settings.disposable, retain_on_delete=not settings.disposable),
    )
    alias = Declared(
        KEY_ALIAS,
        settings.name,
        {"name": settings.alias, "targetKeyId": Ref(key.key, "keyId")},
        parent,
        Options(retain_on_delete=not settings.disposable),
    )
    return key, alias


@dataclass(frozen=True, slots=True)
class BucketSettings:
    """An encrypted, private bucket. ``key`` is the name of its declared KMS key; ``rules`` its lifecycle's."""

    name: str
    bucket: str
    key: str
    policy: Document
    versioned: bool
    rules: Sequence[Mapping[str, Value]]
    tags: Mapping[str, str]
    disposable: bool


def declare_bucket(settings: BucketSettings, parent: str) -> tuple[Declared, ...]:
    """A bucket with everything that makes it private, encrypted and bounded in time.

    Each part names the bucket and waits for it; the policy also waits for the public access block. All of them stay
    when they leave the stack: a bucket that is kept without its guards would show its data to whomever IAM lets. Of
    what we set, nothing but another bucket replaces a part, so none is left behind on a bucket that goes on.
    """
    name = settings.name
    kept = not settings.disposable
    bucket = Declared(
        BUCKET,
        name,
        {"bucket": settings.bucket, "forceDestroy": settings.disposable, "tags": settings.tags},
        parent,
        Options(protect=kept, retain_on_delete=kept),
    )

    def part(type_: str, inputs: Mapping[str, Value], *after: str) -> Declared:
        needed = (bucket.key, *(key_of(earlier, name) for earlier in after))
        options = Options(depends_on=needed, retain_on_delete=kept)
        return Declared(type_, name, {"bucket": settings.bucket, **inputs}, parent, options)

    encryption: Mapping[str, Value] = {
        "sseAlgorithm": "aws:kms",
        "kmsMasterKeyId": Ref(key_of(KEY, settings.key), "arn"),
    }
    parts = [
        part(BUCKET_OWNERSHIP, {"rule": {"objectOwnership": "BucketOwnerEnforced"}}),
        part(
            BUCKET_PUBLIC_ACCESS,
            {
                "blockPublicAcls": True,
                "blockPublicPolicy": True,
                "ignorePublicAcls": True,
                "restrictPublicBuckets": True,
            },
        ),
        part(
            BUCKET_ENCRYPTION,
            {"rules": [{"applyServerSideEncryptionByDefault": encryption, "bucketKeyEnabled": True}]},
        ),
    ]
    after_versioning: tuple[str, ...] = ()
    if settings.versioned:
        parts.append(part(BUCKET_VERSIONING, {"versioningConfiguration": {"status": "Enabled"}}))
        # Rules about noncurrent versions mean something only once there are any.
        after_versioning = (BUCKET_VERSIONING,)
    parts.append(part(BUCKET_LIFECYCLE, {"rules": settings.rules}, *after_versioning))
    parts.append(part(BUCKET_POLICY, {"policy": policy(settings.policy, {})}, BUCKET_PUBLIC_ACCESS))
    return bucket, *parts


ABORT_UPLOADS: Mapping[str, Value] = {
    "id": "abort-incomplete-uploads",
    "status": "Enabled",
    "filter": {"prefix": ""},
    "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
}
"""Unfinished uploads cost money and are seen by nobody."""
