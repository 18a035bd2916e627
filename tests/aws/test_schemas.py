"""The tables of resources against pulumi_aws's classes, botocore's service models and CloudFormation's schemas.

``schema_sources.yaml`` says for each type what its inputs are called elsewhere, and lists every difference with its
reason: one that is not listed fails, and so does one that is listed and no longer there.
"""

from __future__ import annotations

import importlib
import inspect
import re
import typing
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import botocore.session
import pytest
import yaml
from botocore.model import ListShape, Shape, StructureShape
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from pulumi import _types as sdk

from mesh_infra.aws.resources import SCHEMAS
from mesh_infra.aws.schema import Prop

SOURCES = yaml.safe_load(Path(__file__).with_name("schema_sources.yaml").read_text(encoding="utf-8"))
TOKENS = sorted(SCHEMAS)

# pulumi_aws warns of its old names while it reads its own annotations.
pytestmark = pytest.mark.filterwarnings("ignore:.*V2 has been deprecated:DeprecationWarning")

Found = set[tuple[str, str]]
"""Differences: what differs, and where (``rules[].status``)."""


def listed(token: str, source: str) -> Found:
    differences = SOURCES[token].get(source, {}).get("differences", [])
    return {(entry["what"], path) for entry in differences for path in entry["inputs"] if entry["because"]}


def inputs_of(fields: Mapping[str, Prop], above: str = "") -> Iterator[tuple[str, Prop]]:
    """Every input at any depth, the elements of lists and sets left out (``rules[].status``, not ``rules[]``)."""
    for key, prop in fields.items():
        path = f"{above}{key}"
        yield path, prop
        yield from inputs_of(fields_of(prop), f"{path}[]." if prop.item else f"{path}.")


def fields_of(prop: Prop) -> Mapping[str, Prop]:
    return prop.item.fields if prop.item else prop.fields


def kind_of(prop: Prop) -> str:
    """A list of texts and a set of texts look alike to all sources."""
    match prop.kind:
        case "list" | "set":
            assert prop.item is not None
            return f"list of {kind_of(prop.item)}"
        case kind:
            return kind


# What holds of every table


@pytest.mark.parametrize("token", TOKENS)
def test_a_table_is_consistent(token: str) -> None:
    schema = SCHEMAS[token]
    assert schema.token == token
    assert not set(schema.outputs) & schema.inputs.keys()
    for groups, fields in [(schema.exactly_one_of, schema.inputs)] + [
        (prop.exactly_one_of, prop.fields) for _, prop in inputs_of(schema.inputs)
    ]:
        for group in groups:
            assert all(not fields[key].required for key in group)
    for path, prop in inputs_of(schema.inputs):
        assert (prop.item is not None) == (prop.kind in ("list", "set")), path
        assert prop.kind == "object" or not prop.fields, path
        assert not (prop.required and (prop.computed or prop.default is not None)), path
        assert not (prop.replaces and prop.replaces_as_whole), path
        assert list(prop.values) == sorted(set(prop.values)), path
        assert prop.default is None or not prop.values or prop.default in prop.values, path


def test_what_holds_data_is_marked() -> None:
    assert {token for token, schema in SCHEMAS.items() if schema.holds_data} == {
        "aws:glue/catalogDatabase:CatalogDatabase",
        "aws:kms/key:Key",
        "aws:s3/bucket:Bucket",
    }


def test_sources_are_named_for_every_type() -> None:
    assert sorted(SOURCES) == TOKENS


# pulumi_aws


def sdk_classes(token: str) -> tuple[type, type]:
    """The class of a resource's arguments and the one of its state, from the module that defines it."""
    package, name = token.removeprefix("aws:").split("/")[0], token.rsplit(":", maxsplit=1)[-1]
    resource = getattr(importlib.import_module(f"pulumi_aws.{package}"), name)
    assert resource.pulumi_type == token
    module = importlib.import_module(resource.__module__)
    # The SDK's second choice of a name, where an inline block of another resource has taken the first.
    arguments = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")
    return arguments, getattr(module, f"_{name}State")


