"""A mesh in a git repository, with a change that is not committed yet."""

from __future__ import annotations

from pathlib import Path

from tests.meshes import BASE, CONTRACT
from tests.review.repository import Repo, new_repository

ORDERS = "contracts/sales/orders.yaml"
CLEAR = CONTRACT.replace("read_masked", "read")


def changed(root: Path, files: dict[str, str | bytes | None] | None = None, folder: str = "") -> Repo:
    """The base mesh, committed, with marketing's access to ``orders`` in clear on top, or with ``files``.

    ``folder`` is where in the repository the mesh lies: empty, or with a slash at its end.
    """
    repo = new_repository(root)
    repo.commit({f"{folder}{path}": text for path, text in BASE.items()})
    repo.write({f"{folder}{path}": text for path, text in (files or {ORDERS: CLEAR}).items()})
    return repo
