# ruff: noqa: ARG002, N802 - gRPC names the methods and hands each a context
"""The provider as the engine calls it: gRPC messages in, the life of a resource, gRPC messages out.

Source: pulumi/pulumi, proto/pulumi/provider.proto for the messages, pkg/resource/deploy for what is asked when.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from importlib.metadata import version
from typing import Any, NamedTuple, NoReturn, TypeVar

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from mesh_infra.aws.resources.check import Change
from mesh_infra.local.provider import settings
from mesh_infra.local.provider.connection import Aws, Clients, in_words
from mesh_infra.local.provider.errors import IncompleteError, ProviderError
from mesh_infra.local.provider.functions import invoke
from mesh_infra.local.provider.lifecycle import Lifecycle
from mesh_infra.local.provider.services import RESOURCES
from mesh_infra.local.provider.settings import Settings
from mesh_infra.local.provider.wire import to_plain, to_struct

_Request = TypeVar("_Request")
_Response = TypeVar("_Response")
Context = Any
"""A gRPC call's context: grpcio ships no types."""


class _Status(NamedTuple):
    """What ``grpc.Status`` asks for."""

    code: Any
    details: str
    trailing_metadata: tuple[tuple[str, bytes], ...]


def _answering(
    method: Callable[[Provider, _Request, Context], _Response],
) -> Callable[[Provider, _Request, Context], _Response]:
    """Ends a call that fails with the reason in words, never with a traceback."""

    @functools.wraps(method)
    def answer(self: Provider, request: _Request, context: Context) -> _Response:
        try:
            return method(self, request, context)
        except Exception as error:  # noqa: BLE001 - else the engine would show a traceback of grpcio
            _abort(context, error)

    return answer


def _abort(context: Context, error: Exception) -> NoReturn:
    unknown = grpc.StatusCode.UNKNOWN
    match error:
        case IncompleteError():
            metadata = (("grpc-status-details-bin", _incomplete(error).SerializeToString()),)
            context.abort_with_status(_Status(unknown, str(error), metadata))
        case ProviderError():
            context.abort(unknown, str(error))
        case _:
            what = f"the local provider failed: {type(error).__name__}: {error}"
            context.abort(grpc.StatusCode.INTERNAL, what)
    raise AssertionError("gRPC ends the call by raising")


