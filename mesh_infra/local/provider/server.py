"""The provider's gRPC server."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from mesh_infra.local.provider.servicer import Provider

_LARGEST_MESSAGE = 400 * 1024 * 1024
"""As in the engine and its SDKs (pulumi/runtime/_grpc_settings.py)."""


def serve(environ: Mapping[str, str]) -> tuple[Any, int]:
    """Starts a server on a free port of this machine; returns it (``stop(grace)`` ends it) and the port."""
    server = grpc.server(
        ThreadPoolExecutor(max_workers=16, thread_name_prefix="call"),
        options=[("grpc.max_receive_message_length", _LARGEST_MESSAGE), ("grpc.so_reuseport", 0)],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(environ), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port
