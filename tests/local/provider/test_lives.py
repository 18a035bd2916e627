"""Every resource type alone, as the engine drives it through its life: cases/*.yaml."""

from __future__ import annotations

import grpc
import pytest

from tests.local.provider import cases
from tests.local.provider.conftest import Boto
from tests.local.provider.engine import Engine
from tests.local.provider.scene import Scene, within


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
        assert within({name: foreseen.outputs[name] for name in updated.inputs}, updated.outputs)
        assert engine.refresh(updated) == updated
        assert engine.diff(updated, inputs).detailed == {}
        state = engine.update(updated, scene.inputs)
        assert engine.refresh(state) == state


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
def test_what_is_deleted_by_us_or_by_somebody_is_gone(name: str, engine: Engine, boto: Boto) -> None:
    scene = Scene(name, engine)
    state = scene.created()
    engine.delete(state)
    assert (engine.refresh(state) is not None) == scene.case.get("stays", False)
    engine.delete(state)  # a second time

    state = scene.created()
    scene.call(boto, scene.case["gone"])
    assert engine.refresh(state) is None
    engine.delete(state)
