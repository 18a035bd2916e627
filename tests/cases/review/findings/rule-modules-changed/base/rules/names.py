RULES: list[object] = []
