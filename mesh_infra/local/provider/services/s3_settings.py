"""S3: what is set on a bucket, each setting a resource of its own whose id is the bucket."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from mesh_infra.aws.resources.check import UNKNOWN
from mesh_infra.aws.schema import Prop
from mesh_infra.local.provider.connection import Aws, Client, found, tolerating
from mesh_infra.local.provider.resource import Resource, Update
from mesh_infra.local.provider.services.s3 import NO_BUCKET
from mesh_infra.local.provider.shape import from_aws, to_aws
from mesh_infra.local.provider.wire import Values


class BucketSetting(Resource):
    """A setting that is put as a whole: to create it and to change it is one call, which overwrites what is there."""

    unset_codes: ClassVar[tuple[str, ...]] = ()
    """How S3 says that the bucket has no such setting."""

    @abstractmethod
    def put(self, s3: Client, bucket: dict[str, str], inputs: Values) -> None:
        """Sets it. ``bucket``: the arguments that name the bucket."""

    @abstractmethod
    def get(self, s3: Client, bucket: dict[str, str]) -> Values | None:
        """The outputs but for the bucket; None where it is not set."""

    @abstractmethod
    def unset(self, s3: Client, bucket: dict[str, str], state: Values, /) -> None:
        """Takes it off the bucket."""

    def create(self, aws: Aws, inputs: Values, /) -> str:
        """The id is the bucket, and its expected owner where one is given."""
        id_ = ",".join(str(inputs[key]) for key in ("bucket", "expectedBucketOwner") if key in inputs)
        self.put(aws.client("s3"), _named(id_), inputs)
        return id_

    def read(self, aws: Aws, id_: str, _: Values, /) -> Values | None:
        """The setting; gone with its bucket."""
        s3, bucket = aws.client("s3"), _named(id_)
        observed: Values | None = found(lambda: self.get(s3, bucket), *NO_BUCKET, *self.unset_codes)
        if observed is None:
            return None
        return {"bucket": bucket["Bucket"], "expectedBucketOwner": bucket.get("ExpectedBucketOwner"), **observed}

    def update(self, aws: Aws, id_: str, update: Update, /) -> None:
        """Sets it anew."""
        self.put(aws.client("s3"), _named(id_), update.new)

    def delete(self, aws: Aws, id_: str, state: Values, /) -> None:
        """Takes it off, if the bucket is still there."""
        with tolerating(*NO_BUCKET, *self.unset_codes):
            self.unset(aws.client("s3"), _named(id_), state)


def _named(id_: str) -> dict[str, str]:
    bucket, _, owner = id_.partition(",")
    return {"Bucket": bucket, "ExpectedBucketOwner": owner} if owner else {"Bucket": bucket}


class BucketVersioning(BucketSetting):
    """Versioning: once on it can be suspended, never switched off."""

    kind = "aws:s3/bucketVersioning:BucketVersioning"
    kept = frozenset(("mfa",))

    def refusals(self, new: Values, old: Values, /) -> Iterator[str]:
        """``Disabled`` only for a bucket that never had it."""
        disabled = new["versioningConfiguration"] != UNKNOWN and new["versioningConfiguration"]["status"] == "Disabled"
        before = old.get("versioningConfiguration", {}).get("status")
        if disabled and before in ("Enabled", "Suspended"):
            yield f"input 'versioningConfiguration.status' cannot be updated from '{before}' to 'Disabled'"

    def put(self, s3: Client, bucket: dict[str, str], inputs: Values) -> None:
        """PutBucketVersioning; nothing to do for ``Disabled``, which is how a bucket begins."""
        configuration = inputs["versioningConfiguration"]
        if configuration["status"] == "Disabled":
            return
        mfa = {"MFA": inputs["mfa"]} if "mfa" in inputs else {}
        wanted = to_aws(self.schema.inputs["versioningConfiguration"], configuration, {"mfaDelete": "MFADelete"})
        s3.put_bucket_versioning(**bucket, **mfa, VersioningConfiguration=wanted)

    def get(self, s3: Client, bucket: dict[str, str]) -> Values | None:
        """GetBucketVersioning: it says nothing of a bucket that never had it."""
        answer = s3.get_bucket_versioning(**bucket)
        configuration = {"status": answer.get("Status", "Disabled"), "mfaDelete": answer.get("MFADelete")}
        return {"versioningConfiguration": {key: value for key, value in configuration.items() if value}}

    def unset(self, s3: Client, bucket: dict[str, str], state: Values, /) -> None:
        """Suspends it, where it was enabled."""
        if state["versioningConfiguration"]["status"] == "Enabled":
            s3.put_bucket_versioning(**bucket, VersioningConfiguration={"Status": "Suspended"})


_ENCRYPTION_NAMES = {"sseAlgorithm": "SSEAlgorithm", "kmsMasterKeyId": "KMSMasterKeyID"}


class BucketEncryption(BucketSetting):
    """What new objects are encrypted with."""

    kind = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    unset_codes = ("ServerSideEncryptionConfigurationNotFoundError",)

    @property
    def _rules(self) -> Prop:
        return self.schema.inputs["rules"]

    def put(self, s3: Client, bucket: dict[str, str], inputs: Values) -> None:
        """PutBucketEncryption."""
        rules = to_aws(self._rules, inputs["rules"], _ENCRYPTION_NAMES)
        s3.put_bucket_encryption(**bucket, ServerSideEncryptionConfiguration={"Rules": rules})

    def get(self, s3: Client, bucket: dict[str, str]) -> Values | None:
        """GetBucketEncryption."""
        configuration = s3.get_bucket_encryption(**bucket)["ServerSideEncryptionConfiguration"]
        return {"rules": from_aws(self._rules, configuration["Rules"], _ENCRYPTION_NAMES)}

    def unset(self, s3: Client, bucket: dict[str, str], _: Values, /) -> None:
        """DeleteBucketEncryption."""
        s3.delete_bucket_encryption(**bucket)


class BucketPublicAccessBlock(BucketSetting):
    """What is refused to the public."""

    kind = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    kept = frozenset(("skipDestroy",))
    unset_codes = ("NoSuchPublicAccessBlockConfiguration",)
    _flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")

    def put(self, s3: Client, bucket: dict[str, str], inputs: Values) -> None:
        """PutPublicAccessBlock; what is not given is false."""
        wanted = {name[0].upper() + name[1:]: inputs.get(name, False) for name in self._flags}
        s3.put_public_access_block(**bucket, PublicAccessBlockConfiguration=wanted)

    def get(self, s3: Client, bucket: dict[str, str]) -> Values | None:
        """GetPublicAccessBlock."""
        answer = s3.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"]
        return {name: answer.get(name[0].upper() + name[1:], False) for name in self._flags}

    def unset(self, s3: Client, bucket: dict[str, str], state: Values, /) -> None:
        """DeletePublicAccessBlock, unless it is to stay."""
        if not state.get("skipDestroy"):
            s3.delete_public_access_block(**bucket)


class BucketOwnershipControls(BucketSetting):
    """Who owns the objects."""

    kind = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
    unset_codes = ("OwnershipControlsNotFoundError",)

    def put(self, s3: Client, bucket: dict[str, str], inputs: Values) -> None:
        """PutBucketOwnershipControls."""
        rule = {"ObjectOwnership": inputs["rule"]["objectOwnership"]}
        s3.put_bucket_ownership_controls(**bucket, OwnershipControls={"Rules": [rule]})

    def get(self, s3: Client, bucket: dict[str, str]) -> Values | None:
        """GetBucketOwnershipControls: a list of one rule."""
        rule = s3.get_bucket_ownership_controls(**bucket)["OwnershipControls"]["Rules"][0]
        return {"rule": {"objectOwnership": rule["ObjectOwnership"]}}

    def unset(self, s3: Client, bucket: dict[str, str], _: Values, /) -> None:
        """DeleteBucketOwnershipControls."""
        s3.delete_bucket_ownership_controls(**bucket)


class BucketPolicy(BucketSetting):
    """The bucket's resource policy."""

    kind = "aws:s3/bucketPolicy:BucketPolicy"
    documents = frozenset(("policy",))
    unset_codes = ("NoSuchBucketPolicy",)

    def put(self, s3: Client, bucket: dict[str, str], inputs: Values) -> None:
        """PutBucketPolicy."""
        s3.put_bucket_policy(**bucket, Policy=inputs["policy"])

    def get(self, s3: Client, bucket: dict[str, str]) -> Values | None:
        """GetBucketPolicy."""
        return {"policy": s3.get_bucket_policy(**bucket)["Policy"]}

    def unset(self, s3: Client, bucket: dict[str, str], _: Values, /) -> None:
        """DeleteBucketPolicy."""
        s3.delete_bucket_policy(**bucket)


