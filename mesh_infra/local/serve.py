"""The process of the local AWS: ``python -m mesh_infra.local.serve`` DIRECTORY TOKEN READY.

Started by ``mesh_infra.local.server`` and by nobody else. DIRECTORY is ``.mesh/local`` of the mesh; TOKEN tells this
server from every other process; READY is the descriptor of a pipe which gets the process's id, then a word when the
server answers. Whatever goes wrong is written to stderr, which is the log.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from threading import Thread

from mesh_infra.local.server import CALLS, Record, is_recorded, write_record


def main(arguments: list[str]) -> None:
    """Detach, serve on a free port until told to end, or until another server has taken this one's place."""
    directory, token, ready = Path(arguments[0]), arguments[1], int(arguments[2])
    # The one that was started ends at once, so that nobody has to wait for the one that serves.
    if os.fork():
        os._exit(0)
    os.write(ready, f"{os.getpid()}\n".encode())
    serve(directory, token, ready)


def serve(directory: Path, token: str, ready: int) -> None:
    """Serve the local AWS. Returns when the record in ``directory`` is no longer that of this server."""
    # Before moto is loaded: no web page may read the local AWS from a browser.
    os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"
    # moto takes most of a second to load, which whoever manages the server need not.
    from moto.moto_server.werkzeug_app import MotoRequestHandler  # noqa: PLC0415
    from werkzeug.serving import ThreadedWSGIServer  # noqa: PLC0415

    from mesh_infra.local.aws.application import LocalAwsApplication  # noqa: PLC0415
    from mesh_infra.local.aws.calls import Recorder  # noqa: PLC0415

    class Handler(MotoRequestHandler):
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Nothing: the calls have a record of their own."""

    class Server(ThreadedWSGIServer):
        def service_actions(self) -> None:
            """Called twice a second. A server whose directory is gone, or another's, is of no use to anybody."""
            if not is_recorded(directory, token):
                os._exit(0)

    # The extensions load while the first caller is on its way; its call waits for them.
    extending = Thread(target=_extend)
    application = LocalAwsApplication(token, Recorder(directory / CALLS), extending.join)
    server = Server("127.0.0.1", 0, application, Handler)
    write_record(directory, Record(os.getpid(), server.port, token))
    extending.start()
    os.write(ready, b"ready\n")
    os.close(ready)
    server.serve_forever()


def _extend() -> None:
    from mesh_infra.local.aws import extend  # noqa: PLC0415 - as moto above

    try:
        extend()
    except Exception:  # noqa: BLE001 - whatever it is: without its extensions the server would answer wrongly
        traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
