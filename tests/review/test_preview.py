"""A real preview in place of the predicted infrastructure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh_infra.errors import UsageError
from mesh_infra.review.infrastructure import infrastructure_changes
from mesh_infra.review.model import InfrastructureChange
from mesh_infra.review.preview import Preview, read_preview, with_previews
from tests.meshes import CONTRACT, read_spec

ORDERS = "contracts/sales/orders.yaml"
ROLE = "aws:iam/role:Role"
WORKGROUP = "aws:athena/workgroup:Workgroup"
KEY = "aws:kms/key:Key"
FILTER = "aws:lakeformation/dataCellsFilter:DataCellsFilter"
PERMISSIONS = "aws:lakeformation/permissions:Permissions"
STACK = {"op": "same", "urn": "urn:pulumi:dev::mesh::pulumi:pulumi:Stack::mesh-dev", "detailedDiff": None}


def step(op: str, type_: str, name: str, **more: object) -> dict[str, object]:
    parents = "mesh:index:Domain$mesh:index:Dataset$"
    return {"op": op, "urn": f"urn:pulumi:dev::mesh::{parents}{type_}::{name}", "detailedDiff": None, **more}


def previewed(*steps: dict[str, object], **more: object) -> str:
    return json.dumps({"steps": [STACK, *steps], "duration": 1, **more})


def changes(*steps: dict[str, object]) -> tuple[InfrastructureChange, ...]:
    return read_preview(previewed(*steps), "preview.json").changes


def test_steps_become_changes() -> None:
    """The three steps of a replacement, as Pulumi's --show-replacement-steps prints them, are one."""
    diff = {"table": {"kind": "add-replace"}, "permissions[0]": {"kind": "delete-replace"}}
    found = read_preview(
        previewed(
            step("same", "mesh:index:Domain", "sales"),
            step("create", "pulumi:providers:aws", "aws"),
            step("create", ROLE, "a"),
            step("update", ROLE, "b", diffReasons=["description"], detailedDiff={"description": {"kind": "update"}}),
            step("create-replacement", PERMISSIONS, "c", detailedDiff=diff, replaceReasons=["table", "permissions"]),
            step("replace", PERMISSIONS, "c", detailedDiff=diff, replaceReasons=["table", "permissions"]),
            step("delete-replaced", PERMISSIONS, "c"),
            step("delete", FILTER, "d"),
            step("read", ROLE, "e"),
            step("refresh", ROLE, "f"),
        ),
        "preview.json",
    )
    assert found == Preview(
        "dev",
        (
            InfrastructureChange("dev", "create", ROLE, "a", (), (), False),
            InfrastructureChange("dev", "update", ROLE, "b", ("description",), (), False),
            InfrastructureChange(
                "dev", "replace", PERMISSIONS, "c", ("permissions[0]", "table"), ("permissions", "table"), False
            ),
            InfrastructureChange("dev", "delete", FILTER, "d", (), (), False),
        ),
    )


def test_what_a_refresh_finds_and_what_is_done_about_it_is_one_change() -> None:
    description = {"description": {"kind": "update"}}
    found = changes(
        step("update", ROLE, "changed by hand", detailedDiff=description),
        step("update", ROLE, "changed by hand", detailedDiff={**description, "tags": {"kind": "add"}}),
        step("delete", WORKGROUP, "deleted by hand"),
        step("create", WORKGROUP, "deleted by hand"),
    )
    assert [(change.op, change.name, change.inputs) for change in found] == [
        ("update", "changed by hand", ("description", "tags")),
        ("create", "deleted by hand", ()),
    ]


@pytest.mark.parametrize(
    ("op", "state", "kept", "protected"),
    [
        ("delete", {"retainOnDelete": True, "protect": True}, True, True),
        ("replace", {"retainOnDelete": True}, True, False),
        ("delete", {"protect": True}, False, True),
        ("update", {"retainOnDelete": True, "protect": True}, False, False),
        ("delete", {}, False, False),
    ],
)
def test_what_is_kept_or_protected(op: str, state: dict[str, object], kept: bool, protected: bool) -> None:
    (change,) = changes(step(op, KEY, "x", oldState=state))
    assert (change.kept, change.protected) == (kept, protected)


