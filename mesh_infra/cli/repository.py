"""The git repository around a mesh."""

from __future__ import annotations

from pathlib import Path

from mesh_infra.errors import UsageError
from mesh_infra.review.git import Repository


def folder_of(root: Path) -> str:
    """Where in its repository the mesh at ``root`` lies, with a slash at its end; empty at the top and outside."""
    try:
        return Repository(root).prefix
    except UsageError:
        return ""
