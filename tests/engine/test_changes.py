"""Edits of a contract, deployed: what changes, what does not, and in which order AWS hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.harness import LocalMesh, local_mesh
from tests.engine.leftovers import grants

pytestmark = pytest.mark.engine

ORDERS = "contracts/sales/orders.yaml"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    with local_mesh(tmp_path_factory.mktemp("changes"), Path(__file__).parent / "small") as mesh:
        mesh.up()
        yield mesh


@pytest.fixture
def mesh(deployed: LocalMesh) -> Iterator[LocalMesh]:
    """The deployed mesh; what a test edits is put back and deployed."""
    original = (deployed.root / ORDERS).read_text()
    yield deployed
    if (deployed.root / ORDERS).read_text() != original:
        deployed.write(ORDERS, original)
        deployed.up()


def _visible(mesh: LocalMesh) -> set[str]:
    (found,) = mesh.aws("lakeformation").list_data_cells_filter()["DataCellsFilters"]
    return set(found["ColumnNames"])


def _writes_since(mesh: LocalMesh, mark: int) -> list[dict[str, Any]]:
    """The calls after ``mark`` that change something in Glue or Lake Formation."""
    return [
        call
        for call in mesh.calls()[mark:]
        if call["service"] in ("glue", "lakeformation")
        and call["action"].startswith(("Create", "Update", "Delete", "Grant", "Revoke", "Batch"))
    ]


def _actions(calls: list[dict[str, Any]]) -> list[str]:
    return [call["action"] for call in calls]


def test_a_permission_edited_changes_only_that_permission(mesh: LocalMesh) -> None:
    mesh.edit(ORDERS, "role: marketing\n    permission: read_masked", "role: marketing\n    permission: read")
    changed = mesh.changes()
    assert {name for op, name in changed if op.endswith("replace") or op == "replace"} == {
        "Permissions sales.orders_v1.marketing"
    }
    # Nobody is masked any more, so the filter goes too.
    assert {name for op, name in changed if op == "delete"} == {"DataCellsFilter sales.orders_v1.masked"}
    mark = len(mesh.calls())
    mesh.up()
    assert {call["action"] for call in _writes_since(mesh, mark)} == {
        "RevokePermissions",
        "GrantPermissions",
        "DeleteDataCellsFilter",
    }
    principals = {
        call["body"]["Principal"]["DataLakePrincipalIdentifier"]
        for call in _writes_since(mesh, mark)
        if "Principal" in call["body"]
    }
    assert principals == {"arn:aws:iam::123456789012:role/small-mesh-local-marketing"}


def test_a_new_personal_column_is_never_seen_by_the_masked(mesh: LocalMesh) -> None:
    mesh.edit(ORDERS, "access_policy:", "  - name: phone\n    type: string\n    pii: true\naccess_policy:")
    assert mesh.changes() == [("update", "CatalogTable sales.orders_v1")]
    mesh.up()
    assert _visible(mesh) == {"order_id", "amount", "contact"}


def test_a_new_plain_column_is_seen_once_the_table_has_it(mesh: LocalMesh) -> None:
    mesh.edit(ORDERS, "access_policy:", "  - name: channel\n    type: string\naccess_policy:")
    mark = len(mesh.calls())
    mesh.up()
    assert _actions(_writes_since(mesh, mark)) == ["UpdateTable", "UpdateDataCellsFilter"]
    assert _visible(mesh) == {"order_id", "amount", "contact", "channel"}


def test_a_column_turned_personal_is_hidden_before_its_table_changes(mesh: LocalMesh) -> None:
    # The same change touches the table: a description, and a new column that the masked may see.
    mesh.edit(
        ORDERS,
        "description: How to reach the customer",
        "description: The customer's e-mail address or telephone number\n    pii: true",
    )
    mesh.edit(ORDERS, "access_policy:", "  - name: channel\n    type: string\naccess_policy:")
    before = _visible(mesh)
    mark = len(mesh.calls())
    mesh.up()
    writes = _writes_since(mesh, mark)
    assert _actions(writes) == ["UpdateDataCellsFilter", "UpdateTable", "UpdateDataCellsFilter"]
    lists = [set(call["body"]["TableData"]["ColumnNames"]) for call in writes if "TableData" in call["body"]]
    assert lists == [before - {"contact"}, (before - {"contact"}) | {"channel"}]
    # No grant is touched, so at no moment does anybody hold a wider one.
    assert not [action for action in _actions(writes) if action.startswith(("Grant", "Revoke"))]


def test_turning_a_column_personal_alone_narrows_the_filter_and_nothing_else(mesh: LocalMesh) -> None:
    mesh.edit(ORDERS, "    description: How to", "    pii: true\n    description: How to")
    mark = len(mesh.calls())
    mesh.up()
    assert _actions(_writes_since(mesh, mark)) == ["UpdateDataCellsFilter"]
    assert _visible(mesh) == {"order_id", "amount"}


def test_a_reader_removed_takes_only_its_own_grants(mesh: LocalMesh) -> None:
    mesh.edit(ORDERS, "  - role: analyst\n    permission: read\n", "")
    assert mesh.changes() == [
        ("delete", "Permissions sales.analyst"),
        ("delete", "Permissions sales.orders_v1.analyst"),
    ]
    mesh.up()
    holders = {entry["Principal"]["DataLakePrincipalIdentifier"].rsplit("-", 1)[-1] for entry in grants(mesh)}
    assert "analyst" not in holders
    assert "marketing" in holders


def test_order_of_entries_and_comments_change_nothing(mesh: LocalMesh) -> None:
    text = (mesh.root / ORDERS).read_text()
    head, policy = text.split("access_policy:\n")
    first, second = policy.split("  - role: ")[1:]
    mesh.write(ORDERS, f"# who reads it\n{head}access_policy:\n  - role: {second}  - role: {first}")
    assert mesh.changes() == []


def test_an_error_in_a_contract_stops_the_deployment(mesh: LocalMesh) -> None:
    mesh.edit(ORDERS, "    pii: true\n", "")
    ran = mesh.pulumi("up", "--yes", "--skip-preview", ok=False)
    assert ran.code != 0
    assert "contracts/sales/orders.yaml:12:" in ran.output
    assert "[pii-untagged]" in ran.output
    assert "Traceback" not in ran.output


def test_another_account_is_refused(mesh: LocalMesh) -> None:
    role = {"RoleArn": "arn:aws:iam::999988887777:role/mesh-deployer", "RoleSessionName": "test"}
    credentials = mesh.aws("sts").assume_role(**role)["Credentials"]
    elsewhere = [
        f"AWS_ACCESS_KEY_ID={credentials['AccessKeyId']}",
        f"AWS_SECRET_ACCESS_KEY={credentials['SecretAccessKey']}",
        f"AWS_SESSION_TOKEN={credentials['SessionToken']}",
    ]
    mark = len(mesh.calls())
    ran = mesh.mesh("local", "exec", "--", "env", *elsewhere, "pulumi", "up", "--yes", "--skip-preview")
    assert ran.code != 0
    assert "these AWS credentials belong to account 999988887777" in ran.output
    assert _writes_since(mesh, mark) == []


def test_a_filter_widened_behind_our_back_is_drift(mesh: LocalMesh) -> None:
    client = mesh.aws("lakeformation")
    (found,) = client.list_data_cells_filter()["DataCellsFilters"]
    wider = {key: found[key] for key in ("TableCatalogId", "DatabaseName", "TableName", "Name", "RowFilter")}
    client.update_data_cells_filter(TableData=wider | {"ColumnNames": [*found["ColumnNames"], "user_email"]})
    assert mesh.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes", ok=False).code != 0
    mesh.pulumi("refresh", "--yes", "--skip-preview")
    assert mesh.changes() == [("update", "DataCellsFilter sales.orders_v1.masked")]
    mesh.up()
    assert _visible(mesh) == {"order_id", "amount", "contact"}
