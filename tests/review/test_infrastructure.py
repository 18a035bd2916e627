"""What a change does to resources, from declare() of both sides."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings

from mesh_infra.review.infrastructure import infrastructure_changes
from mesh_infra.review.model import InfrastructureChange
from mesh_infra.spec.model import Spec
from tests.meshes import CONTRACT, DOMAIN, MESH, read_spec
from tests.strategies import specs

TABLE = "aws:glue/catalogTable:CatalogTable"
ORDERS = "contracts/sales/orders.yaml"


def _ops(root: Path, base: dict[str, str], head: dict[str, str]) -> list[tuple[str, str, str]]:
    changes = infrastructure_changes(read_spec(root / "base", base), read_spec(root / "head", head))
    return [(change.op, change.type.rsplit(":", 1)[-1], change.name) for change in changes]


@given(specs())
@settings(max_examples=25, deadline=None)
def test_nothing_changes_between_a_mesh_and_itself(spec: Spec) -> None:
    assert infrastructure_changes(spec, spec) == ()


@given(specs(), specs())
@settings(max_examples=15, deadline=None)
def test_there_and_back_mirror_each_other(one: Spec, other: Spec) -> None:
    mirror = {"create": "delete", "delete": "create", "update": "update", "replace": "replace"}
    # What HEAD declares says which inputs are ignored: for Iceberg tables those that say what kind of table it is.
    iceberg = {
        f"{c.domain}.{c.dataset}_v{c.major}" for c in (*one.contracts, *other.contracts) if c.format == "iceberg"
    }

    def changes(base: Spec, head: Spec) -> list[InfrastructureChange]:
        return [c for c in infrastructure_changes(base, head) if c.type != TABLE or c.name not in iceberg]

    there = {(change.stack, change.op, change.type, change.name) for change in changes(one, other)}
    back = changes(other, one)
    assert there == {(change.stack, mirror[change.op], change.type, change.name) for change in back}


def test_a_permission_edited(tmp_path: Path) -> None:
    assert _ops(tmp_path, {}, {ORDERS: CONTRACT.replace("read_masked", "read")}) == [
        ("delete", "DataCellsFilter", "sales.orders_v1.masked"),
        ("replace", "Permissions", "sales.orders_v1.marketing"),
    ]


def test_a_column_added_updates_table_and_filter_in_place(tmp_path: Path) -> None:
    added = CONTRACT.replace("access_policy", "  - {name: amount, type: bigint}\naccess_policy")
    assert _ops(tmp_path, {}, {ORDERS: added}) == [
        ("update", "CatalogTable", "sales.orders_v1"),
        ("update", "DataCellsFilter", "sales.orders_v1.masked"),
    ]


def test_what_loses_data_stands_out(tmp_path: Path) -> None:
    base, head = read_spec(tmp_path / "a", {"domains/new.yaml": DOMAIN.format(name="new")}), read_spec(tmp_path / "b")
    found = {change.type.rsplit(":", 1)[-1]: change for change in infrastructure_changes(base, head)}
    assert {name for name, change in found.items() if change.data_loss} == {"CatalogDatabase"}
    assert {name for name, change in found.items() if change.protected} == {"Bucket", "CatalogDatabase", "Key"}
    guards = {name for name in found if name.startswith("Bucket")}
    assert len(guards) == 7
    assert {name for name, change in found.items() if change.kept} == {*guards, "Alias", "Key"}


def test_what_comes_or_is_updated_is_neither_kept_nor_protected(tmp_path: Path) -> None:
    base, head = read_spec(tmp_path / "a"), read_spec(tmp_path / "b", {"domains/new.yaml": DOMAIN.format(name="new")})
    assert not any(change.kept or change.protected for change in infrastructure_changes(base, head))


def test_a_new_prefix_replaces_what_is_named_after_it(tmp_path: Path) -> None:
    base = read_spec(tmp_path / "a")
    head = read_spec(tmp_path / "b", {"mesh.yaml": MESH.replace("acme-dev", "acme-two")})
    found = {(change.op, change.type.rsplit(":", 1)[-1]): change for change in infrastructure_changes(base, head)}
    assert found["replace", "CatalogDatabase"].replaced_by == ("name",)
    assert found["replace", "Role"].replaced_by == ("name",)
    assert ("update", "Key") in found


def test_a_new_region_replaces_what_is_regional(tmp_path: Path) -> None:
    base = read_spec(tmp_path / "a")
    head = read_spec(tmp_path / "b", {"mesh.yaml": MESH.replace("eu-west-1", "eu-north-1")})
    found = {(change.op, change.type.rsplit(":", 1)[-1]): change for change in infrastructure_changes(base, head)}
    assert found["replace", "Bucket"].replaced_by == ("region",)
    assert found["replace", "Permissions"].replaced_by == ("region",)
    assert ("replace", "Role") not in found


def test_a_new_organization_changes_only_tags_where_the_prefix_stays(tmp_path: Path) -> None:
    base = read_spec(tmp_path / "a")
    head = read_spec(tmp_path / "b", {"mesh.yaml": MESH.replace("organization: acme", "organization: globex")})
    changes = infrastructure_changes(base, head)
    assert {(change.op, change.inputs) for change in changes} == {("update", ('tagsAll["mesh:organization"]',))}
