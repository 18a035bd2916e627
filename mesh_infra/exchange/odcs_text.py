"""Contracts as YAML for people: nothing quoted that need not be, long text as text, and read back as what it was."""

from __future__ import annotations

from collections.abc import Mapping

import yaml
from yaml.nodes import ScalarNode

from mesh_infra.spec.document import Yaml
from mesh_infra.spec.scalars import plain

_ORDER = ("dataset", "version", "owner", "status", "title", "description", "tags", "format", "csv", "schema")
_LAST = ("access_policy", "accept", "odcs")
"""What a contract of our own format begins with, and ends with."""


class _Dumper(yaml.SafeDumper):
    """Writes what stands in a document twice out twice, and indents lists below their keys."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - for whatever it is
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - PyYAML's name
        super().increase_indent(flow, False)


def _text(dumper: _Dumper, text: str) -> ScalarNode:
    style = None
    if "\n" in text:
        style = "|"
    elif not isinstance(plain(text), str):
        style = '"'  # YAML 1.2 takes it for something else, as PyYAML, which has 1.1 in mind, may not
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def odcs_text(document: Mapping[str, Yaml]) -> str:
    """A document of the standard as YAML."""
    return _dumped(dict(document))


def in_order(contract: Mapping[str, Yaml]) -> dict[str, Yaml]:
    """A contract of our own format in the order in which people write one."""
    middle = [key for key in contract if key not in _ORDER and key not in _LAST]
    return {key: contract[key] for key in (*_ORDER, *middle, *_LAST) if key in contract}


def contract_text(contract: Mapping[str, Yaml]) -> str:
    """A contract of our own format as YAML."""
    return _dumped(in_order(contract))


def _dumped(document: dict[str, Yaml]) -> str:
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100_000)
