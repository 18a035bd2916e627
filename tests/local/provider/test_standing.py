"""Every resource type alone, while it stands: what it looks like, what would change it, what a second one does."""

from __future__ import annotations

import grpc
import pytest

from mesh_infra.aws.resources import SCHEMAS
from mesh_infra.aws.resources.check import UNKNOWN
from mesh_infra.local.provider.services import RESOURCES
from tests.local.provider import cases
from tests.local.provider.conftest import reset
from tests.local.provider.engine import Engine, State
from tests.local.provider.scene import Scene, within


@pytest.fixture(scope="module", params=cases.names())
def scene(request: pytest.FixtureRequest, endpoint: str, provider: Engine) -> Scene:
    """One scene for all tests of a case: none of them changes anything."""
    reset(endpoint)
    return Scene(request.param, provider)


@pytest.fixture(scope="module")
def state(scene: Scene) -> State:
    return scene.created()


def test_there_is_a_case_for_every_type() -> None:
    assert {cases.load(name)["type"] for name in cases.names()} == RESOURCES.keys() == SCHEMAS.keys()


def test_a_new_resource_is_what_the_preview_said(scene: Scene, state: State) -> None:
    assert state.id == scene.case["id"] or (scene.case["id"] == "*" and state.id)
    assert sorted(state.outputs) == sorted(scene.case["outputs"])
    assert set(state.outputs) <= SCHEMAS[scene.type].inputs.keys() | set(SCHEMAS[scene.type].outputs)

    foreseen = scene.engine.preview_create(scene.type, scene.inputs)
    unknown = {output for output, value in foreseen.items() if value == UNKNOWN}
    assert within({output: value for output, value in foreseen.items() if output not in unknown}, state.outputs)
    assert unknown - state.outputs.keys() == set(scene.case.get("never", []))


def test_nothing_differs_from_the_program(scene: Scene, state: State) -> None:
    assert scene.engine.refresh(state) == state
    for same in ({}, *scene.case.get("same", [])):
        assert scene.engine.diff(state, scene.with_(same)).detailed == {}


def test_what_needs_a_new_resource(scene: Scene, state: State) -> None:
    for change in scene.case["replaces"]:
        planned = scene.engine.diff(state, scene.with_(change["inputs"]))
        assert planned.detailed == change["diff"]
        assert planned.replaces
        assert planned.deletes_first == change.get("deletes_first", False)


def test_inputs_that_the_plan_refuses(scene: Scene) -> None:
    assert scene.engine.problems(scene.type, scene.inputs) == []
    for refused in scene.case["refused"]:
        assert scene.engine.problems(scene.type, scene.with_(refused["inputs"])) == refused["problems"]
    for refused in scene.case.get("refused_later", []):
        inputs = scene.with_(refused["inputs"])
        assert scene.engine.problems(scene.type, inputs) == []
        assert scene.engine.problems(scene.type, inputs, old=scene.inputs) == refused["problems"]


def test_whatever_is_not_known_yet_can_be_planned(scene: Scene, state: State) -> None:
    for unknown in scene.inputs:
        inputs = {**scene.inputs, unknown: UNKNOWN}
        assert scene.engine.problems(scene.type, inputs, old=scene.inputs) == []
        assert scene.engine.preview_create(scene.type, inputs)[unknown] == UNKNOWN
        assert scene.engine.update(state, inputs, preview=True).outputs[unknown] == UNKNOWN
        assert unknown in "".join(scene.engine.diff(state, inputs).detailed)


def test_an_import_finds_the_inputs_of_what_is_there(scene: Scene, state: State) -> None:
    if not scene.case.get("imports", True):
        with pytest.raises(grpc.RpcError) as refused:
            scene.engine.import_(scene.type, state.id)
        assert refused.value.details() == f"{scene.type} cannot be imported, neither here nor with pulumi-aws"
        return
    imported = scene.engine.import_(scene.type, state.id)
    assert imported is not None
    assert scene.engine.diff(imported, scene.inputs).detailed == scene.case.get("not_imported", {})
    nothing = scene.case["id"].replace("checkout", "nothing").replace("analyst", "nobody").replace("*", "none")
    assert scene.engine.import_(scene.type, nothing) is None


def test_a_second_creation(scene: Scene, state: State) -> None:
    if "again" in scene.case:
        with pytest.raises(grpc.RpcError) as refused:
            scene.created()
        assert refused.value.details().startswith(scene.case["again"])
    else:
        # A setting or a grant is made once more, which changes nothing; keys have no name that could be taken.
        assert (scene.created() == state) == (scene.type != "aws:kms/key:Key")
    assert scene.engine.refresh(state) == state
