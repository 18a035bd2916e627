"""What a change does: to contracts, to who sees which column, and to the infrastructure."""