def sdk_names(arguments: type) -> dict[str, str]:
    return dict(sdk.input_type_py_to_pulumi_names(arguments))


class SdkInput(typing.NamedTuple):
    path: str
    kind: str
    required: bool
    deprecated: bool
    doc: str


def sdk_inputs(arguments: type, above: str = "") -> Iterator[SdkInput]:
    """Every input at any depth."""
    parameters = inspect.signature(arguments).parameters
    types = sdk.input_type_types(arguments)
    for python_name, name in sdk_names(arguments).items():
        path = f"{above}{name}"
        # Resources know their inputs by Python's name, objects inside them by Pulumi's.
        kind, inner = sdk_kind(types.get(python_name) or types[name])
        getter = getattr(arguments, python_name).fget
        yield SdkInput(
            path,
            kind,
            required=parameters[python_name].default is inspect.Parameter.empty,
            deprecated=hasattr(getter, "_pulumi_deprecated_callable"),
            doc=getter.__doc__ or "",
        )
        if inner is not None:
            yield from sdk_inputs(inner, f"{path}[]." if kind.startswith("list") else f"{path}.")


def sdk_kind(annotation: object) -> tuple[str, type | None]:
    plain = {str: "string", bool: "bool", int: "int"}
    if isinstance(annotation, type) and annotation in plain:
        return plain[annotation], None
    if isinstance(annotation, type) and sdk.is_input_type(annotation):
        return "object", annotation
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is dict or origin is Mapping:
        return "map", None
    if origin is list or origin is Sequence:
        kind, inner = sdk_kind(unwrapped(arguments[0]))
        return f"list of {kind}", inner
    # Several forms of a text: an enumeration, or a policy document that the SDK turns into its text.
    assert origin is typing.Union, annotation
    return "string", None


def unwrapped(annotation: object) -> object:
    """``T`` from ``Input[T]``, which is a union of T, Awaitable[T] and Output[T]."""
    arguments = typing.get_args(annotation)
    return arguments[0] if typing.get_origin(annotation) is typing.Union else annotation


@pytest.mark.parametrize("token", TOKENS)
def test_inputs_are_those_of_pulumi_aws(token: str) -> None:
    ours = dict(inputs_of(SCHEMAS[token].inputs))
    theirs = {given.path: given for given in sdk_inputs(sdk_classes(token)[0])}
    found: Found = {("only here", path) for path in ours.keys() - theirs.keys()}
    for path in outermost(theirs.keys() - ours.keys()):
        found.add(("only there, deprecated" if theirs[path].deprecated else "only there", path))
    for path in ours.keys() & theirs.keys():
        if kind_of(ours[path]) != theirs[path].kind:
            found.add((f"{kind_of(ours[path])} here, {theirs[path].kind} there", path))
        if ours[path].required != theirs[path].required:
            found.add(("required here alone" if ours[path].required else "required there", path))
        default = documented_default(theirs[path].doc)
        if default is not None and not ours[path].computed and default != default_of(ours[path]):
            found.add((f"default {default} there", path))
    assert found == listed(token, "pulumi_aws")


def documented_default(doc: str) -> str | None:
    found = re.search(r"[Dd]efaults to `(\w+)`", doc)
    return found[1] if found else None


def default_of(prop: Prop) -> str:
    """As the documentation writes it; what has no default is taken for empty."""
    nothing: Mapping[str, bool | int | str] = {"bool": False, "int": 0}
    default = nothing.get(prop.kind, "") if prop.default is None else prop.default
    return str(default).lower() if isinstance(default, bool) else str(default)


def outermost(paths: set[str]) -> set[str]:
    """The paths that are not inside another of them."""
    return {path for path in paths if not any(path.startswith((f"{other}.", f"{other}[")) for other in paths)}


