"""A contract of our own format as YAML for people, in the order in which they write one."""

from __future__ import annotations

from collections.abc import Mapping

from mesh_infra.exchange.text import yaml_text
from mesh_infra.spec.document import Yaml

_ORDER = ("dataset", "version", "owner", "status", "title", "description", "tags", "format", "csv", "schema")
_LAST = ("access_policy", "accept", "odcs")
"""What a contract begins with, and ends with."""


def in_order(contract: Mapping[str, Yaml]) -> dict[str, Yaml]:
    """The fields of a contract in that order."""
    middle = [key for key in contract if key not in _ORDER and key not in _LAST]
    return {key: contract[key] for key in (*_ORDER, *middle, *_LAST) if key in contract}


def contract_text(contract: Mapping[str, Yaml]) -> str:
    """The contract as YAML."""
    return yaml_text(in_order(contract))
