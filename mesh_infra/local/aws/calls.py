"""Which AWS call a request is, and the record of all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from botocore.exceptions import BotoCoreError
from moto.core.request import Request
from moto.core.routing import get_service_router
from werkzeug.exceptions import HTTPException

_SCOPE = re.compile(r"[^/\s=]+/\d{8}/[^/]*/(?P<service>[^/]+)/aws4_request")
_CONFIDENTIAL = frozenset(("cognito-idp", "secretsmanager", "ssm", "sts"))
"""Services whose requests may hold somebody's credentials."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of an AWS API: ``lakeformation``, ``GrantPermissions``.

    ``body`` is the parsed body of a service that speaks JSON, ``path`` the path of one whose paths name things (S3).
    """

    service: str
    action: str
    body: Any = None
    path: str = ""

    @property
    def speaks_json(self) -> bool:
        """Whether the caller understands errors in JSON; else it takes XML."""
        return self.body is not None


def call_of(environ: dict[str, Any]) -> Call:
    """The call that a WSGI request is; afterwards the request can be read as before."""
    service = _service(environ)
    path = environ.get("PATH_INFO", "/")
    if service == "s3":
        return Call(service, _routed(service, environ), path=path)
    text = _text(environ)
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return Call(service, parse_qs(text).get("Action", [""])[0])
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    action = target.rsplit(".", 1)[-1] or _routed(service, environ)
    return Call(service, action, {} if service in _CONFIDENTIAL else _json(text))


def _service(environ: Mapping[str, Any]) -> str:
    """The service that the request is signed for, in its header or in its address; S3 where it is not signed."""
    signed = environ.get("HTTP_AUTHORIZATION") or "".join(
        parse_qs(environ.get("QUERY_STRING", "")).get("X-Amz-Credential", [])
    )
    match = _SCOPE.search(signed)
    return match["service"].lower() if match else "s3"


def _text(environ: dict[str, Any]) -> str:
    length = environ.get("CONTENT_LENGTH") or "0"
    content: bytes = environ["wsgi.input"].read(int(length)) if length.isdecimal() else b""
    environ["wsgi.input"] = BytesIO(content)
    return content.decode(errors="replace")


def _json(text: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(text or "{}")
    except ValueError:
        return {}


def _routed(service: str, environ: dict[str, Any]) -> str:
    """The action by botocore's table of methods and paths; where there is none, the request line."""
    try:
        operation, _ = get_service_router(service).match(Request(environ))
    except (BotoCoreError, HTTPException, NotImplementedError):
        return f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '/')}"
    return str(operation.name)


class Recorder:
    """Writes each call as one line of JSON, in the order in which the calls were answered."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", buffering=1)
        self._count = 0

    def record(self, call: Call, status: int) -> None:
        """Append the call and the HTTP status of its answer. The file is complete when this returns."""
        self._count += 1
        line: dict[str, Any] = {"seq": self._count, "service": call.service, "action": call.action, "status": status}
        if call.body is not None:
            line["body"] = call.body
        if call.path:
            line["path"] = call.path
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
