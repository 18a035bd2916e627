"""Strict YAML: one mapping with text keys, core scalars of YAML 1.2, and nothing that surprises.

This is the fast way: straight over libyaml's events, without positions. It knows only what is right; at anything else
it gives up and ``document.py`` parses the text again to say what is wrong, where.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yaml import YAMLError
from yaml._yaml import CParser
from yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from mesh_infra.findings import Finding, Severity
from mesh_infra.spec.document import MAX_DEPTH, Yaml
from mesh_infra.spec.scalars import INVISIBLE, plain
from mesh_infra.spec.source import Source

_Next = Callable[[], Any]  # Any: an event, whose class the parser's own signature does not give


class _OddError(Exception):
    """Something that is not plainly right."""


def load_mapping(source: Source) -> tuple[dict[str, Yaml] | None, list[Finding]]:
    """The mapping that a file holds and what is wrong with its YAML; None where nothing of it can be relied on.

    With a finding there may still be data, so that the rest of the file can be checked in the same run.
    """
    data, source.parsed = source.parsed or parse_plain(source.text), None
    if data is not None:
        return data, []
    document = source.document
    findings = [
        Finding(p.rule, Severity.ERROR, source.path, p.position.line, p.position.column, p.message, p.hint)
        for p in document.problems
    ]
    return (document.data if isinstance(document.data, dict) else None), findings


def parse_plain(text: str) -> dict[str, Yaml] | None:
    """The mapping that a text holds; None where there is anything in it that has to be looked at with care."""
    try:
        return _fast(text)
    except (_OddError, YAMLError):
        return None


def _fast(text: str) -> dict[str, Yaml]:
    # An escape in double quotes can hide an invisible character from the search, and is rare.
    if "\\" in text or _has_invisible(text):
        raise _OddError
    following: _Next = CParser(text).get_event
    following()
    if type(following()) is not DocumentStartEvent:
        raise _OddError
    data = _value(following(), following, MAX_DEPTH)
    if type(data) is not dict:
        raise _OddError
    if type(following()) is not DocumentEndEvent or type(following()) is not StreamEndEvent:
        raise _OddError
    return data


def _has_invisible(text: str) -> bool:
    # Most files are ASCII, where Python's own test is far faster than the search. It fails for tabs too.
    if text.isascii() and text.replace("\n", " ").isprintable():
        return False
    return INVISIBLE.search(text) is not None


def _value(event: Event, following: _Next, room: int) -> Yaml:
    if type(event) is ScalarEvent:
        if event.tag is not None or event.anchor is not None:
            raise _OddError
        return event.value if event.style else plain(event.value)
    if type(event) is MappingStartEvent:
        if not room or event.anchor is not None or event.tag is not None:
            raise _OddError
        return _mapping(following, room - 1)
    if type(event) is SequenceStartEvent:
        if not room or event.anchor is not None or event.tag is not None:
            raise _OddError
        return _sequence(following, room - 1)
    raise _OddError


def _sequence(following: _Next, room: int) -> list[Yaml]:
    values = []
    while type(event := following()) is not SequenceEndEvent:
        values.append(_value(event, following, room))
    return values


def _mapping(following: _Next, room: int) -> dict[str, Yaml]:
    values: dict[str, Yaml] = {}
    while type(event := following()) is not MappingEndEvent:
        if type(event) is not ScalarEvent or event.tag is not None or event.anchor is not None:
            raise _OddError
        key = event.value
        if key in values or (not event.style and (key == "<<" or type(plain(key)) is not str)):
            raise _OddError
        values[key] = _value(following(), following, room)
    return values
