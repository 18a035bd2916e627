"""Contracts in the formats of others: what they become there, and what becomes of theirs here."""