_LIFECYCLE_NAMES = {"id": "ID"}


class BucketLifecycle(BucketSetting):
    """When objects and their versions move or go."""

    kind = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    kept = frozenset(("timeouts",))
    unset_codes = ("NoSuchLifecycleConfiguration",)

    @property
    def _rules(self) -> Prop:
        return self.schema.inputs["rules"]

    def put(self, s3: Client, bucket: dict[str, str], inputs: Values) -> None:
        """PutBucketLifecycleConfiguration."""
        rules = [_tags_as_list(rule) for rule in to_aws(self._rules, inputs.get("rules", []), _LIFECYCLE_NAMES)]
        size = inputs.get("transitionDefaultMinimumObjectSize")
        option = {"TransitionDefaultMinimumObjectSize": size} if size else {}
        s3.put_bucket_lifecycle_configuration(**bucket, **option, LifecycleConfiguration={"Rules": rules})

    def get(self, s3: Client, bucket: dict[str, str]) -> Values | None:
        """GetBucketLifecycleConfiguration."""
        answer = s3.get_bucket_lifecycle_configuration(**bucket)
        rules = [_tags_as_map(rule) for rule in answer["Rules"]]
        return {
            "rules": from_aws(self._rules, rules, _LIFECYCLE_NAMES),
            "transitionDefaultMinimumObjectSize": answer.get(
                "TransitionDefaultMinimumObjectSize", "all_storage_classes_128K"
            ),
        }

    def unset(self, s3: Client, bucket: dict[str, str], _: Values, /) -> None:
        """DeleteBucketLifecycle."""
        s3.delete_bucket_lifecycle(**bucket)


def _tags_as_list(rule: dict[str, Any]) -> dict[str, Any]:
    """AWS wants the tags of a filter's ``And`` as a list, and a filter even where it says nothing."""
    filter_ = dict(rule.get("Filter", {}))
    if "And" in filter_:
        tags = [{"Key": key, "Value": value} for key, value in filter_["And"].get("Tags", {}).items()]
        filter_["And"] = {**filter_["And"], **({"Tags": tags} if tags else {})}
    return {**rule, "Filter": filter_} if "Prefix" not in rule else rule


def _tags_as_map(rule: dict[str, Any]) -> dict[str, Any]:
    both = rule.get("Filter", {}).get("And")
    if not both:
        return rule
    tags = {tag["Key"]: tag["Value"] for tag in both.get("Tags", [])}
    return {**rule, "Filter": {**rule["Filter"], "And": {**both, "Tags": tags}}}