@pytest.mark.parametrize(
    ("op", "type_", "state", "lost"),
    [
        ("delete", KEY, {}, True),
        ("replace", KEY, {}, True),
        ("update", KEY, {}, False),
        ("delete", "aws:s3/bucket:Bucket", {"retainOnDelete": True}, False),
        ("delete", FILTER, {}, False),
        # Not one of the mesh's own: nobody knows.
        ("delete", "aws:rds/instance:Instance", {}, True),
    ],
)
def test_what_loses_data(op: str, type_: str, state: dict[str, object], lost: bool) -> None:
    (change,) = changes(step(op, type_, "x", oldState=state))
    assert change.data_loss is lost


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'p' is no JSON"),
        ("Previewing update (dev)\n{}", "'p' is no JSON"),
        ("[]", "'p' has no steps"),
        ('{"steps": []}', "'p' has no steps"),
        ('{"steps": [1]}', "'p' has steps that are none of Pulumi's"),
        ('{"steps": [{"op": "same", "urn": "urn:pulumi:dev"}]}', "'p' has steps that are none of Pulumi's"),
        (
            json.dumps({"steps": [STACK, {**STACK, "urn": str(STACK["urn"]).replace("dev", "prod")}]}),
            "'p' is about 2 stacks; give --preview once for each stack",
        ),
        (
            previewed(diagnostics=[{"severity": "error", "message": "we are x,\nbut the deployer is y\n"}]),
            "the preview in 'p' failed: we are x, but the deployer is y; mend that and preview again",
        ),
    ],
)
def test_what_is_no_preview_is_wrong_usage(text: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_preview(text, "p")
    assert str(raised.value).startswith(message)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)
STEPS = st.fixed_dictionaries(
    {
        "op": st.sampled_from(("create", "delete", "replace", "x")) | JSON,
        "urn": st.just(step("x", ROLE, "r")["urn"]) | JSON,
    },
    optional=dict.fromkeys(("detailedDiff", "diffReasons", "replaceReasons", "oldState"), JSON),
)


@given(st.fixed_dictionaries({"steps": st.lists(STEPS, max_size=3) | JSON}, optional={"diagnostics": JSON}) | JSON)
def test_no_text_is_a_crash(document: Any) -> None:  # noqa: ANN401 - JSON
    try:
        found = read_preview(json.dumps(document), "p")
    except UsageError:
        return
    assert all(isinstance(change, InfrastructureChange) for change in found.changes)


def test_it_takes_the_place_of_what_was_predicted_and_marks_drift(tmp_path: Path) -> None:
    base, head = read_spec(tmp_path / "a"), read_spec(tmp_path / "b", {ORDERS: CONTRACT.replace("read_masked", "read")})
    predicted = infrastructure_changes(base, head)
    granted = "sales.orders_v1.marketing"
    preview = read_preview(previewed(step("replace", PERMISSIONS, granted), step("update", ROLE, "marketing")), "p")
    other = InfrastructureChange("prod", "create", ROLE, "x", (), (), False)
    found = with_previews((*predicted, other), (preview,), base, head)
    assert [(c.stack, c.op, c.name, c.drift) for c in found] == [
        ("dev", "replace", granted, False),
        ("dev", "update", "marketing", True),
        ("prod", "create", "x", False),
    ]


def test_the_local_stack_can_be_previewed_too(tmp_path: Path) -> None:
    base, head = read_spec(tmp_path / "a"), read_spec(tmp_path / "b", {ORDERS: CONTRACT.replace("read_masked", "read")})
    preview = Preview("local", read_preview(previewed(step("delete", FILTER, "sales.orders_v1.masked")), "p").changes)
    (change,) = with_previews((), (preview,), base, head)
    assert not change.drift


def test_a_stack_that_neither_side_has_is_wrong_usage(tmp_path: Path) -> None:
    spec = read_spec(tmp_path)
    with pytest.raises(UsageError, match=r"no environment of mesh\.yaml fits the stack 'prod'"):
        with_previews((), (Preview("prod", ()),), spec, spec)
