"""What declare() promises, over the sample mesh and over generated ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings

from mesh_infra.aws.resources import SCHEMAS
from mesh_infra.aws.resources.check import check
from mesh_infra.checks import check_mesh
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.model import Manifest
from mesh_infra.resources.declare import declare
from mesh_infra.resources.declared import Declared, Json, Ref
from mesh_infra.spec.model import Spec
from tests.engine.harness import REPOSITORY
from tests.meshes import MESH, read_spec
from tests.strategies import specs

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def _sample() -> Spec:
    spec, findings = check_mesh(REPOSITORY)
    assert spec is not None, findings
    return spec


@pytest.fixture(scope="module", params=["dev", "local"])
def manifest(request: pytest.FixtureRequest) -> Manifest:
    return build_manifest(_sample(), request.param)


def _refs(value: object) -> Iterator[Ref]:
    match value:
        case Ref():
            yield value
        case Json(document):
            yield from _refs(document)
        case dict():
            for inner in value.values():
                yield from _refs(inner)
        case list() | tuple():
            for inner in value:
                yield from _refs(inner)
        case _:
            return


def _plain(value: object) -> object:
    """The value as it reaches the provider in a preview, when references are not known yet."""
    match value:
        case Ref() | Json():
            return UNKNOWN
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _:
            return value


def _hold(declared: tuple[Declared, ...]) -> None:
    seen: set[str] = set()
    for resource in declared:
        assert resource.key not in seen
        needed = {ref.key for ref in _refs(dict(resource.inputs))} | set(resource.options.depends_on)
        needed |= {resource.parent} if resource.parent else set()
        assert needed <= seen, resource.key
        seen.add(resource.key)
        if not resource.is_component:
            schema = SCHEMAS[resource.type]
            plain = _plain(dict(resource.inputs))
            assert isinstance(plain, dict)
            assert check(schema, plain) == [], resource.key


def test_what_is_referred_to_stands_before_and_inputs_fit_the_tables(manifest: Manifest) -> None:
    _hold(declare(manifest))


@given(specs())
@settings(max_examples=30, deadline=None)
def test_the_same_holds_for_any_mesh(spec: Spec) -> None:
    _hold(declare(build_manifest(spec, "local")))


def test_everything_with_data_is_protected_but_in_the_local_environment() -> None:
    spec = _sample()
    for environment, protected in (("dev", True), ("local", False)):
        declared = declare(build_manifest(spec, environment))
        for resource in declared:
            kind = resource.type.rsplit(":", 1)[-1]
            expected = protected and kind in ("Bucket", "Key", "CatalogDatabase")
            assert resource.options.protect == expected, resource.key


def test_what_guards_a_bucket_stays_with_it_and_so_does_its_key() -> None:
    spec = _sample()
    kept = {resource.key for resource in declare(build_manifest(spec, "dev")) if resource.options.retain_on_delete}
    buckets = [key.partition("::")[2] for key in kept if key.startswith("aws:s3/bucket:Bucket::")]
    assert sorted(buckets) == sorted(("results", *(domain.domain for domain in spec.domains)))
    for resource in declare(build_manifest(spec, "dev")):
        guards = resource.type.startswith(("aws:s3/", "aws:kms/"))
        assert (resource.key in kept) == guards, resource.key
    assert not any(resource.options.retain_on_delete for resource in declare(build_manifest(spec, "local")))


def test_nothing_but_another_bucket_replaces_what_guards_one(manifest: Manifest) -> None:
    # What is replaced would be kept, too: an old policy or lifecycle, left behind on a bucket that goes on.
    for resource in declare(manifest):
        if resource.type.startswith("aws:s3/") and not resource.type.endswith(":Bucket"):
            inputs = SCHEMAS[resource.type].inputs
            assert [name for name in resource.inputs if inputs[name].replaces] == ["bucket"], resource.key


def test_nothing_replaces_a_key(manifest: Manifest) -> None:
    keys = [resource for resource in declare(manifest) if resource.type == "aws:kms/key:Key"]
    assert keys
    for key in keys:
        assert not any(SCHEMAS[key.type].inputs[name].replaces for name in key.inputs)


def test_a_part_declares_exactly_its_part_of_the_whole() -> None:
    spec = _sample()
    whole = {(resource.key, str(resource.inputs)) for resource in declare(build_manifest(spec, "dev"))}
    parts = [
        (resource.key, str(resource.inputs))
        for scope in ("platform", *(domain.domain for domain in spec.domains))
        for resource in declare(build_manifest(spec, "dev", scope))
    ]
    assert len(parts) == len(set(parts))
    assert set(parts) == whole


def test_no_column_name_stands_in_the_parameters_of_a_table() -> None:
    spec = _sample()
    for domain in build_manifest(spec, "dev").domains:
        for dataset in domain.datasets:
            text = " ".join(dataset.parameters) + " ".join(dataset.parameters.values())
            assert not [column.name for column in dataset.columns if column.sensitive and column.name in text]


def test_a_role_waits_for_the_roles_that_it_trusts(tmp_path: Path) -> None:
    roles = 'roles:\n  aaa: {trust: {dev: ["arn:aws:iam::111122223333:role/acme-dev-zzz"]}}\n  zzz: {}\n'
    declared = declare(build_manifest(read_spec(tmp_path, {"mesh.yaml": MESH + roles}), "dev"))
    _hold(declared)
    (waiting,) = (resource for resource in declared if resource.key == "aws:iam/role:Role::aaa")
    assert waiting.options.depends_on == ("aws:iam/role:Role::zzz",)
