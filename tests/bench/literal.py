"""A plain Pulumi program that registers what a mesh declares, from literals: nobody would want to write it by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mesh_infra.manifest.model import Manifest
from mesh_infra.resources.declared import Declared, Json, Options, Ref, Value

_HEAD = """\
import pulumi
import pulumi_aws as aws

provider = aws.Provider("aws", region={region!r}, allowed_account_ids=[{account!r}], default_tags={tags!r})
"""


def literal_program(manifest: Manifest, declared: tuple[Declared, ...]) -> str:
    """The text of a ``__main__.py`` with the same components, resources, inputs and dependencies.

    Without the hooks that narrow filters ahead of their tables, and without any check.
    """
    names = {resource.key: f"r{number}" for number, resource in enumerate(declared)}
    head = _HEAD.format(region=manifest.region, account=manifest.account, tags={"tags": dict(manifest.tags)})
    return head + "".join(_statement(resource, names) for resource in declared)


def _statement(resource: Declared, names: Mapping[str, str]) -> str:
    name = names[resource.key]
    options = _options(resource, names)
    if resource.is_component:
        return f"{name} = pulumi.ComponentResource({resource.type!r}, {resource.name!r}, {{}}, {options})\n"
    module, _, kind = resource.type.removeprefix("aws:").partition(":")
    inputs = "".join(f", {_snake(key)}={_code(value, names)}" for key, value in resource.inputs.items())
    return f"{name} = aws.{module.partition('/')[0]}.{kind}({resource.name!r}, opts={options}{inputs})\n"


def _options(resource: Declared, names: Mapping[str, str]) -> str:
    given: Options = resource.options
    written = {
        "parent": names[resource.parent] if resource.parent else "",
        "provider": "" if resource.is_component else "provider",
        "depends_on": f"[{', '.join(names[key] for key in given.depends_on)}]" if given.depends_on else "",
        "protect": "True" if given.protect else "",
        "retain_on_delete": "True" if given.retain_on_delete else "",
        "delete_before_replace": "True" if given.delete_before_replace else "",
        "replace_on_changes": repr(list(given.replace_on_changes)) if given.replace_on_changes else "",
        "ignore_changes": repr(list(given.ignore_changes)) if given.ignore_changes else "",
    }
    return f"pulumi.ResourceOptions({', '.join(f'{name}={code}' for name, code in written.items() if code)})"


def _code(value: Value | object, names: Mapping[str, str]) -> str:
    match value:
        case Ref(key, output):
            return f"{names[key]}.{_snake(output)}"
        case Json(document):
            return f"pulumi.Output.json_dumps({_code(document, names)}, sort_keys=True)"
        case str():
            return repr(value)
        case Mapping():
            return "{" + ", ".join(f"{key!r}: {_code(inner, names)}" for key, inner in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(_code(inner, names) for inner in value) + "]"
        case _:
            return repr(value)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
