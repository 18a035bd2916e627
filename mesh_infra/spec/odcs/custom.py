"""Custom properties of the Open Data Contract Standard: those that are ours, and those that must not be ignored."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from open_data_contract_standard.model import CustomProperty

from mesh_infra.spec.document import Yaml
from mesh_infra.spec.odcs.document import OdcsReader
from mesh_infra.spec.problems import quoted
from mesh_infra.spec.source import Loc

OWN = "mesh:"
"""How the custom properties begin that hold a field of our own format: ``mesh:format`` is our ``format``."""

_PROTECTION = frozenset(
    (
        "columnmask",
        "columnmasking",
        "datamasking",
        "expires",
        "mask",
        "masked",
        "maskedas",
        "masking",
        "maskingpolicy",
        "maskingrule",
        "rowaccesspolicy",
        "rowfilter",
        "rowfilters",
        "rowlevelfilter",
        "rowlevelsecurity",
    )
)
"""Bare names of custom properties by which other tools protect data: refused, since ignoring them would show it."""


class OwnFields:
    """Reads the fields of our own format that have no place in the standard; ``places`` gets where they stand."""

    def __init__(self, reader: OdcsReader, places: dict[Loc, Loc]) -> None:
        self._reader = reader
        self._places = places

    def fields(
        self, custom: Sequence[CustomProperty] | None, at: Loc, own: Loc, homes: Mapping[str, str]
    ) -> dict[str, Yaml]:
        """The fields among ``custom``, a list at ``at``; ``homes`` are those with a place in the standard: errors."""
        values: dict[str, Yaml] = {}
        for index, given in enumerate(custom or ()):
            name = given.property or ""
            if not bare_name(given).startswith(OWN):
                continue
            key = name.removeprefix(OWN)
            if key == name:
                hint = f"fields of ours begin with {quoted(OWN)}, in lower case"
                self._reader.report("key", (*at, index, "property"), f"unknown property {quoted(name)}", hint)
            elif key in homes:
                message = f"{quoted(OWN + key)} has a place of its own in the standard"
                self._reader.report("key", (*at, index, "property"), message, f"write {quoted(homes[key])}")
            else:
                values[key] = given.value
                self._places[*own, key] = (*at, index, "value")
        return values


def refuse_protection(reader: OdcsReader, custom: CustomProperty, loc: Loc) -> None:
    """Report a custom property that would protect data elsewhere."""
    if bare_name(custom) in _PROTECTION:
        message = f"{quoted(custom.property or '')} is not supported yet: what it protects would be shown"
        reader.report("unsupported", loc, message, "remove it, and give 'read_masked' where data has to be hidden")


def bare_name(custom: CustomProperty) -> str:
    """What a custom property is called, whichever way its words are joined."""
    return re.sub(r"[^a-z0-9:]", "", (custom.property or "").lower())
