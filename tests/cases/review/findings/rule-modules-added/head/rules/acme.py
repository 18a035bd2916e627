"""What Acme asks of contracts."""

RULES: list[object] = []
