"""Athena's workgroups: updated, deleted with what is in them, and missed, as AWS does it.

Sources: Athena API reference, UpdateWorkGroup, WorkGroupConfigurationUpdates, DeleteWorkGroup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any, cast

from moto.athena import urls
from moto.athena.models import AthenaBackend, WorkGroup, athena_backends
from moto.athena.responses import AthenaResponse

from mesh_infra.local.aws.errors import InvalidRequestError
from mesh_infra.local.aws.extension import Extension

_STATES = ("ENABLED", "DISABLED")
_REMOVABLE = {
    "RemoveBytesScannedCutoffPerQuery": "BytesScannedCutoffPerQuery",
    "RemoveCustomerContentEncryptionConfiguration": "CustomerContentEncryptionConfiguration",
}
_REMOVABLE_RESULTS = {
    "RemoveAclConfiguration": "AclConfiguration",
    "RemoveEncryptionConfiguration": "EncryptionConfiguration",
    "RemoveExpectedBucketOwner": "ExpectedBucketOwner",
    "RemoveOutputLocation": "OutputLocation",
}


class LocalAthena(AthenaBackend):
    """Workgroups that can be changed."""

    @property
    def _url_module(self) -> ModuleType:
        return urls

    def workgroup(self, name: str) -> WorkGroup:
        """Raises AWS's InvalidRequestException where there is none."""
        try:
            return self.work_groups[name]
        except KeyError:
            raise InvalidRequestError(f"WorkGroup {name} is not found.") from None

    def update_work_group(self, request: Mapping[str, Any]) -> None:
        """UpdateWorkGroup: changes what the request names and nothing else."""
        workgroup = self.workgroup(request["WorkGroup"])
        state = request.get("State", workgroup.state)
        if state not in _STATES:
            raise InvalidRequestError(f"WorkGroup state {state} is not one of {', '.join(_STATES)}")
        workgroup.state = state
        workgroup.description = request.get("Description", workgroup.description)
        workgroup.configuration = _updated(workgroup.configuration, request.get("ConfigurationUpdates") or {})

    def delete_with_contents(self, name: str, *, recursive: bool) -> None:
        """DeleteWorkGroup: named queries and prepared statements go with it only where that is asked for."""
        if name == "primary":
            raise InvalidRequestError("The primary WorkGroup cannot be deleted.")
        arn = self.workgroup(name).arn
        queries = [query.id for query in self.named_queries.values() if query.workgroup.name == name]
        statements = [key for key, statement in self.prepared_statements.items() if str(statement.workgroup) == name]
        if (queries or statements) and not recursive:
            raise InvalidRequestError(f"WorkGroup {name} is not empty")
        for query in queries:
            del self.named_queries[query]
        for statement in statements:
            del self.prepared_statements[statement]
        self.tagger.delete_all_tags_for_resource(arn)
        self.delete_work_group(name)


def _updated(configuration: Mapping[str, Any], updates: Mapping[str, Any]) -> dict[str, Any]:
    changes = dict(updates)
    results = changes.pop("ResultConfigurationUpdates", {})
    updated = _merged(configuration, changes, _REMOVABLE)
    if results:
        old = configuration.get("ResultConfiguration") or {}
        updated["ResultConfiguration"] = _merged(old, results, _REMOVABLE_RESULTS)
    return updated


def _merged(old: Mapping[str, Any], changes: Mapping[str, Any], removable: Mapping[str, str]) -> dict[str, Any]:
    removed = {removable[flag] for flag in removable if changes.get(flag)}
    given = {key: value for key, value in changes.items() if key not in removable}
    return {key: value for key, value in {**old, **given}.items() if key not in removed}


class LocalAthenaResponse(AthenaResponse):
    """Each method is an action of the API; moto dispatches to it by its name."""

    @property
    def _backend(self) -> LocalAthena:
        return cast("LocalAthena", self.athena_backend)

    def get_work_group(self) -> str:
        """GetWorkGroup."""
        self._backend.workgroup(self._get_param("WorkGroup"))
        return super().get_work_group()

    def update_work_group(self) -> str:
        """UpdateWorkGroup."""
        self._backend.update_work_group(json.loads(self.body))
        return "{}"

    def delete_work_group(self) -> str:
        """DeleteWorkGroup."""
        request = json.loads(self.body)
        self._backend.delete_with_contents(request["WorkGroup"], recursive=bool(request.get("RecursiveDeleteOption")))
        return "{}"

    def list_tags_for_resource(self) -> str:
        """ListTagsForResource: a workgroup without tags has none, which is no error."""
        arn = self._get_param("ResourceARN")
        kind, _, name = str(arn).rsplit(":", 1)[-1].partition("/")
        if kind == "workgroup" and name not in self._backend.work_groups:
            raise InvalidRequestError(f"WorkGroup {name} is not found.")
        return json.dumps(self._backend.list_tags_for_resource(arn) or {"Tags": []})


EXTENSION = Extension(urls, LocalAthenaResponse, backends=athena_backends, backend=LocalAthena)
