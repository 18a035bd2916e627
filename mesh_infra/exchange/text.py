"""Documents for other tools, and contracts, as text: the same document always gives the same bytes.

A text of a contract cannot end a string or be taken for another type: both formats quote it. JSON is in ASCII; in YAML,
which people read, letters stay letters, and what a terminal would not show as itself is escaped.
"""

from __future__ import annotations

import json
import re

import yaml

from mesh_infra.spec.scalars import plain

_COMMAND = re.compile(r"^\s*::", re.MULTILINE)
"""A line that a job on GitHub takes for a command, wherever it prints it (GitHub Docs, "Workflow commands")."""


class _Dumper(yaml.SafeDumper):
    """YAML for readers that know no anchors, and for people."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - whatever it is, it is written out each time
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - PyYAML's name
        """Indent the entries of a list below its key."""
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if "\n" in text:
        style = '"' if _COMMAND.search(text) else "|"
    elif not isinstance(plain(text), str):
        style = '"'  # YAML 1.2 takes it for something else, as PyYAML, which has 1.1 in mind, may not
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def json_text(document: object) -> str:
    """The document as JSON, its keys in the order that they have."""
    return json.dumps(document, indent=2) + "\n"


def yaml_text(document: object) -> str:
    """The document as YAML, its keys in the order that they have, no line broken that is one."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100_000)
