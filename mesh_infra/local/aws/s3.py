"""S3: how a bucket begins, what names and policies it may have, and lifecycle rules kept as they were put.

Sources: S3 user guide, "General purpose bucket naming rules", "Default settings for new S3 buckets FAQ" and "Blocking
public access to your Amazon S3 storage"; S3 API reference, CreateBucket.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Address
from types import ModuleType
from typing import Any, cast

import xmltodict  # type: ignore[import-untyped]  # ships no types
from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult
from moto.s3 import urls
from moto.s3.exceptions import InvalidBucketName, NoSuchLifecycleConfiguration, S3ClientError
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend, s3_backends
from moto.s3.responses import S3Response

from mesh_infra.local.aws.extension import Extension
from mesh_infra.local.aws.principals import as_list, missing_from_account
from mesh_infra.local.aws.s3_policies import is_public

_NAME = re.compile(r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_RESERVED_ENDINGS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def is_bucket_name(name: str) -> bool:
    """Whether S3 takes the name for a general purpose bucket."""
    if not _NAME.fullmatch(name) or name.endswith(_RESERVED_ENDINGS):
        return False
    try:
        IPv4Address(name)
    except ValueError:
        return True
    return False


class LocalS3(S3Backend):
    """Buckets that are private and encrypted from the start."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.lifecycles: dict[str, list[dict[str, Any]]] = {}
        """The rules of a bucket as they were put."""

    @property
    def _url_module(self) -> ModuleType:
        return urls

    def create_bucket(self, bucket_name: str, region_name: str, bucket_namespace: str | None = None) -> FakeBucket:
        """CreateBucket: public access is blocked, the owner owns the objects, and S3's own keys encrypt them."""
        if not is_bucket_name(bucket_name):
            raise InvalidBucketName
        bucket = super().create_bucket(bucket_name, region_name, bucket_namespace)
        bucket.encryption = _encrypted_by_s3()
        bucket.public_access_block = PublicAccessBlock(*(["true"] * 4))
        # moto types it as a dictionary and keeps the text that it finds in the request.
        bucket.ownership_rule = "BucketOwnerEnforced"  # type: ignore[assignment]
        return bucket

    def delete_bucket_encryption(self, bucket_name: str) -> None:
        """DeleteBucketEncryption: back to S3's own keys."""
        self.get_bucket(bucket_name).encryption = _encrypted_by_s3()

    def put_bucket_policy(self, bucket_name: str, policy: bytes) -> None:
        """PutBucketPolicy, refused where it names principals that are not there, or is public and that is blocked."""
        if missing_from_account(policy, self.account_id):
            raise S3ClientError("MalformedPolicy", "Invalid principal in policy")
        block = self.get_bucket(bucket_name).public_access_block
        if block and block.block_public_policy and is_public(policy):
            raise S3ClientError("AccessDenied", "Public policies are blocked by the BlockPublicPolicy setting")
        super().put_bucket_policy(bucket_name, policy)

    def put_bucket_lifecycle(self, bucket_name: str, rules: list[dict[str, Any]]) -> None:
        """PutBucketLifecycleConfiguration: moto checks the rules and loses part of them, so that they are kept too."""
        super().put_bucket_lifecycle(bucket_name, rules)
        self.lifecycles[bucket_name] = rules

    def delete_bucket_lifecycle(self, bucket_name: str) -> None:
        """DeleteBucketLifecycle."""
        super().delete_bucket_lifecycle(bucket_name)
        self.lifecycles.pop(bucket_name, None)

    def delete_bucket(self, bucket_name: str) -> FakeBucket | None:
        """DeleteBucket: a later bucket of the name has no rules."""
        self.lifecycles.pop(bucket_name, None)
        return super().delete_bucket(bucket_name)


def _encrypted_by_s3() -> dict[str, Any]:
    return {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}}


class LocalS3Response(S3Response):
    """Requests parsed, answers written."""

    @property
    def _backend(self) -> LocalS3:
        return cast("LocalS3", self.backend)

    def _bucket_response_put(
        self,
        request: Any,  # noqa: ANN401 - moto's own signature
        bucket_name: str,
        querystring: dict[str, Any],
    ) -> str | TYPE_RESPONSE:
        response = super()._bucket_response_put(request, bucket_name, querystring)
        if not querystring and (tags := self._tags_at_creation()):
            self._backend.put_bucket_tagging(bucket_name, tags)
        return response

    def _tags_at_creation(self) -> dict[str, str]:
        """CreateBucketConfiguration's Tags."""
        configuration = (xmltodict.parse(self.body)["CreateBucketConfiguration"] or {}) if self.body else {}
        tags = as_list((configuration.get("Tags") or {}).get("Tag"))
        return {tag["Key"]: tag["Value"] or "" for tag in tags}

    def get_bucket_lifecycle(self) -> TYPE_RESPONSE:
        """GetBucketLifecycleConfiguration: every rule as it was put."""
        self.data["Action"] = "GetBucketLifecycleConfiguration"
        self._backend.get_bucket(self.bucket_name)
        rules = self._backend.lifecycles.get(self.bucket_name)
        if not rules:
            raise NoSuchLifecycleConfiguration(bucket_name=self.bucket_name)
        result = {
            "Rules": [_rule(rule) for rule in rules],
            "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K",
        }
        return self.serialized(ActionResult(result))


_LISTS = {
    "Tag": "Tags",
    "Transition": "Transitions",
    "NoncurrentVersionTransition": "NoncurrentVersionTransitions",
}


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule of a request as an answer holds it: what XML repeats is a list."""
    answer = _with_lists(rule)
    if "Filter" in rule:
        # An element without content is parsed as None: an empty filter, or an empty prefix or value in one.
        answer["Filter"] = {key: "" if value is None else value for key, value in (rule["Filter"] or {}).items()}
    if answer.get("Filter", {}).get("And"):
        answer["Filter"]["And"] = _with_lists(answer["Filter"]["And"])
    return answer


def _with_lists(element: Mapping[str, Any]) -> dict[str, Any]:
    return {_LISTS.get(key, key): as_list(value) if key in _LISTS else value for key, value in element.items()}


EXTENSION = Extension(urls, LocalS3Response, backends=s3_backends, backend=LocalS3)
