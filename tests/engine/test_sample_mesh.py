"""The sample mesh of this repository: up, nothing to do, down to nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mesh_infra.checks import check_mesh
from mesh_infra.manifest.build import build_manifest
from mesh_infra.resources.declare import declare
from mesh_infra.resources.declared import Declared, Json, Ref
from tests.engine.harness import REPOSITORY, LocalMesh, local_mesh
from tests.engine.leftovers import everything

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def empty_and_mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, list[str]], LocalMesh]]:
    with local_mesh(tmp_path_factory.mktemp("sample")) as mesh:
        before = everything(mesh)
        mesh.up()
        yield before, mesh


@pytest.fixture(scope="module")
def mesh(empty_and_mesh: tuple[dict[str, list[str]], LocalMesh]) -> LocalMesh:
    return empty_and_mesh[1]


BASE_TAGS = {"mesh:environment": "local", "mesh:organization": "acme"}


def _declared() -> tuple[Declared, ...]:
    spec, findings = check_mesh(REPOSITORY)
    assert spec is not None, findings
    return declare(build_manifest(spec, "local"))


def test_a_second_preview_shows_nothing(mesh: LocalMesh) -> None:
    assert mesh.pulumi("preview", "--expect-no-changes").code == 0


def test_a_refresh_shows_nothing(mesh: LocalMesh) -> None:
    assert mesh.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes").code == 0


def test_the_engine_received_what_was_declared(mesh: LocalMesh) -> None:
    state = {f"{entry['type']}::{entry['urn'].rsplit('::', 1)[-1]}": entry for entry in mesh.state()}
    declared = _declared()
    ours = {key for key, entry in state.items() if not entry["type"].startswith("pulumi:")}
    assert {resource.key for resource in declared} == ours
    for resource in declared:
        received = state[resource.key].get("inputs", {})
        # What the provider's check adds to what it was sent: the tags that it takes from its own configuration.
        every_tag = received.pop("tagsAll", {})
        assert not every_tag or every_tag == {**BASE_TAGS, **received.get("tags", {})}
        assert _plain(received) == _resolved(resource.inputs, state), resource.key
        assert set(resource.options.depends_on) <= {_key(urn) for urn in state[resource.key].get("dependencies", ())}
        assert state[resource.key].get("protect", False) == resource.options.protect


def _key(urn: str) -> str:
    type_, name = urn.split("::")[2:4]
    return f"{type_.rsplit('$', 1)[-1]}::{name}"


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items() if key != "__defaults"}
        case list():
            return [_plain(inner) for inner in value]
        case _:
            return value


def _resolved(value: Any, state: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    match value:
        case Ref(key, output):
            return state[key]["outputs"][output]
        case Json(document):
            return json.dumps(_resolved(document, state), sort_keys=True)
        case str() | bool() | int() | None:
            return value
        case list() | tuple():
            return [_resolved(inner, state) for inner in value]
        case _:
            return {key: _resolved(inner, state) for key, inner in value.items()}


def test_every_part_of_the_manifest_is_there(mesh: LocalMesh) -> None:
    spec, _ = check_mesh(REPOSITORY)
    assert spec is not None
    manifest = build_manifest(spec, "local")
    found = everything(mesh)
    assert manifest.platform is not None
    datasets = [dataset for domain in manifest.domains for dataset in domain.datasets]
    assert sorted(found["buckets"]) == sorted(
        [manifest.platform.results_bucket, *(domain.bucket for domain in manifest.domains)]
    )
    assert sorted(found["databases"]) == sorted(domain.database for domain in manifest.domains)
    assert sorted(found["tables"]) == sorted(f"{dataset.database}.{dataset.table}" for dataset in datasets)
    assert sorted(found["filters"]) == sorted(f"{dataset.table}.masked" for dataset in datasets if dataset.filter)
    assert sorted(found["workgroups"]) == sorted(role.workgroup for role in manifest.platform.roles if role.workgroup)
    assert sorted(found["locations"]) == sorted(domain.registration.arn for domain in manifest.domains)


def test_masked_readers_see_no_personal_column(mesh: LocalMesh) -> None:
    filters = mesh.aws("lakeformation").list_data_cells_filter()["DataCellsFilters"]
    columns = {entry["TableName"]: entry["ColumnNames"] for entry in filters}
    assert set(columns["checkout_orders_summary_v1"]) == {"order_id", "total_amount"}
    assert set(columns["tickets_v1"]) == {"ticket_id", "topic", "satisfaction", "opened_at", "closed_at"}
    assert not {"customer_email", "customer_phone", "margin"} & set(columns["sales_orders_v1"])
    assert "day" in columns["delivery_status_v1"]


def test_a_consumer_can_assume_its_role_and_use_its_workgroup(mesh: LocalMesh) -> None:
    role = mesh.aws("iam").get_role(RoleName="acme-mesh-local-marketing")["Role"]
    statement = role["AssumeRolePolicyDocument"]["Statement"][0]
    assert statement["Principal"] == {"AWS": ["arn:aws:iam::123456789012:root"]}
    group = mesh.aws("athena").get_work_group(WorkGroup="acme-mesh-local-marketing")["WorkGroup"]
    assert group["Configuration"]["EnforceWorkGroupConfiguration"] is True
    location = group["Configuration"]["ResultConfiguration"]["OutputLocation"]
    assert location == "s3://acme-mesh-local-results-123456789012/marketing/"


def test_destroy_leaves_nothing(empty_and_mesh: tuple[dict[str, list[str]], LocalMesh]) -> None:
    before, mesh = empty_and_mesh
    mesh.pulumi("destroy", "--yes", "--skip-preview")
    assert everything(mesh) == before
    assert Path(mesh.root / ".mesh/local").is_dir()
