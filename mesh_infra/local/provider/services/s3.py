"""S3: the bucket itself. What is set on it stands in ``s3_settings``."""

from __future__ import annotations

from typing import Any

from mesh_infra.aws import names
from mesh_infra.local.provider.connection import Aws, Client, found, tolerating
from mesh_infra.local.provider.errors import ProviderError
from mesh_infra.local.provider.resource import Resource, Update
from mesh_infra.local.provider.tags import as_list, from_list
from mesh_infra.local.provider.wire import Values

NO_BUCKET = ("NoSuchBucket", "404")
"""How S3 says that there is no such bucket; to a HEAD request it has no body to say it in."""

_ZONES = {
    "af-south-1": "Z83WF9RJE8B12",
    "ap-east-1": "ZNB98KWMFR0R6",
    "ap-northeast-1": "Z2M4EHUR26P7ZW",
    "ap-northeast-2": "Z3W03O7B5YMIYP",
    "ap-northeast-3": "Z2YQB5RD63NC85",
    "ap-south-1": "Z11RGJOFQNVJUP",
    "ap-southeast-1": "Z3O0J2DXBE1FTB",
    "ap-southeast-2": "Z1WCIGYICN2BYD",
    "ca-central-1": "Z1QDHH18159H29",
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-north-1": "Z3BAZG2TWCNX0D",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-west-2": "Z3GKZC51ZF0DB4",
    "eu-west-3": "Z3R1K369G5AVDG",
    "me-south-1": "Z1MPMWCPA7YB62",
    "sa-east-1": "Z7KQH4QJS55SO",
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
}
"""Route 53's hosted zones of S3 (AWS General Reference, Amazon S3 website endpoints); other regions have none here."""


class Bucket(Resource):
    """A bucket; its tags are set in the call that makes it."""

    kind = "aws:s3/bucket:Bucket"
    named_by = "bucket"
    kept = frozenset(("forceDestroy",))
    unsupported = frozenset(("bucketNamespace", "bucketPrefix", "objectLockEnabled"))

    def create(self, aws: Aws, inputs: Values, /) -> str:
        """CreateBucket; fails where the bucket exists, also where it is the account's own."""
        bucket = str(inputs["bucket"])
        problem = names.BUCKET.problem(bucket)
        if problem:
            raise ProviderError(f"creating {self.kind}: {problem}")
        s3 = aws.client("s3")
        # In us-east-1 AWS does not refuse to create the account's own bucket once more (API reference, CreateBucket).
        if aws.region == "us-east-1" and found(lambda: s3.head_bucket(Bucket=bucket), *NO_BUCKET):
            raise ProviderError(f"creating {self.kind} '{bucket}': BucketAlreadyOwnedByYou: the bucket exists already")
        configuration: dict[str, Any] = {"Tags": as_list(inputs["tagsAll"])} if inputs["tagsAll"] else {}
        if aws.region != "us-east-1":
            configuration["LocationConstraint"] = aws.region
        s3.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": configuration} if configuration else {}))
        return bucket

    def read(self, aws: Aws, id_: str, _: Values, /) -> Values | None:
        """HeadBucket and GetBucketTagging; the names of its hosts follow from its own."""
        s3 = aws.client("s3")
        if found(lambda: s3.head_bucket(Bucket=id_), *NO_BUCKET) is None:
            return None
        tagging = found(lambda: s3.get_bucket_tagging(Bucket=id_), "NoSuchTagSet") or {"TagSet": []}
        return {
            "arn": names.bucket_arn(aws.region, id_),
            "bucket": id_,
            "bucketDomainName": f"{id_}.s3.amazonaws.com",
            "bucketRegion": aws.region,
            "bucketRegionalDomainName": f"{id_}.s3.{aws.region}.amazonaws.com",
            "hostedZoneId": _ZONES.get(aws.region),
            "tagsAll": from_list(tagging["TagSet"]),
        }

    def update(self, aws: Aws, id_: str, update: Update, /) -> None:
        """PutBucketTagging: tags are all that changes in place."""
        if "tagsAll" not in update.changed:
            return
        s3 = aws.client("s3")
        if update.new["tagsAll"]:
            s3.put_bucket_tagging(Bucket=id_, Tagging={"TagSet": as_list(update.new["tagsAll"])})
        else:
            s3.delete_bucket_tagging(Bucket=id_)

    def delete(self, aws: Aws, id_: str, state: Values, /) -> None:
        """DeleteBucket; a bucket that is not empty is emptied with ``forceDestroy`` and refused without."""
        s3 = aws.client("s3")
        with tolerating(*NO_BUCKET):
            if state.get("forceDestroy"):
                _empty(s3, id_)
            s3.delete_bucket(Bucket=id_)


def _empty(s3: Client, bucket: str) -> None:
    """Deletes every object, with all its versions and delete markers."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        versions = page.get("Versions", []) + page.get("DeleteMarkers", [])
        objects = [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions]
        if objects:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
