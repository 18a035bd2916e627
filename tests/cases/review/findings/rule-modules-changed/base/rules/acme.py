"""What Acme asks of contracts."""

RULES: list[object] = []
# As it was.