@pytest.mark.parametrize("token", TOKENS)
def test_outputs_are_those_of_pulumi_aws(token: str) -> None:
    inputs, state = (set(sdk_names(classes).values()) for classes in sdk_classes(token))
    assert set(SCHEMAS[token].outputs) == state - inputs


# botocore


@cache
def service_model(service: str) -> typing.Any:  # noqa: ANN401  # botocore has no types
    return botocore.session.get_session().get_service_model(service)


def member(shape: Shape, names: str) -> tuple[Shape, bool] | None:
    """The member at the end of ``A.B.C``, and whether every step to it is required."""
    required = True
    for name in names.split("."):
        if not isinstance(shape, StructureShape) or name not in shape.members:
            return None
        required = required and name in shape.required_members
        shape = shape.members[name]
    return shape, required


def api_kind(shape: Shape) -> str:
    if isinstance(shape, ListShape):
        if isinstance(shape.member, StructureShape) and {name.removeprefix("Tag") for name in shape.member.members} == {
            "Key",
            "Value",
        }:
            return "map"
        return f"list of {api_kind(shape.member)}"
    kind: str = shape.type_name
    names = {"structure": "object", "boolean": "bool", "integer": "int", "long": "int", "timestamp": "string"}
    return names.get(kind, kind)


def api_differences(
    fields: Mapping[str, Prop], shape: Shape, names: Mapping[str, str], above: str = ""
) -> Iterator[tuple[str, str]]:
    for key, prop in fields.items():
        path = f"{above}{key}"
        found = member(shape, names.get(path, key[0].upper() + key[1:]))
        if found is None:
            yield "only here", path
            continue
        theirs, required = found
        if kind_of(prop) != api_kind(theirs):
            yield f"{kind_of(prop)} here, {api_kind(theirs)} there", path
        if required and not prop.required and prop.default is None:
            yield "required there", path
        inner = theirs.member if isinstance(theirs, ListShape) else theirs
        values, enum = set((prop.item or prop).values), set(getattr(inner, "enum", []))
        if values - enum:
            yield f"values only here: {', '.join(sorted(values - enum))}", path
        if enum - values:
            yield f"values only there: {', '.join(sorted(enum - values))}", path
        yield from api_differences(fields_of(prop), inner, names, f"{path}[]." if prop.item else f"{path}.")


@pytest.mark.parametrize("token", TOKENS)
def test_inputs_are_those_of_the_service_api(token: str) -> None:
    source = SOURCES[token]["botocore"]
    service, shape = source["shape"].split(".")
    root = service_model(service).shape_for(shape)
    # The provider's own: which endpoint it calls, and for how long.
    inputs = {key: prop for key, prop in SCHEMAS[token].inputs.items() if key not in ("region", "timeouts")}
    found = set(api_differences(inputs, root, source.get("names", {})))
    assert found == listed(token, "botocore")


# CloudFormation


def cloudformation_schema(type_name: str) -> Mapping[str, typing.Any]:
    return dict(PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_name).schema)


@pytest.mark.parametrize("token", [token for token in TOKENS if "cloudformation" in SOURCES[token]])
def test_what_replaces_is_what_cloudformation_says(token: str) -> None:
    source = SOURCES[token]["cloudformation"]
    theirs = cloudformation_schema(source["type"])
    create_only = {path.removeprefix("/properties/") for path in theirs.get("createOnlyProperties", [])}
    names = {path: path[0].upper() + path[1:] for path in SCHEMAS[token].inputs} | source.get("names", {})
    found: Found = {("replaces there alone", name) for name in create_only - set(names.values())}
    for path, prop in inputs_of(SCHEMAS[token].inputs):
        if names.get(path) in theirs["properties"]:
            replaces = prop.replaces or prop.replaces_as_whole
            if replaces != (names[path] in create_only):
                found.add(("replaces here alone" if replaces else "replaces there alone", path))
    assert found == listed(token, "cloudformation")
