"""Every resource type alone, as the engine drives it: cases/*.yaml."""

from __future__ import annotations

import grpc
import pytest

from mesh_infra.aws.resources import SCHEMAS
from mesh_infra.aws.resources.check import UNKNOWN
from mesh_infra.local.provider.services import RESOURCES
from mesh_infra.local.provider.wire import Value, Values
from tests.local.provider import cases
from tests.local.provider.conftest import Boto
from tests.local.provider.engine import Engine, State


class Scene:
    """A case on the stage: what it has given exists, and references to it are known."""

    def __init__(self, name: str, engine: Engine) -> None:
        self.case = cases.load(name)
        self.engine = engine
        self.type: str = self.case["type"]
        self.known: Values = {}
        for given, what in self.case.get("given", {}).items():
            state = engine.create(what["type"], cases.resolved(what["inputs"], self.known))
            self.known |= {f"{given}.{output}": value for output, value in state.outputs.items()}
        self.inputs: Values = cases.resolved(self.case["inputs"], self.known)

    def with_(self, change: Values) -> Values:
        return cases.merged(self.inputs, cases.resolved(change, self.known))

    def created(self) -> State:
        state = self.engine.create(self.type, self.inputs)
        self.known["it"] = state.id
        return state

    def call(self, boto: Boto, calls: Values) -> None:
        for method, arguments in cases.resolved(calls, self.known).items():
            service, _, operation = method.partition(".")
            getattr(boto(service), operation)(**arguments)


def _within(known: Value, whole: Value) -> bool:
    """Whether ``whole`` says all that ``known`` says, and more only where AWS fills in fields."""
    if isinstance(known, dict):
        return all(key in whole and _within(value, whole[key]) for key, value in known.items())
    return bool(known == whole)


def test_there_is_a_case_for_every_type() -> None:
    assert {cases.load(name)["type"] for name in cases.names()} == RESOURCES.keys() == SCHEMAS.keys()


@pytest.mark.parametrize("name", cases.names())
def test_a_creation_is_what_the_preview_said_and_afterwards_nothing_differs(name: str, engine: Engine) -> None:
    scene = Scene(name, engine)
    foreseen = engine.preview_create(scene.type, scene.inputs)
    state = scene.created()
    assert state.id == scene.case["id"] or (scene.case["id"] == "*" and state.id)
    assert sorted(state.outputs) == sorted(scene.case["outputs"])
    assert set(state.outputs) <= SCHEMAS[scene.type].inputs.keys() | set(SCHEMAS[scene.type].outputs)

    unknown = {output for output, value in foreseen.items() if value == UNKNOWN}
    assert _within({output: value for output, value in foreseen.items() if output not in unknown}, state.outputs)
    assert unknown - state.outputs.keys() == set(scene.case.get("never", []))

    assert engine.refresh(state) == state
    assert engine.diff(state, scene.inputs).detailed == {}


@pytest.mark.parametrize("name", cases.names())
def test_what_exists_already(name: str, engine: Engine) -> None:
    scene = Scene(name, engine)
    first = scene.created()
    if "again" in scene.case:
        with pytest.raises(grpc.RpcError) as refused:
            scene.created()
        assert refused.value.details().startswith(scene.case["again"])
    else:
        # A setting or a grant is made once more, which changes nothing; keys have no name that could be taken.
        assert (scene.created() == first) == (scene.type != "aws:kms/key:Key")


@pytest.mark.parametrize("name", cases.with_("changes"))
def test_changes_in_place_and_back(name: str, engine: Engine) -> None:
    scene = Scene(name, engine)
    state = scene.created()
    for change in scene.case["changes"]:
        inputs = scene.with_(change["inputs"])
        planned = engine.diff(state, inputs)
        assert (planned.detailed, planned.replaces) == (change["diff"], [])
        foreseen = engine.update(state, inputs, preview=True)
        updated = engine.update(state, inputs)
        assert _within({name: foreseen.outputs[name] for name in updated.inputs}, updated.outputs)
        assert engine.refresh(updated) == updated
        assert engine.diff(updated, inputs).detailed == {}
        state = engine.update(updated, scene.inputs)
        assert engine.refresh(state) == state


