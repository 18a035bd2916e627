from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from mesh_infra.local.aws import extend
from mesh_infra.local.provider.connection import Client
from tests.local.provider.engine import CONFIG, Engine, connected

Boto = Callable[[str], Client]


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    extend()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def provider(endpoint: str) -> Iterator[Engine]:
    with connected({"AWS_ENDPOINT_URL": endpoint}) as engine:
        engine.configure(**CONFIG)
        yield engine


def reset(endpoint: str) -> None:
    """Leaves nothing in the local AWS."""
    urlopen(Request(f"{endpoint}/moto-api/reset", method="POST")).close()  # noqa: S310 - this machine


@pytest.fixture
def engine(endpoint: str, provider: Engine) -> Engine:
    """A configured provider, and an AWS in which there is nothing."""
    reset(endpoint)
    return provider


@pytest.fixture(scope="session")
def boto(endpoint: str) -> Boto:
    """Plain boto3 clients, by which somebody changes things behind Pulumi's back."""
    session = boto3.Session("test", "test", region_name="eu-west-1")
    made: dict[str, Client] = {}

    def client(service: str) -> Client:
        if service not in made:
            config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1, "mode": "standard"})
            made[service] = session.client(service, endpoint_url=endpoint, config=config)
        return made[service]

    return client