def _incomplete(error: IncompleteError) -> status_pb2.Status:
    """What tells the engine that the resource exists all the same (provider.proto, ErrorResourceInitFailed)."""
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error))
    status.details.add().Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=error.id,
            inputs=to_struct(error.inputs),
            properties=to_struct(error.outputs),
            reasons=[str(error)],
        )
    )
    return status


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """The servicer. One process, and so one of these, serves one provider resource of a program."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._lifecycles = {token: Lifecycle(resource) for token, resource in RESOURCES.items()}
        self._configured: Aws | None = None

    @property
    def _aws(self) -> Aws:
        if self._configured is None:
            raise ProviderError("the provider is not configured")
        return self._configured

    def _lifecycle(self, urn: str) -> Lifecycle:
        """The type's: ``urn:pulumi:STACK::PROJECT::PARENT_TYPES$TYPE::NAME``."""
        token = urn.split("::")[2].rpartition("$")[2]
        if token not in self._lifecycles:
            raise ProviderError(f"resources of type '{token}' are not supported by the local provider")
        return self._lifecycles[token]

    @_answering
    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: Context
    ) -> provider_pb2.ProviderHandshakeResponse:
        """What the provider accepts: plain values alone."""
        return provider_pb2.ProviderHandshakeResponse()

    @_answering
    def GetPluginInfo(self, request: Empty, context: Context) -> plugin_pb2.PluginInfo:
        """The version of pulumi-aws that this stands in for: the one whose classes the program uses."""
        return plugin_pb2.PluginInfo(version=version("pulumi-aws"))

    @_answering
    def CheckConfig(self, request: provider_pb2.CheckRequest, context: Context) -> provider_pb2.CheckResponse:
        """The provider's inputs as they are, and what is wrong with them."""
        failures = [
            provider_pb2.CheckFailure(property=key, reason=reason)
            for key, reason in settings.problems(to_plain(request.news))
        ]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    @_answering
    def DiffConfig(self, request: provider_pb2.DiffRequest, context: Context) -> provider_pb2.DiffResponse:
        """Which of the provider's inputs differ; none replaces it, nor with it everything it made."""
        old, new = to_plain(request.old_inputs), to_plain(request.news)
        differ = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        return provider_pb2.DiffResponse(changes=_changes(differ), diffs=differ)

    @_answering
    def Configure(self, request: provider_pb2.ConfigureRequest, context: Context) -> provider_pb2.ConfigureResponse:
        """Reaches the local AWS and refuses an account that the configuration does not allow."""
        wanted = Settings.of(to_plain(request.args), self._environ)
        clients = Clients(self._environ.get("AWS_ENDPOINT_URL", ""), wanted.credentials)
        with in_words("asking the local AWS for its account", clients.endpoint):
            account = str(clients.get("sts", wanted.region).get_caller_identity()["Account"])
        wanted.check_account(account)
        self._configured = Aws(clients, account, wanted.region, wanted.default_tags)
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    @_answering
    def Check(self, request: provider_pb2.CheckRequest, context: Context) -> provider_pb2.CheckResponse:
        """The inputs as they will be compared and provisioned, and what is wrong with them."""
        lifecycle = self._lifecycle(request.urn)
        inputs, problems = lifecycle.check(to_plain(request.news), to_plain(request.olds), self._aws.default_tags)
        failures = [provider_pb2.CheckFailure(reason=problem) for problem in problems]
        return provider_pb2.CheckResponse(inputs=to_struct(inputs), failures=failures)

    @_answering
    def Diff(self, request: provider_pb2.DiffRequest, context: Context) -> provider_pb2.DiffResponse:
        """What changes, and whether a new resource must be made for it."""
        difference = self._lifecycle(request.urn).diff(
            self._aws, to_plain(request.old_inputs), to_plain(request.olds), to_plain(request.news)
        )
        return provider_pb2.DiffResponse(
            changes=_changes(difference.inputs),
            diffs=sorted(difference.inputs),
            replaces=sorted(difference.replacing),
            deleteBeforeReplace=difference.deletes_first,
            detailedDiff={path: _property_diff(change) for path, change in difference.changes.by_path.items()},
            hasDetailedDiff=True,
        )

    @_answering
    def Create(self, request: provider_pb2.CreateRequest, context: Context) -> provider_pb2.CreateResponse:
        """Makes the resource; in a preview only says what it would be."""
        lifecycle, inputs = self._lifecycle(request.urn), to_plain(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=to_struct(lifecycle.preview_create(self._aws, inputs)))
        state = lifecycle.create(self._aws, inputs)
        return provider_pb2.CreateResponse(id=state.id, properties=to_struct(state.outputs))

    @_answering
    def Read(self, request: provider_pb2.ReadRequest, context: Context) -> provider_pb2.ReadResponse:
        """The resource as AWS has it now (a refresh, or an import); without an id where it is gone."""
        state = self._lifecycle(request.urn).read(
            self._aws, request.id, to_plain(request.inputs), to_plain(request.properties)
        )
        if state is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=state.id, inputs=to_struct(state.inputs), properties=to_struct(state.outputs)
        )

    @_answering
    def Update(self, request: provider_pb2.UpdateRequest, context: Context) -> provider_pb2.UpdateResponse:
        """Changes the resource in place; in a preview only says what it would become."""
        lifecycle = self._lifecycle(request.urn)
        old_inputs, old_outputs = to_plain(request.old_inputs), to_plain(request.olds)
        new = to_plain(request.news)
        if request.preview:
            outputs = lifecycle.preview_update(old_inputs, old_outputs, new)
        else:
            outputs = lifecycle.update(self._aws, request.id, old_inputs, old_outputs, new)
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    @_answering
    def Delete(self, request: provider_pb2.DeleteRequest, context: Context) -> Empty:
        """Deletes the resource."""
        self._lifecycle(request.urn).delete(self._aws, request.id, to_plain(request.properties))
        return Empty()

    @_answering
    def Invoke(self, request: provider_pb2.InvokeRequest, context: Context) -> provider_pb2.InvokeResponse:
        """A data source's result."""
        result = invoke(request.tok, self._aws, to_plain(request.args))
        return provider_pb2.InvokeResponse(**{"return": to_struct(result)})

    @_answering
    def Cancel(self, request: Empty, context: Context) -> Empty:
        """Nothing to do: each call is short, and the engine waits for those under way."""
        return Empty()


def _changes(changed: Collection[str]) -> provider_pb2.DiffResponse.DiffChanges.ValueType:
    return provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE


def _property_diff(change: Change) -> provider_pb2.PropertyDiff:
    kind = change.kind.upper() + ("_REPLACE" if change.replaces else "")
    return provider_pb2.PropertyDiff(kind=provider_pb2.PropertyDiff.Kind.Value(kind), inputDiff=True)
