"""Who effectively reads which column, from what AWS holds, whoever made it."""

from __future__ import annotations

from mesh_infra.access.evaluate import evaluate
from mesh_infra.access.model import Access, Doubt, Reader, Rows, TableAccess, Via, Way

__all__ = ["Access", "Doubt", "Reader", "Rows", "TableAccess", "Via", "Way", "evaluate"]
