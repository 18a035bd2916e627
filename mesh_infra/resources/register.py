"""register(declared): hand the declared resources to the Pulumi engine; the only place that knows pulumi_aws."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import pulumi
import pulumi_aws

from mesh_infra.resources.declared import Declared, Json, Options, Ref, Value
from mesh_infra.resources.domain import FILTER, TABLE

Narrow = Callable[[Mapping[str, Any]], bool]
"""Narrows the filter with this ``tableData``; says whether it did anything."""


def provider_option_names() -> tuple[str, ...]:
    """The options of the AWS provider, as they are called in the ``aws:`` configuration."""
    parameters = inspect.signature(pulumi_aws.Provider._internal_init).parameters
    return tuple(_camel(name) for name in parameters if name not in ("__self__", "resource_name", "opts", "__props__"))


def make_provider(options: Mapping[str, Any], secrets: Iterable[str]) -> pulumi_aws.Provider:
    """The one explicit provider of the stack. ``secrets``: options whose values Pulumi must encrypt in its state."""
    hidden = set(secrets)
    values = {_snake(name): pulumi.Output.secret(v) if name in hidden else v for name, v in options.items()}
    return pulumi_aws.Provider("aws", None, **values)


def register(declared: tuple[Declared, ...], provider: pulumi.ProviderResource, narrow: Narrow) -> None:
    """Register every resource, in order: what is referred to stands before what refers to it."""
    made: dict[str, pulumi.Resource] = {}
    filters = {resource.options.depends_on[0]: resource for resource in declared if resource.type == FILTER}
    for resource in declared:
        options = _options(resource.options, made, made.get(resource.parent))
        if resource.is_component:
            made[resource.key] = pulumi.ComponentResource(resource.type, resource.name, {}, options)
            continue
        options.provider = provider
        if resource.type == TABLE and resource.key in filters:
            options.hooks = pulumi.ResourceHookBinding(before_update=[_narrowing(filters[resource.key], narrow)])
        inputs = {_snake(name): _resolve(value, made) for name, value in resource.inputs.items()}
        made[resource.key] = _resource_class(resource.type)(resource.name, opts=options, **inputs)


def _narrowing(data_filter: Declared, narrow: Narrow) -> pulumi.ResourceHook:
    wanted: Any = data_filter.inputs["tableData"]

    def before_update(_: pulumi.ResourceHookArgs) -> None:
        narrow(wanted)

    return pulumi.ResourceHook(f"narrow {data_filter.name}", before_update)


def _options(
    options: Options, made: Mapping[str, pulumi.Resource], parent: pulumi.Resource | None
) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(
        parent=parent,
        depends_on=[made[key] for key in options.depends_on],
        protect=options.protect or None,
        retain_on_delete=options.retain_on_delete or None,
        delete_before_replace=options.delete_before_replace or None,
        replace_on_changes=list(options.replace_on_changes) or None,
        ignore_changes=list(options.ignore_changes) or None,
    )


def _resolve(value: Value | object, made: Mapping[str, pulumi.Resource]) -> Any:  # noqa: ANN401 - any input of any resource
    match value:
        case Ref(key, output):
            return getattr(made[key], _snake(output))
        case Json(document):
            return pulumi.Output.json_dumps(_resolve(document, made), sort_keys=True)
        case str():
            return value
        case Mapping():
            return {name: _resolve(inner, made) for name, inner in value.items()}
        case list() | tuple():
            return [_resolve(inner, made) for inner in value]
        case _:
            return value


@cache
def _resource_class(token: str) -> Callable[..., pulumi.CustomResource]:
    # "aws:s3/bucket:Bucket" is pulumi_aws.s3.Bucket (Pulumi, "Package schema": tokens are package:module/file:type).
    module, _, name = token.removeprefix("aws:").partition(":")
    found: Callable[..., pulumi.CustomResource] = getattr(
        importlib.import_module(f"pulumi_aws.{module.partition('/')[0]}"), name
    )
    return found


@cache
def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@cache
def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
