"""A case of ``cases/`` on the stage."""

from __future__ import annotations

from mesh_infra.local.provider.wire import Value, Values
from tests.local.provider import cases
from tests.local.provider.conftest import Boto
from tests.local.provider.engine import Engine, State


class Scene:
    """What the case has given exists, and references to it are known."""

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


def within(known: Value, whole: Value) -> bool:
    """Whether ``whole`` says all that ``known`` says, and more only where AWS fills in fields."""
    if isinstance(known, dict):
        return all(key in whole and within(value, whole[key]) for key, value in known.items())
    return bool(known == whole)
