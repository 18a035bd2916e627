"""Who may see which column: of one mesh as a matrix, of two as the difference."""

from mesh_infra.review.access.changes import access_changes
from mesh_infra.review.access.matrix import AccessRow, ColumnAccess, matrix
from mesh_infra.review.access.why import Answer, Step, why

__all__ = ["AccessRow", "Answer", "ColumnAccess", "Step", "access_changes", "matrix", "why"]
