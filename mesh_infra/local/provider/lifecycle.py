"""The life of a resource of any type, on plain values: check, diff, create, read, update, delete."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property

from mesh_infra.aws.resources.check import UNKNOWN, Changes, check, diff
from mesh_infra.aws.schema import Prop, ResourceSchema
from mesh_infra.local.provider import tags
from mesh_infra.local.provider.connection import Aws, in_words
from mesh_infra.local.provider.errors import IncompleteError, ProviderError
from mesh_infra.local.provider.observed import as_inputs, settled, with_computed
from mesh_infra.local.provider.policies import parsed
from mesh_infra.local.provider.resource import Resource, Update
from mesh_infra.local.provider.wire import Values


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change of inputs does; ``deletes_first``: the old resource must go before the new one can come."""

    changes: Changes
    deletes_first: bool

    @property
    def inputs(self) -> frozenset[str]:
        """The inputs that differ, whole."""
        return frozenset(map(_input_of, self.changes.by_path))

    @property
    def replacing(self) -> frozenset[str]:
        """Those of them for which a new resource must be made."""
        return frozenset(_input_of(path) for path, change in self.changes.by_path.items() if change.replaces)


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

    def diff(self, aws: Aws, old: Values, old_outputs: Values, new: Values) -> Difference:
        """What changes between two sets of checked inputs, and with the provider's region, which they may leave out."""
        if "region" in old_outputs:
            new = {**self._region(aws), **new}
        old = with_computed(self.schema.inputs, old, old_outputs, new)
        changes = self._changes(old, new)
        named_by = self.resource.named_by
        # Two resources of one given name cannot exist at once (the bridge: nameRequiresDeleteBeforeReplace).
        same_name = named_by in new and new[named_by] == old.get(named_by)
        return Difference(changes, deletes_first=changes.replaces and same_name)

    def _changes(self, old: Values, new: Values) -> Changes:
        same = {name for name in old.keys() & new.keys() if self.resource.means_same(name, old[name], new[name])}
        return diff(self.schema, old, {**new, **{name: old[name] for name in same}})

    def preview_create(self, aws: Aws, inputs: Values) -> Values:
        """The outputs of a resource that does not exist yet: what its inputs do not say is unknown."""
        fields = self.schema.inputs
        computed = {name for name, prop in fields.items() if prop.computed} - self.resource.unsupported
        defaults = {name: prop.default for name, prop in fields.items() if prop.default is not None}
        unknown = dict.fromkeys({*computed, *self.schema.outputs}, UNKNOWN)
        return {**unknown, **defaults, **self._region(aws), **inputs}

    def create(self, aws: Aws, inputs: Values) -> State:
        """Makes the resource; raises ``IncompleteError`` where it was made but could not be completed."""
        aws = _in_region(aws, inputs)
        with self._in_words(aws, "creating", str(inputs.get(self.resource.named_by, ""))):
            id_ = self.resource.create(aws, inputs)
        try:
            with self._in_words(aws, "creating", id_):
                self.resource.complete(aws, id_, inputs)
            outputs = self._observe(aws, id_, inputs)
        except ProviderError as error:
            raise IncompleteError(str(error), id_, inputs, {**self._region(aws), **inputs}) from error
        if outputs is None:
            raise ProviderError(f"creating {self._what(id_)}: it was gone again at once")
        return State(id_, inputs, outputs)

    def read(self, aws: Aws, id_: str, inputs: Values, outputs: Values) -> State | None:
        """The resource as it is now; None where it is gone. Without inputs and outputs: an import."""
        if not outputs and not self.resource.importable:
            raise ProviderError(f"{self.resource.kind} cannot be imported, neither here nor with pulumi-aws")
        now = self._observe(_in_region(aws, outputs), id_, outputs)
        return State(id_, as_inputs(self.schema.inputs, inputs, now), now) if now is not None else None

    def preview_update(self, old_inputs: Values, old_outputs: Values, new: Values) -> Values:
        """The outputs after an update: what no input gave stays."""
        given = {name for name, prop in self.schema.inputs.items() if not prop.computed} & old_inputs.keys()
        return {**{name: value for name, value in old_outputs.items() if name not in given}, **new}

    def update(self, aws: Aws, id_: str, old_inputs: Values, old_outputs: Values, new: Values) -> Values:
        """Changes the resource in place and returns its outputs."""
        aws = _in_region(aws, old_outputs)
        changed = frozenset(map(_input_of, self._changes(old_inputs, new).by_path))
        # The engine asks for an update without a change to mend an incomplete creation: then everything is sent again.
        with self._in_words(aws, "updating", id_):
            self.resource.update(aws, id_, Update(old_outputs, new, changed or frozenset(new)))
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
            own = tags.own(aws.default_tags, all_tags, known.get("tags", {}))
            observed = {**observed, "tagsAll": all_tags, "tags": own if own or "tags" in known else None}
        return settled(self.resource, self.schema.inputs, known, {**observed, **self._region(aws)})

    def _region(self, aws: Aws) -> Values:
        return {"region": aws.region} if "region" in self.schema.inputs else {}

    def _what(self, name: str) -> str:
        return f"{self.resource.kind} '{name}'" if name else self.resource.kind

    def _in_words(self, aws: Aws, action: str, name: str) -> AbstractContextManager[None]:
        return in_words(f"{action} {self._what(name)}", aws.clients.endpoint)


def _in_region(aws: Aws, values: Values) -> Aws:
    return replace(aws, region=values["region"]) if "region" in values else aws


def _input_of(path: str) -> str:
    """The input that a property path begins with."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]
