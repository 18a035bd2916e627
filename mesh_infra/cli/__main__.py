"""``python -m mesh_infra.cli``: the `mesh` command where its script is not on PATH."""

from __future__ import annotations

import sys

from mesh_infra.cli.main import main

if __name__ == "__main__":  # the processes that a check starts import this module once more
    sys.exit(main())
