"""KMS: keys and their aliases."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.aws.names import KEY_ALIAS
from mesh_infra.aws.resources.check import UNKNOWN
from mesh_infra.local.provider.connection import Answer, Aws, Client, found, tolerating
from mesh_infra.local.provider.resource import Resource, Update
from mesh_infra.local.provider.tags import TagChange, as_list, from_list
from mesh_infra.local.provider.wire import Values

_NO_KEY = "NotFoundException"
_DEFAULT_WINDOW = 30


class Key(Resource):
    """A key. It is never deleted at once: deletion is scheduled, and from then on it counts as gone."""

    kind = "aws:kms/key:Key"
    documents = frozenset(("policy",))
    kept = frozenset(("bypassPolicyLockoutSafetyCheck", "deletionWindowInDays"))
    unsupported = frozenset(("customKeyStoreId", "xksKeyId"))

    def refusals(self, new: Values, _: Values, /) -> Iterator[str]:
        """The ranges of days that KMS takes."""
        for name, least, most in (("deletionWindowInDays", 7, 30), ("rotationPeriodInDays", 90, 2560)):
            days = new.get(name, least)
            if days != UNKNOWN and not least <= days <= most:
                yield f"input '{name}' must be between {least} and {most}, not {days}"

    def create(self, aws: Aws, inputs: Values, /) -> str:
        """CreateKey, with policy and tags."""
        optional = {
            "BypassPolicyLockoutSafetyCheck": inputs.get("bypassPolicyLockoutSafetyCheck"),
            "Description": inputs.get("description"),
            "KeySpec": inputs.get("customerMasterKeySpec", "SYMMETRIC_DEFAULT"),
            "KeyUsage": inputs.get("keyUsage", "ENCRYPT_DECRYPT"),
            "MultiRegion": inputs.get("multiRegion"),
            "Policy": inputs.get("policy"),
            "Tags": as_list(inputs["tagsAll"], "TagKey", "TagValue") or None,
        }
        answer = aws.client("kms").create_key(**{name: value for name, value in optional.items() if value is not None})
        return str(answer["KeyMetadata"]["KeyId"])

    def complete(self, aws: Aws, id_: str, inputs: Values, /) -> None:
        """Rotation and state have calls of their own."""
        kms = aws.client("kms")
        if inputs.get("enableKeyRotation"):
            _enable_rotation(kms, id_, inputs)
        if not inputs.get("isEnabled", True):
            kms.disable_key(KeyId=id_)

    def read(self, aws: Aws, id_: str, _: Values, /) -> Values | None:
        """DescribeKey, its policy, rotation and tags."""
        kms = aws.client("kms")
        answer = found(lambda: kms.describe_key(KeyId=id_), _NO_KEY)
        if answer is None or answer["KeyMetadata"]["KeyState"] in ("PendingDeletion", "PendingReplicaDeletion"):
            return None
        key = answer["KeyMetadata"]
        rotation = _rotation(kms, key)
        return {
            "arn": key["Arn"],
            "customerMasterKeySpec": key["KeySpec"],
            "description": key.get("Description"),
            "enableKeyRotation": rotation.get("KeyRotationEnabled", False),
            "isEnabled": key["Enabled"],
            "keyId": key["KeyId"],
            "keyUsage": key["KeyUsage"],
            "multiRegion": key.get("MultiRegion", False),
            "policy": kms.get_key_policy(KeyId=id_, PolicyName="default")["Policy"],
            "rotationPeriodInDays": rotation.get("RotationPeriodInDays"),
            "tagsAll": from_list(kms.list_resource_tags(KeyId=id_)["Tags"], "TagKey", "TagValue"),
        }

    def update(self, aws: Aws, id_: str, update: Update, /) -> None:
        """One call for each thing that changed; a key must be enabled while the others change."""
        kms, new, changed = aws.client("kms"), update.new, update.changed
        if "isEnabled" in changed and new.get("isEnabled", True):
            kms.enable_key(KeyId=id_)
        if changed & {"enableKeyRotation", "rotationPeriodInDays"}:
            if new.get("enableKeyRotation"):
                _enable_rotation(kms, id_, new)
            else:
                kms.disable_key_rotation(KeyId=id_)
        if "description" in changed:
            kms.update_key_description(KeyId=id_, Description=new.get("description", ""))
        if "policy" in changed:
            bypass = new.get("bypassPolicyLockoutSafetyCheck", False)
            kms.put_key_policy(
                KeyId=id_, PolicyName="default", Policy=new["policy"], BypassPolicyLockoutSafetyCheck=bypass
            )
        if "tagsAll" in changed:
            _retag(kms, id_, TagChange.between(update.old.get("tagsAll", {}), new["tagsAll"]))
        if "isEnabled" in changed and not new.get("isEnabled", True):
            kms.disable_key(KeyId=id_)

    def delete(self, aws: Aws, id_: str, state: Values, /) -> None:
        """ScheduleKeyDeletion; a key whose deletion is scheduled already is left as it is."""
        days = state.get("deletionWindowInDays", _DEFAULT_WINDOW)
        with tolerating(_NO_KEY):
            kms = aws.client("kms")
            if kms.describe_key(KeyId=id_)["KeyMetadata"]["KeyState"] != "PendingDeletion":
                kms.schedule_key_deletion(KeyId=id_, PendingWindowInDays=days)


def _rotation(kms: Client, key: Answer) -> Answer:
    """GetKeyRotationStatus, which KMS answers for symmetric keys alone; empty where the key is not rotated."""
    if key["KeySpec"] != "SYMMETRIC_DEFAULT":
        return {}
    status = kms.get_key_rotation_status(KeyId=key["KeyId"])
    return status if status["KeyRotationEnabled"] else {}


def _enable_rotation(kms: Client, key: str, inputs: Values) -> None:
    period = {"RotationPeriodInDays": inputs["rotationPeriodInDays"]} if "rotationPeriodInDays" in inputs else {}
    kms.enable_key_rotation(KeyId=key, **period)


def _retag(kms: Client, key: str, change: TagChange) -> None:
    if change.remove:
        kms.untag_resource(KeyId=key, TagKeys=change.remove)
    if change.put:
        kms.tag_resource(KeyId=key, Tags=as_list(change.put, "TagKey", "TagValue"))


class Alias(Resource):
    """A name for a key, which can be pointed to another key."""

    kind = "aws:kms/alias:Alias"
    unsupported = frozenset(("namePrefix",))

    def refusals(self, new: Values, _: Values, /) -> Iterator[str]:
        """``alias/…``, and none of those that AWS keeps for itself."""
        name = new.get("name", UNKNOWN)
        if name == UNKNOWN:
            return
        if not name.startswith("alias/") or name.startswith("alias/aws/"):
            yield f"input 'name' must begin with 'alias/', and not with 'alias/aws/': '{name}' does not do"
        elif problem := KEY_ALIAS.problem(name):
            yield f"input 'name': {problem}"

    def means_same(self, name: str, one: object, other: object) -> bool:
        """A key's id and its ARN name the same key."""
        return name == "targetKeyId" and _key_id(one) == _key_id(other)

    def create(self, aws: Aws, inputs: Values, /) -> str:
        """CreateAlias."""
        name = str(inputs["name"])
        aws.client("kms").create_alias(AliasName=name, TargetKeyId=inputs["targetKeyId"])
        return name

    def read(self, aws: Aws, id_: str, _: Values, /) -> Values | None:
        """ListAliases: there is no call for a single one."""
        pages = aws.client("kms").get_paginator("list_aliases").paginate()
        for alias in (alias for page in pages for alias in page["Aliases"]):
            if alias["AliasName"] == id_ and "TargetKeyId" in alias:
                key = alias["TargetKeyId"]
                return {
                    "arn": alias["AliasArn"],
                    "name": id_,
                    "targetKeyArn": aws.arn("kms", f"key/{key}"),
                    "targetKeyId": key,
                }
        return None

    def update(self, aws: Aws, id_: str, update: Update, /) -> None:
        """UpdateAlias: another key."""
        aws.client("kms").update_alias(AliasName=id_, TargetKeyId=update.new["targetKeyId"])

    def delete(self, aws: Aws, id_: str, _: Values, /) -> None:
        """DeleteAlias."""
        with tolerating(_NO_KEY):
            aws.client("kms").delete_alias(AliasName=id_)


def _key_id(key: object) -> str:
    return str(key).rpartition("/")[2]
