"""The engine's side of the protocol, over a real gRPC connection: what Pulumi asks of a provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import grpc
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from mesh_infra.local.provider.server import serve
from mesh_infra.local.provider.wire import Value, Values

DEFAULT_TAGS = {"mesh:organization": "acme"}
CONFIG = {"region": "eu-west-1", "defaultTags": '{"tags": {"mesh:organization": "acme"}}'}


@dataclass(frozen=True)
class State:
    """What the engine keeps of a resource."""

    type: str
    id: str
    inputs: Values
    outputs: Values


@dataclass(frozen=True)
class Diff:
    """A planned change: property path to kind (``update``, ``add_replace``, …)."""

    detailed: dict[str, str]
    replaces: list[str]
    deletes_first: bool


def struct(values: Mapping[str, Value]) -> Struct:
    message = Struct()
    message.update(values)
    return message


def plain(message: Struct) -> Values:
    values: Values = MessageToDict(message)
    return values


def urn(kind: str) -> str:
    return f"urn:pulumi:local::mesh::mesh:index:Domain${kind}::x"


class RefusedError(Exception):
    """Check failures."""


class Engine:
    def __init__(self, stub: provider_pb2_grpc.ResourceProviderStub) -> None:
        self.stub = stub

    def configure(self, **config: Value) -> None:
        self.stub.Configure(provider_pb2.ConfigureRequest(args=struct(config)))

    def problems(self, kind: str, inputs: Values, old: Values | None = None) -> list[str]:
        request = provider_pb2.CheckRequest(urn=urn(kind), news=struct(inputs), olds=struct(old or {}))
        return [failure.reason for failure in self.stub.Check(request).failures]

    def check(self, kind: str, inputs: Values, old: Values | None = None) -> Values:
        request = provider_pb2.CheckRequest(urn=urn(kind), news=struct(inputs), olds=struct(old or {}))
        response = self.stub.Check(request)
        if response.failures:
            raise RefusedError("; ".join(failure.reason for failure in response.failures))
        return plain(response.inputs)

    def preview_create(self, kind: str, inputs: Values) -> Values:
        request = provider_pb2.CreateRequest(urn=urn(kind), properties=struct(self.check(kind, inputs)), preview=True)
        response = self.stub.Create(request)
        assert response.id == ""
        return plain(response.properties)

    def create(self, kind: str, inputs: Values) -> State:
        checked = self.check(kind, inputs)
        response = self.stub.Create(provider_pb2.CreateRequest(urn=urn(kind), properties=struct(checked)))
        return State(kind, response.id, checked, plain(response.properties))

    def diff(self, state: State, inputs: Values) -> Diff:
        checked = self.check(state.type, inputs, state.inputs)
        response = self.stub.Diff(
            provider_pb2.DiffRequest(
                id=state.id,
                urn=urn(state.type),
                old_inputs=struct(state.inputs),
                olds=struct(state.outputs),
                news=struct(checked),
            )
        )
        kinds = provider_pb2.PropertyDiff.Kind
        detailed = {path: kinds.Name(change.kind).lower() for path, change in response.detailedDiff.items()}
        assert response.hasDetailedDiff
        assert (response.changes == provider_pb2.DiffResponse.DIFF_SOME) == bool(detailed)
        return Diff(detailed, list(response.replaces), response.deleteBeforeReplace)

    def update(self, state: State, inputs: Values, *, preview: bool = False) -> State:
        checked = self.check(state.type, inputs, state.inputs)
        response = self.stub.Update(
            provider_pb2.UpdateRequest(
                id=state.id,
                urn=urn(state.type),
                old_inputs=struct(state.inputs),
                olds=struct(state.outputs),
                news=struct(checked),
                preview=preview,
            )
        )
        return replace(state, inputs=checked, outputs=plain(response.properties))

    def refresh(self, state: State) -> State | None:
        return self._read(state.type, state.id, state.inputs, state.outputs)

    def import_(self, kind: str, id_: str) -> State | None:
        return self._read(kind, id_, {}, {})

    def _read(self, kind: str, id_: str, inputs: Values, outputs: Values) -> State | None:
        request = provider_pb2.ReadRequest(id=id_, urn=urn(kind), inputs=struct(inputs), properties=struct(outputs))
        response = self.stub.Read(request)
        if not response.id:
            return None
        return State(kind, response.id, plain(response.inputs), plain(response.properties))

    def delete(self, state: State) -> None:
        self.stub.Delete(
            provider_pb2.DeleteRequest(
                id=state.id, urn=urn(state.type), old_inputs=struct(state.inputs), properties=struct(state.outputs)
            )
        )

    def invoke(self, token: str, **arguments: Value) -> Values:
        response = self.stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=struct(arguments)))
        return plain(getattr(response, "return"))


def incomplete(error: grpc.RpcError) -> provider_pb2.ErrorResourceInitFailed:
    """What the engine reads from a creation that failed half-way."""
    metadata = dict(error.trailing_metadata())
    status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
    detail = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(detail)
    return detail


@contextmanager
def connected(environ: Mapping[str, str]) -> Iterator[Engine]:
    """An engine and a provider that is not configured yet."""
    server, port = serve(environ)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Engine(provider_pb2_grpc.ResourceProviderStub(channel))
    server.stop(None)
