"""Contracts in the Open Data Contract Standard. What is here loads its models, but for ``source``: import it late."""
