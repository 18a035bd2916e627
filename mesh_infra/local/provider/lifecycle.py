"""The life of a resource of any type, on plain values: check, diff, create, read, update, delete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property

from mesh_infra.aws.resources.check import UNKNOWN, Changes, check, diff
from mesh_infra.aws.schema import Prop, ResourceSchema
from mesh_infra.local.provider import tags
from mesh_infra.local.provider.connection import Aws, in_words
from mesh_infra.local.provider.errors import InitFailed, ProviderError
from mesh_infra.local.provider.observed import as_inputs, settled
from mesh_infra.local.provider.policies import parsed
from mesh_infra.local.provider.resource import Resource, Update
from mesh_infra.local.provider.wire import Values


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change of inputs does; ``deletes_first``: the old resource must go before the new one can come."""

    changes: Changes
    deletes_first: bool


@dataclass(frozen=True, slots=True)
class State:
    """A resource that exists: its id, and its inputs and outputs as AWS has them."""

    id: str
    inputs: Values
    outputs: Values


class Lifecycle:
    """One resource type, driven for the engine."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource

    @cached_property
    def schema(self) -> ResourceSchema:
        """The schema with ``tagsAll`` among the inputs, where pulumi-aws too keeps it: default tags can change."""
        plain = self.resource.schema
        return replace(plain, inputs={**plain.inputs, "tagsAll": Prop("map")}) if self._has_tags else plain

    @cached_property
    def _has_tags(self) -> bool:
        return "tags" in self.resource.schema.inputs

    def check(self, new: Values, old: Values, default_tags: Mapping[str, str]) -> tuple[Values, list[str]]:
        """The inputs with ``tagsAll``, and what is wrong with them."""
        problems = list(self._problems(new, old))
        if self._has_tags and not problems:
            new = {**new, "tagsAll": tags.merged(default_tags, new.get("tags"))}
        return new, problems

    def _problems(self, new: Values, old: Values) -> Iterator[str]:
        malformed = check(self.resource.schema, new)
        yield from malformed
        for name in sorted(self.resource.unsupported & new.keys()):
            yield f"input '{name}' is not supported by the local provider"
        named_by = self.resource.named_by
        if named_by in self.resource.schema.inputs and named_by not in new:
            yield f"missing input '{named_by}': the local provider makes up no names"
        for name in sorted(self.resource.documents & new.keys()):
            if isinstance(new[name], str) and new[name] != UNKNOWN and parsed(new[name]) is None:
                yield f"input '{name}' contains an invalid JSON policy"
        if not malformed:
            yield from self.resource.refusals(new, old)

    def diff(self, old: Values, new: Values) -> Difference:
        """What changes between two sets of checked inputs."""
        changes = self._changes(old, new)
        named_by = self.resource.named_by
        # Two resources of one given name cannot exist at once (pulumi-terraform-bridge, nameRequiresDeleteBeforeReplace).
        same_name = named_by in new and new[named_by] == old.get(named_by)
        return Difference(changes, deletes_first=changes.replaces and same_name)

    def _changes(self, old: Values, new: Values) -> Changes:
        same = {name for name in old.keys() & new.keys() if self.resource.means_same(name, old[name], new[name])}
        return diff(self.schema, old, {**new, **{name: old[name] for name in same}})

    def preview_create(self, aws: Aws, inputs: Values) -> Values:
        """The outputs of a resource that does not exist yet: what its inputs do not say is unknown."""
        computed = {name for name, prop in self.schema.inputs.items() if prop.computed}
        return {**dict.fromkeys({*computed, *self.schema.outputs}, UNKNOWN), **self._region(aws), **inputs}

    def create(self, aws: Aws, inputs: Values) -> State:
        """Makes the resource; raises ``InitFailed`` where it was made but could not be completed."""
        aws = _in_region(aws, inputs)
        with self._in_words(aws, "creating", str(inputs.get(self.resource.named_by, ""))):
            id_ = self.resource.create(aws, inputs)
        try:
            with self._in_words(aws, "creating", id_):
                self.resource.complete(aws, id_, inputs)
            outputs = self._observe(aws, id_, inputs)
        except ProviderError as error:
            raise InitFailed(str(error), id_, inputs, {**self._region(aws), **inputs}) from error
        if outputs is None:
            raise ProviderError(f"creating {self._what(id_)}: it was gone again at once")
        return State(id_, inputs, outputs)

    def read(self, aws: Aws, id_: str, inputs: Values, outputs: Values) -> State | None:
        """The resource as it is now; None where it is gone. Without inputs and outputs: an import."""
        if not outputs and not self.resource.importable:
            raise ProviderError(f"{self.resource.token} cannot be imported, neither here nor with pulumi-aws")
        now = self._observe(_in_region(aws, outputs), id_, outputs)
        return State(id_, as_inputs(self.schema.inputs, inputs, now), now) if now is not None else None

    def preview_update(self, old_inputs: Values, old_outputs: Values, new: Values) -> Values:
        """The outputs after an update: what no input gave stays."""
        given = {name for name, prop in self.schema.inputs.items() if not prop.computed} & old_inputs.keys()
        return {**{name: value for name, value in old_outputs.items() if name not in given}, **new}

    def update(self, aws: Aws, id_: str, old_inputs: Values, old_outputs: Values, new: Values) -> Values:
        """Changes the resource in place and returns its outputs."""
        aws = _in_region(aws, old_outputs)
        changes = self._changes(old_inputs, new)
        # The engine asks for an update without a change to mend an incomplete creation: then everything is sent again.
        changed = {path.split(".")[0].split("[")[0] for path in changes.by_path} or new.keys()
        with self._in_words(aws, "updating", id_):
            self.resource.update(aws, id_, Update(old_outputs, new, frozenset(changed)))
        outputs = self._observe(aws, id_, new)
        if outputs is None:
            raise ProviderError(f"updating {self._what(id_)}: it does not exist any more; run 'pulumi refresh'")
        return outputs

    def delete(self, aws: Aws, id_: str, outputs: Values) -> None:
        """Deletes the resource; one that is gone already is no error."""
        aws = _in_region(aws, outputs)
        with self._in_words(aws, "deleting", id_):
            self.resource.delete(aws, id_, outputs)

    def _observe(self, aws: Aws, id_: str, known: Values) -> Values | None:
        with self._in_words(aws, "reading", id_):
            observed = self.resource.read(aws, id_, known)
        if observed is None:
            return None
        if self._has_tags:
            all_tags = observed.get("tagsAll") or {}
            own = tags.own(aws.default_tags, all_tags, known.get("tags") or {})
            observed = {**observed, "tagsAll": all_tags, "tags": own}
        return settled(self.resource, self.schema.inputs, known, {**observed, **self._region(aws)})

    def _region(self, aws: Aws) -> Values:
        return {"region": aws.region} if "region" in self.schema.inputs else {}

    def _what(self, name: str) -> str:
        return f"{self.resource.token} '{name}'" if name else self.resource.token

    def _in_words(self, aws: Aws, action: str, name: str) -> AbstractContextManager[None]:
        return in_words(f"{action} {self._what(name)}", aws.clients.endpoint)


def _in_region(aws: Aws, values: Values) -> Aws:
    return replace(aws, region=values["region"]) if "region" in values else aws
