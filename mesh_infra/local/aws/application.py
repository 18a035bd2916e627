"""The local AWS as a WSGI application: moto behind a door that counts calls and says clearly what it does not know."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterable
from functools import lru_cache
from threading import Lock
from typing import Any
from xml.sax.saxutils import escape

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Response

from mesh_infra.local.aws import HEALTH
from mesh_infra.local.aws.calls import Call, Recorder, call_of

_NOT_AWS = ("/moto-api", "/favicon.ico")
_XML_IN_PATHS = frozenset(("cloudfront", "route53"))
"""Services whose requests have no form and whose answers are XML all the same."""

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class _Dispatcher(DomainDispatcherApplication):
    """moto looks a host up in a list that it makes anew each time: half of what a call costs."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self._lookup = lru_cache(maxsize=256)(super().get_backend_for_host)

    def get_backend_for_host(self, host: str | None) -> Any:  # noqa: ANN401 - moto's own signature
        """The service that a host name stands for."""
        return self._lookup(host)


class LocalAwsApplication:
    """Answers one call at a time: moto's state is not made for threads, and so the record's order is the real one.

    ``identity`` is what the health check answers; ``ready`` is waited for before the first call is answered.
    """

    def __init__(
        self, identity: str, recorder: Recorder | None = None, ready: Callable[[], None] = lambda: None
    ) -> None:
        self._identity = identity
        self._recorder = recorder
        self._ready = ready
        self._moto: Wsgi = _Dispatcher()
        self._one_at_a_time = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI's
        """Answer a request."""
        return self._answer(environ)(environ, start_response)

    def _answer(self, environ: dict[str, Any]) -> Response:
        path = environ.get("PATH_INFO", "/")
        if path == HEALTH:
            return Response(json.dumps({"identity": self._identity}), mimetype="application/json")
        self._ready()
        if path.startswith(_NOT_AWS):
            with self._one_at_a_time:
                return Response.from_app(self._moto, environ, buffered=True)
        call = call_of(environ)
        with self._one_at_a_time:
            response = self._called(call, environ)
            if self._recorder is not None:
                self._recorder.record(call, response.status_code)
        return response

    def _called(self, call: Call, environ: dict[str, Any]) -> Response:
        try:
            response = Response.from_app(self._moto, environ, buffered=True)
        except NotImplementedError:
            return _not_implemented(call)
        except Exception as error:  # noqa: BLE001 - a fault of moto is an answer, not the end of the server
            traceback.print_exc()
            why = f"{type(error).__name__}; its log says more"
            return _error(call, "InternalFailure", f"the local AWS failed in {_name(call)}: {why}")
        return _not_implemented(call) if _is_no_answer(response, call) else response


def _is_no_answer(response: Response, call: Call) -> bool:
    """Whether moto had no rule for the path: nothing, or a page for people (S3 says nothing where HEAD fails)."""
    if response.status_code < 400 or call.service == "s3":
        return False
    text = response.get_data()
    return not text or text.lstrip().lower().startswith(b"<!doctype")


def _name(call: Call) -> str:
    return f"{call.service}:{call.action}"


def _not_implemented(call: Call) -> Response:
    return _error(call, "NotImplemented", f"the local AWS does not know {_name(call)}")


def _error(call: Call, code: str, message: str) -> Response:
    """An error in the form of the service. Its status is one that AWS's clients do not try again."""
    if call.service in _XML_IN_PATHS or not call.speaks_json:
        said = f"<Error><Type>Receiver</Type><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        return Response(f"<ErrorResponse>{said}</ErrorResponse>", status=501, mimetype="text/xml")
    text = json.dumps({"__type": code, "message": message})
    return Response(text, status=501, headers={"x-amzn-ErrorType": code}, mimetype="application/json")
