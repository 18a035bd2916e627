"""Clients of the local AWS, and of nothing else."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore import exceptions
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from mesh_infra.aws.names import partition
from mesh_infra.local.provider.errors import ProviderError

Client = Any
"""A boto3 client: its methods are made at run time, so that no type describes them."""

Answer = Any
"""What a boto3 client's method returns: plain values in AWS's names."""

_CONFIG = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"total_max_attempts": 2, "mode": "standard"},
    # What the environment says of the real AWS is not for this one: a proxy would even take the calls elsewhere.
    proxies={},
    use_dualstack_endpoint=False,
    use_fips_endpoint=False,
    s3={"addressing_style": "path"},
)
_NO_FILES = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}
"""Session variables by which botocore reads no profile and no file: those are for the real AWS, too."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Made-up credentials: never those of a profile, a file or a machine."""

    access_key: str
    secret_key: str
    token: str | None


def loopback(url: str) -> bool:
    """Whether ``url`` is plain HTTP(S) to this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "https"):
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Clients:
    """boto3 clients for one loopback endpoint, each made once. Safe to use from several threads."""

    def __init__(self, endpoint: str, credentials: Credentials) -> None:
        if not loopback(endpoint):
            raise ProviderError(
                f"the local provider speaks to this machine alone, and AWS_ENDPOINT_URL is '{endpoint}'; "
                "run Pulumi by 'mesh local exec', which sets it"
            )
        self.endpoint = endpoint
        self._session = boto3.Session(
            botocore_session=botocore.session.Session(session_vars=_NO_FILES),
            aws_access_key_id=credentials.access_key,
            aws_secret_access_key=credentials.secret_key,
            aws_session_token=credentials.token,
        )
        self._made: dict[tuple[str, str], Client] = {}
        self._lock = Lock()

    def get(self, service: str, region: str) -> Client:
        """The client of ``service`` in ``region``."""
        with self._lock:  # a session makes one client at a time
            if (service, region) not in self._made:
                self._made[service, region] = self._session.client(
                    service, region_name=region, endpoint_url=self.endpoint, config=_CONFIG
                )
            return self._made[service, region]


@dataclass(frozen=True, slots=True)
class Aws:
    """The local AWS as one resource sees it: an account, a region, and the provider's default tags."""

    clients: Clients
    account: str
    region: str
    default_tags: Mapping[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Client:
        """The boto3 client of ``service``."""
        return self.clients.get(service, self.region)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and region."""
        return f"arn:{partition(self.region)}:{service}:{self.region}:{self.account}:{resource}"


def code(error: ClientError) -> str:
    """AWS's name for an error: ``EntityNotFoundException``."""
    return str(error.response.get("Error", {}).get("Code", ""))


def found(call: Callable[[], Answer], *codes: str) -> Answer | None:
    """What ``call`` returns; None where AWS answers with one of ``codes``, its names for "there is none"."""
    try:
        return call()
    except ClientError as error:
        if code(error) in codes:
            return None
        raise


@contextmanager
def tolerating(*codes: str) -> Iterator[None]:
    """Lets a call pass where AWS answers with one of ``codes``: what was to be done is done already."""
    try:
        yield
    except ClientError as error:
        if code(error) not in codes:
            raise


@contextmanager
def in_words(what: str, endpoint: str) -> Iterator[None]:
    """Turns what boto3 raises into a ``ProviderError``: what was tried, AWS's error code and its message."""
    try:
        yield
    except ClientError as error:
        message = str(error.response.get("Error", {}).get("Message", ""))
        if message.lstrip().startswith("<"):  # a web server's page: no AWS service answered
            message = f"the local AWS cannot do {error.operation_name}"
        raise ProviderError(f"{what}: {code(error)}: {message}") from error
    except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
        raise ProviderError(f"{what}: the local AWS at {endpoint} does not answer; see 'mesh local status'") from error
    except BotoCoreError as error:
        raise ProviderError(f"{what}: {error}") from error
