"""The plugin process: how Pulumi starts it and gets rid of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

COMMAND = [sys.executable, "-m", "mesh_infra.local.provider", "127.0.0.1:1"]


@contextmanager
def started(endpoint: str) -> Iterator[subprocess.Popen[str]]:
    environ = {**os.environ, "AWS_ENDPOINT_URL": endpoint}
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True, env=environ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_says_its_port_answers_and_ends_at_once(endpoint: str, how: signal.Signals) -> None:
    with started(endpoint) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            assert stub.GetPluginInfo(Empty()).version == "7.51.1"
            handshake = stub.Handshake(provider_pb2.ProviderHandshakeRequest())
            assert not handshake.accept_secrets
            process.send_signal(how)
            assert process.wait(timeout=5) == -how


def test_it_ends_when_pulumi_was_killed(endpoint: str) -> None:
    # A shell in Pulumi's place: it starts the provider, says its process id and is gone.
    script = '"$@" & read _'
    environ = {**os.environ, "AWS_ENDPOINT_URL": endpoint}
    with subprocess.Popen(
        ["sh", "-c", script, "sh", *COMMAND], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ
    ) as shell:
        assert shell.stdout is not None
        assert int(shell.stdout.readline())
        shell.kill()
        # The provider inherited this end of the pipe: it is closed once the provider has ended.
        assert shell.stdout.read() == ""
