"""What changes in contracts, in words, and whether it breaks those who read them."""

from mesh_infra.review.contracts.blast import Affected, blast_radius
from mesh_infra.review.contracts.comparison import contract_changes

__all__ = ["Affected", "blast_radius", "contract_changes"]