@pytest.mark.parametrize("name", cases.names())
def test_what_is_no_change_and_what_needs_a_new_resource(name: str, engine: Engine) -> None:
    scene = Scene(name, engine)
    state = scene.created()
    for same in scene.case.get("same", []):
        assert engine.diff(state, scene.with_(same)).detailed == {}
    for change in scene.case["replaces"]:
        planned = engine.diff(state, scene.with_(change["inputs"]))
        assert planned.detailed == change["diff"]
        assert planned.replaces
        assert planned.deletes_first == change.get("deletes_first", False)


@pytest.mark.parametrize("name", cases.with_("impossible"))
def test_a_change_that_pulumi_aws_plans_and_then_refuses(name: str, engine: Engine) -> None:
    scene = Scene(name, engine)
    state, change = scene.created(), scene.case["impossible"]
    inputs = scene.with_(change["inputs"])
    planned = engine.diff(state, inputs)
    assert (planned.detailed, planned.replaces) == (change["diff"], [])
    with pytest.raises(grpc.RpcError) as refused:
        engine.update(state, inputs)
    assert change["error"] in refused.value.details()
    assert engine.refresh(state) == state


@pytest.mark.parametrize("name", cases.names())
def test_inputs_that_the_plan_refuses(name: str, engine: Engine) -> None:
    scene = Scene(name, engine)
    assert engine.problems(scene.type, scene.inputs) == []
    for refused in scene.case["refused"]:
        assert engine.problems(scene.type, scene.with_(refused["inputs"])) == refused["problems"]
    for refused in scene.case.get("refused_later", []):
        assert engine.problems(scene.type, scene.with_(refused["inputs"])) == []
        assert engine.problems(scene.type, scene.with_(refused["inputs"]), old=scene.inputs) == refused["problems"]


@pytest.mark.parametrize("name", cases.with_("drift"))
def test_what_changed_behind_our_back_is_seen_and_mended(name: str, engine: Engine, boto: Boto) -> None:
    scene = Scene(name, engine)
    state = scene.created()
    for drift in scene.case["drift"]:
        scene.call(boto, drift["behind"])
        seen = engine.refresh(state)
        assert seen is not None
        planned = engine.diff(seen, scene.inputs)
        assert planned.detailed == drift["diff"]
        if planned.replaces:
            engine.delete(seen)
            state = scene.created()
        else:
            state = engine.update(seen, scene.inputs)
        assert engine.refresh(state) == state


@pytest.mark.parametrize("name", cases.names())
def test_what_somebody_deleted_is_gone_and_deletes_without_error(name: str, engine: Engine, boto: Boto) -> None:
    scene = Scene(name, engine)
    state = scene.created()
    scene.call(boto, scene.case["gone"])
    assert engine.refresh(state) is None
    engine.delete(state)


@pytest.mark.parametrize("name", cases.names())
def test_a_deletion(name: str, engine: Engine) -> None:
    scene = Scene(name, engine)
    state = scene.created()
    engine.delete(state)
    assert (engine.refresh(state) is not None) == scene.case.get("stays", False)
    engine.delete(state)


@pytest.mark.parametrize("name", cases.names())
def test_an_import_finds_the_inputs_of_what_is_there(name: str, engine: Engine) -> None:
    scene = Scene(name, engine)
    state = scene.created()
    if not scene.case.get("imports", True):
        with pytest.raises(grpc.RpcError) as refused:
            engine.import_(scene.type, state.id)
        assert refused.value.details() == f"{scene.type} cannot be imported, neither here nor with pulumi-aws"
        return
    imported = engine.import_(scene.type, state.id)
    assert imported is not None
    assert engine.diff(imported, scene.inputs).detailed == {}
    nothing = scene.case["id"].replace("checkout", "nothing").replace("analyst", "nobody").replace("*", "none")
    assert engine.import_(scene.type, nothing) is None
