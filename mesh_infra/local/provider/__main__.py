"""The provider as the plugin process that Pulumi starts."""

from __future__ import annotations

import os
import signal
import time


def main() -> None:
    """Serves until Pulumi ends the process, or is gone itself.

    The port goes to standard output, as plugins do. The engine's address, the argument, is not needed: nothing is
    logged to it.
    """
    # Python's own handler would wait for calls under way, and the CLI waits ten seconds for a provider.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    pulumi = os.getppid()
    from mesh_infra.local.provider.server import serve  # noqa: PLC0415 - Pulumi may be killed while it loads

    _, port = serve(os.environ)
    print(port, flush=True)  # noqa: T201 - this is how a plugin says where it is
    while os.getppid() == pulumi:
        time.sleep(0.5)
    # Pulumi was killed: at once, for calls under way would keep an ordinary exit waiting.
    os._exit(0)


if __name__ == "__main__":
    main()
