"""``python -m mesh_infra.cli``: the `mesh` command where its script is not on PATH."""

from __future__ import annotations

import sys

from mesh_infra.cli.main import main

sys.exit(main())
