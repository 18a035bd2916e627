"""Pulumi's language host for Python, for a CLI that was built from source and so came without one.

The engine starts ``pulumi-language-python`` with its own address as the last argument, reads a port number from its
standard output and speaks gRPC to it (``LanguageRuntime`` in Pulumi's language.proto). The host answers few questions
and runs the program in a process of its own, see `mesh_infra.local.pulumi.runner`.
"""

# ruff: noqa: ARG002, D102, N802 - names, parameters and meaning of the methods are those of Pulumi's gRPC service

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distributions
from pathlib import Path
from types import FrameType
from typing import NoReturn

import grpc
from google.protobuf import empty_pb2
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import language_pb2 as proto
from pulumi.runtime.proto import language_pb2_grpc, plugin_pb2

from mesh_infra.local.pulumi.runner import ERROR_SHOWN, Job
from mesh_infra.local.pulumi.versions import CLI_VERSION

_RUNNER = Path(__file__).with_name("runner.py")


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs Python programs for the engine that listens at ``engine``.

    It installs nothing and asks for no plugins: the program runs in the environment that mesh-infra runs in, and the
    resources themselves say which version of their plugin they need.
    """

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._programs: set[subprocess.Popen[bytes]] = set()

    def Handshake(
        self, request: proto.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> proto.LanguageHandshakeResponse:
        return proto.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=CLI_VERSION)

    def GetRequiredPackages(
        self, request: proto.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> proto.GetRequiredPackagesResponse:
        return proto.GetRequiredPackagesResponse()

    def GetRequiredPlugins(
        self, request: proto.GetRequiredPluginsRequest, context: grpc.ServicerContext
    ) -> proto.GetRequiredPluginsResponse:
        return proto.GetRequiredPluginsResponse()

    def RuntimeOptionsPrompts(
        self, request: proto.RuntimeOptionsRequest, context: grpc.ServicerContext
    ) -> proto.RuntimeOptionsResponse:
        return proto.RuntimeOptionsResponse()

    def InstallDependencies(
        self, request: proto.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[proto.InstallDependenciesResponse]:
        message = "Nothing to install: the program runs in the environment that mesh-infra is installed in.\n"
        yield proto.InstallDependenciesResponse(stdout=message.encode())

    def About(self, request: proto.AboutRequest, context: grpc.ServicerContext) -> proto.AboutResponse:
        return proto.AboutResponse(executable=_interpreter(request.info), version=platform.python_version())

    def GetProgramDependencies(
        self, request: proto.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> proto.GetProgramDependenciesResponse:
        installed = {d.metadata["Name"]: d.version for d in distributions()}
        dependencies = [proto.DependencyInfo(name=n, version=v) for n, v in sorted(installed.items())]
        return proto.GetProgramDependenciesResponse(dependencies=dependencies)

    def Run(self, request: proto.RunRequest, context: grpc.ServicerContext) -> proto.RunResponse:
        environment = {
            **os.environ,
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        # -P: neither this package's folder nor the working directory may shadow the standard library.
        command = [_interpreter(request.info), "-u", "-P", str(_RUNNER), json.dumps(self._job(request))]
        with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL) as program:
            self._programs.add(program)
            context.add_callback(program.kill)  # the engine gave up on the call
            status = program.wait()
            self._programs.discard(program)
        if status == ERROR_SHOWN:
            return proto.RunResponse(bail=True)
        if status:
            return proto.RunResponse(error=f"Program exited with non-zero exit code: {status}")
        return proto.RunResponse()

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        self.kill_programs()
        return empty_pb2.Empty()

    def kill_programs(self) -> None:
        """End the programs that run; their state is the engine's, so nothing is lost."""
        for program in tuple(self._programs):
            program.kill()

    def _job(self, request: proto.RunRequest) -> Job:
        directory = Path(request.info.program_directory)
        return {
            "program": str(directory / request.info.entry_point),
            "directory": request.pwd,
            "root_directory": request.info.root_directory,
            "project": request.project,
            "stack": request.stack,
            "organization": request.organization,
            "monitor": request.monitor_address,
            "engine": self._engine,
            "parallel": request.parallel,
            "dry_run": request.dryRun,
        }


def _interpreter(info: proto.ProgramInfo) -> str:
    """The Python of the program: of the virtual environment that Pulumi.yaml names, if it is there; else this one."""
    named = MessageToDict(info.options).get("virtualenv")
    python = Path(info.root_directory, str(named), "bin", "python")
    return str(python) if named and python.is_file() else sys.executable


def serve(engine: str) -> NoReturn:
    """Serve the engine at ``engine`` until it is gone or says to end; print the port on standard output."""
    engine_process = os.getppid()
    host = LanguageHost(engine)
    server = grpc.server(ThreadPoolExecutor(max_workers=8), options=[("grpc.max_receive_message_length", -1)])
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()

    def end(_signal: int = 0, _frame: FrameType | None = None) -> NoReturn:
        host.kill_programs()
        # At once: the engine waits for this process for seconds, and gRPC's threads would hold up an orderly exit.
        os._exit(0)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    print(port, flush=True)  # noqa: T201 - how a plugin tells the engine its port
    while os.getppid() == engine_process:  # an engine that was killed cannot end its plugins
        time.sleep(0.5)
    end()


if __name__ == "__main__":
    serve(sys.argv[-1])
