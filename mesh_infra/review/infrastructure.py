"""What a change does to the infrastructure: what `pulumi preview` would say, without an engine or a deployed stack."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from mesh_infra.aws.resources import SCHEMAS
from mesh_infra.aws.resources.check import Changes, diff
from mesh_infra.manifest.model import Manifest
from mesh_infra.manifest.stacks import stacks_of
from mesh_infra.resources.declare import declare
from mesh_infra.resources.declared import Declared, Json, Ref
from mesh_infra.review.approvers import with_approvers
from mesh_infra.review.environments import new_names
from mesh_infra.review.manifests import Manifests
from mesh_infra.review.model import InfrastructureChange, Operation
from mesh_infra.spec.model import Spec

_ORDER: tuple[Operation, ...] = ("delete", "replace", "update", "create")

_PATH_BEGINS = re.compile(r"[.\[]")
"""What follows the name of an input in a property path."""


def infrastructure_changes(
    base: Spec, head: Spec, manifests: Manifests | None = None
) -> tuple[InfrastructureChange, ...]:
    """The resources created, updated, replaced and deleted in every stack of mesh.yaml's environments.

    Sorted by stack, then what is lost first. Components are left out: they are nothing on AWS. ``manifests`` are those
    of both sides, as far as they differ. Where an environment is called otherwise its stacks are taken to be renamed
    with it, which the finding ``environment-removed`` asks for.
    """
    manifests = manifests or Manifests()
    before, after = _stacks(base, new_names(base.mesh, head.mesh)), _stacks(head, {})
    found = [
        change
        for stack in sorted({*before, *after})
        for change in compare(
            stack, _part(base, before.get(stack), manifests), _part(head, after.get(stack), manifests)
        )
    ]
    return sorted_changes(with_approvers(found, base, head))


def sorted_changes(changes: Iterable[InfrastructureChange]) -> tuple[InfrastructureChange, ...]:
    """Changes by stack, then what is lost first."""
    return tuple(sorted(changes, key=lambda change: (change.stack, _ORDER.index(change.op), change.type, change.name)))


_Part = tuple[str, str | None]


def _stacks(spec: Spec, renamed: Mapping[str, str]) -> dict[str, _Part]:
    """What each stack holds; ``renamed``: what environments are called otherwise."""
    return {
        renamed.get(environment, environment) + stack.name.removeprefix(environment): (environment, stack.scope)
        for environment in spec.mesh.environments
        for stack in stacks_of(spec, environment)
    }


def _part(spec: Spec, part: _Part | None, manifests: Manifests) -> Manifest | None:
    return manifests.of_stack(spec, *part) if part else None


def _filled_in(resource: Declared, manifest: Manifest) -> Declared:
    """The resource with the inputs that pulumi-aws fills in: its region, and its default tags below the resource's own.

    pulumi-aws, "7.0 migration guide" (the region of each resource) and "AWS provider: default tags" (``tagsAll``).
    """
    known, own = SCHEMAS[resource.type].inputs, resource.inputs.get("tags")
    filled = dict(resource.inputs)
    if "region" in known:
        filled["region"] = manifest.region
    if "tags" in known:
        filled["tagsAll"] = {**manifest.tags, **(own if isinstance(own, Mapping) else {})}
    return replace(resource, inputs=filled)


def compare(stack: str, base: Manifest | None, head: Manifest | None) -> Iterator[InfrastructureChange]:
    """The changes from one manifest of a stack to another, as the engine would plan them; None: it is not there."""
    old, new = _declared(base), _declared(head)
    for key, resource in old.items():
        if key not in new:
            yield _change(stack, "delete", resource)
    if base is None or head is None:
        yield from (_change(stack, "create", resource) for resource in new.values())
        return
    # The rest of what the provider fills in is a function of these.
    filled_alike = (base.region, base.tags) == (head.region, head.tags)
    replaced: set[str] = set()
    for key, resource in new.items():
        if key not in old:
            yield _change(stack, "create", resource)
            continue
        if filled_alike and old[key].inputs == resource.inputs and not _refers(resource.inputs, replaced):
            continue
        changes = _changes(_filled_in(old[key], base), _filled_in(resource, head), replaced)
        if not changes:
            continue
        forced = _forcing(resource, changes)
        if forced:
            replaced.add(key)
        # What is lost is lost with the old resource, whose options are those that Pulumi has recorded.
        yield _change(stack, "replace" if forced else "update", old[key], tuple(changes.by_path), forced)


def _declared(manifest: Manifest | None) -> dict[str, Declared]:
    resources = declare(manifest) if manifest else ()
    return {resource.key: resource for resource in resources if not resource.is_component}


def _refers(value: object, keys: Collection[str]) -> bool:
    """Whether an output of one of these resources stands somewhere in a value."""
    if not keys:
        return False
    match value:
        case str() | bool() | int() | None:  # nearly all of it
            return False
        case Ref(key, _):
            return key in keys
        case Json(document):
            return _refers(document, keys)
        case Mapping():
            return any(_refers(inner, keys) for inner in value.values())
        case list() | tuple():
            return any(_refers(inner, keys) for inner in value)
        case _:
            return False


def _changes(old: Declared, new: Declared, replaced: set[str]) -> Changes:
    """``replaced``: keys of what is replaced already, and whose outputs are therefore not known."""
    before = {name: _plain(value, set()) for name, value in old.inputs.items()}
    after = {name: _plain(value, replaced) for name, value in new.inputs.items()}
    for name in new.options.ignore_changes:
        after.pop(name, None)
        after |= {name: before[name]} if name in before else {}
    return diff(SCHEMAS[new.type], before, after)


def _plain(value: object, replaced: set[str]) -> object:
    match value:
        case Ref(key, output):
            return f"{key}.{output}" + (" (new)" if key in replaced else "")
        case Json(document):
            return json.dumps(_plain(document, replaced), sort_keys=True)
        case str():
            return value
        case Mapping():
            return {name: _plain(inner, replaced) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner, replaced) for inner in value]
        case _:
            return value


def _forcing(resource: Declared, changes: Changes) -> tuple[str, ...]:
    """The inputs that force a replacement, by the resource's schema or by its own options.

    They are named whole, without the path inside, as providers name them (Pulumi, provider protocol: DiffResponse).
    """
    named = resource.options.replace_on_changes
    forcing = {
        _PATH_BEGINS.split(path, maxsplit=1)[0]
        for path, change in changes.by_path.items()
        if change.replaces or path.startswith(tuple(f"{name}." for name in named)) or path in named
    }
    return tuple(sorted(forcing))


def _change(
    stack: str,
    op: Operation,
    resource: Declared,
    inputs: tuple[str, ...] = (),
    replaced_by: tuple[str, ...] = (),
) -> InfrastructureChange:
    goes, options = op in ("delete", "replace"), resource.options
    return InfrastructureChange(
        stack,
        op,
        resource.type,
        resource.name,
        inputs,
        replaced_by,
        data_loss=goes and SCHEMAS[resource.type].holds_data and not options.retain_on_delete,
        kept=goes and options.retain_on_delete,
        protected=goes and options.protect,
    )
