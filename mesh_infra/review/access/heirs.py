"""Columns that hold what was sensitive before; changes of contracts are told by the same."""

from __future__ import annotations

from mesh_infra.review.contracts.heirs import Heirs

__all__ = ["Heirs"]
