"""Athena: workgroups."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from mesh_infra.aws.names import WORKGROUP
from mesh_infra.aws.resources.check import UNKNOWN
from mesh_infra.aws.schema import Prop
from mesh_infra.local.provider.connection import Aws, Client, code
from mesh_infra.local.provider.resource import Resource, Update
from mesh_infra.local.provider.shape import from_aws, to_aws
from mesh_infra.local.provider.tags import TagChange, as_list, from_list
from mesh_infra.local.provider.wire import Values

_NAMES = {
    "enforceWorkgroupConfiguration": "EnforceWorkGroupConfiguration",
    "kmsKeyArn": "KmsKey",
    "publishCloudwatchMetricsEnabled": "PublishCloudWatchMetricsEnabled",
}
_UNSUPPORTED = ("identityCenterConfiguration", "managedQueryResultsConfiguration", "monitoringConfiguration")


class Workgroup(Resource):
    """A workgroup; fails to come where one of its name exists."""

    kind = "aws:athena/workgroup:Workgroup"
    kept = frozenset(("forceDestroy",))

    @cached_property
    def _configuration(self) -> Prop:
        fields = self.schema.inputs["configuration"].fields
        return Prop("object", fields={name: prop for name, prop in fields.items() if name not in _UNSUPPORTED})

    def refusals(self, new: Values, _: Values, /) -> Iterator[str]:
        """Names that Athena does not take, and what the local provider does not know."""
        name = new.get("name", UNKNOWN)
        if name != UNKNOWN and (problem := WORKGROUP.problem(name)):
            yield f"input 'name': {problem}"
        configuration = new.get("configuration", UNKNOWN)
        if configuration != UNKNOWN:
            for block in sorted(configuration.keys() & set(_UNSUPPORTED)):
                yield f"input 'configuration.{block}' is not supported by the local provider"

    def create(self, aws: Aws, inputs: Values, /) -> str:
        """CreateWorkGroup, with its tags. A new workgroup is enabled."""
        name = str(inputs["name"])
        optional = {
            "Configuration": self._wanted(inputs["configuration"]) if "configuration" in inputs else None,
            "Description": inputs.get("description"),
            "Tags": as_list(inputs["tagsAll"]) or None,
        }
        given = {key: value for key, value in optional.items() if value is not None}
        aws.client("athena").create_work_group(Name=name, **given)
        return name

    def complete(self, aws: Aws, id_: str, inputs: Values, /) -> None:
        """To disable it takes a call of its own."""
        if inputs.get("state") == "DISABLED":
            aws.client("athena").update_work_group(WorkGroup=id_, State="DISABLED")

    def read(self, aws: Aws, id_: str, _: Values, /) -> Values | None:
        """GetWorkGroup and its tags."""
        athena, arn = aws.client("athena"), aws.arn("athena", f"workgroup/{id_}")
        try:
            workgroup = athena.get_work_group(WorkGroup=id_)["WorkGroup"]
        except ClientError as error:
            if _is_gone(error):
                return None
            raise
        pages = athena.get_paginator("list_tags_for_resource").paginate(ResourceARN=arn)
        return {
            "arn": arn,
            "configuration": from_aws(self._configuration, workgroup["Configuration"], _NAMES),
            "description": workgroup.get("Description") or None,
            "name": id_,
            "state": workgroup["State"],
            "tagsAll": from_list(tag for page in pages for tag in page["Tags"]),
        }

    def update(self, aws: Aws, id_: str, update: Update, /) -> None:
        """UpdateWorkGroup; tags have calls of their own."""
        athena, new = aws.client("athena"), update.new
        if update.changed & {"configuration", "description", "state"}:
            updates = (
                {"ConfigurationUpdates": _updates(self._wanted(new["configuration"]))} if "configuration" in new else {}
            )
            athena.update_work_group(
                WorkGroup=id_,
                Description=new.get("description", ""),
                State=new.get("state", "ENABLED"),
                **updates,
            )
        if "tagsAll" in update.changed:
            change = TagChange.between(update.old.get("tagsAll", {}), new["tagsAll"])
            _retag(athena, aws.arn("athena", f"workgroup/{id_}"), change)

    def delete(self, aws: Aws, id_: str, state: Values, /) -> None:
        """DeleteWorkGroup; one with queries goes only with ``forceDestroy``."""
        force = bool(state.get("forceDestroy"))
        try:
            aws.client("athena").delete_work_group(WorkGroup=id_, RecursiveDeleteOption=force)
        except ClientError as error:
            if not _is_gone(error):
                raise

    def _wanted(self, configuration: Values) -> dict[str, Any]:
        """The configuration as AWS takes it: with the provider's defaults, without what AWS alone decides."""
        defaults = {name: prop.default for name, prop in self._configuration.fields.items() if prop.default is not None}
        wanted: dict[str, Any] = to_aws(self._configuration, {**defaults, **configuration}, _NAMES)
        wanted.get("EngineVersion", {}).pop("EffectiveEngineVersion", None)
        return wanted


def _updates(wanted: dict[str, Any]) -> dict[str, Any]:
    """What UpdateWorkGroup takes in place of a configuration: what is no longer wanted is taken away by name."""
    results = wanted.pop("ResultConfiguration", {})
    parts = ("AclConfiguration", "EncryptionConfiguration", "ExpectedBucketOwner", "OutputLocation")
    removed: dict[str, Any] = {f"Remove{part}": True for part in parts if part not in results}
    updates = {**wanted, "ResultConfigurationUpdates": {**results, **removed}}
    for part in ("BytesScannedCutoffPerQuery", "CustomerContentEncryptionConfiguration"):
        if part not in wanted:
            updates[f"Remove{part}"] = True
    return updates


def _retag(athena: Client, arn: str, change: TagChange) -> None:
    if change.remove:
        athena.untag_resource(ResourceARN=arn, TagKeys=change.remove)
    if change.put:
        athena.tag_resource(ResourceARN=arn, Tags=as_list(change.put))


def _is_gone(error: ClientError) -> bool:
    """Athena has no code of its own for it (API reference, GetWorkGroup: InvalidRequestException)."""
    return code(error) == "InvalidRequestException" and "is not found" in str(error)
