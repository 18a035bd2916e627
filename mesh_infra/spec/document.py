"""YAML parsed with care: all that is wrong with a text, and where each value stands.

``yaml.py`` reads the same language faster and without positions; it calls for this module where it meets anything odd.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, cast

from yaml import YAMLError
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from mesh_infra.spec.position import Loc, Position
from mesh_infra.spec.problems import quoted
from mesh_infra.spec.scalars import INVISIBLE, plain
from mesh_infra.spec.syntax import explain

MAX_DEPTH = 40
"""How deeply values may be nested: enough for the most deeply nested type there can be, written as YAML."""


class Place(NamedTuple):
    """Where a value and its key stand: the events that they came as, so that positions cost nothing until asked for."""

    event: Event
    key_event: Event | None = None

    @property
    def value(self) -> Position:
        """Where the value begins."""
        return position_of(self.event)

    @property
    def key(self) -> Position | None:
        """Where its key begins; None for an item of a list."""
        return None if self.key_event is None else position_of(self.key_event)

    @property
    def written(self) -> str | None:
        """The text of a scalar; None for anything else."""
        return self.event.value if isinstance(self.event, ScalarEvent) else None


def position_of(event: Event) -> Position:
    """Where an event begins."""
    mark = event.start_mark
    return Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)


@dataclass(frozen=True, slots=True)
class YamlProblem:
    """Something about the YAML itself; ``rule`` is the finding's whole name."""

    rule: str
    position: Position
    message: str
    hint: str = ""


Yaml = str | bool | int | float | None | list["Yaml"] | dict[str, "Yaml"]
"""What YAML can hold."""


@dataclass(slots=True)
class Document:
    """A text as YAML: ``data`` is what can be used of it, None where it cannot be relied on."""

    data: Yaml = None
    places: dict[Loc, Place] = field(default_factory=dict)
    problems: list[YamlProblem] = field(default_factory=list)


def examine(text: str) -> Document:
    """Parse ``text``, which must hold one mapping; whatever is wrong is in the document's problems."""
    document = Document()
    if INVISIBLE.search(text):
        document.problems.extend(_invisible(text))
    else:
        _Examiner(text, document).run()
    return document


def _invisible(text: str) -> list[YamlProblem]:
    """The first character in each line that nobody would see."""
    problems = []
    for number, line in enumerate(text.split("\n"), start=1):
        found = INVISIBLE.search(line)
        if found:
            problems.append(_character(found[0], Position(number, found.start() + 1)))
    return problems


def _character(character: str, position: Position) -> YamlProblem:
    return YamlProblem(
        "yaml-character",
        position,
        f"the invisible character U+{ord(character):04X} is not allowed",
        "delete it; it can hide or reorder what a reviewer sees",
    )


class _UnusableError(Exception):
    """What follows cannot be told, so nothing of the file is used; the problem is on record."""


class _Examiner:
    def __init__(self, text: str, document: Document) -> None:
        self._text = text
        self._document = document
        self._usable = True

    def run(self) -> None:
        """Fill the document."""
        try:
            self._parser = CParser(self._text)
            data = self._stream()
        except YAMLError as error:
            problem, position, hint = explain(error, self._text)
            self._document.problems.append(YamlProblem("yaml-syntax", position, problem, hint))
        except _UnusableError:
            pass
        else:
            self._document.data = data if self._usable else None

    def _next(self) -> Event:
        # None only follows the stream's end, which nobody reads past.
        return cast("Event", self._parser.get_event())

    def _stream(self) -> Yaml:
        self._next()  # the stream's start
        start = self._next()
        first = self._next() if isinstance(start, DocumentStartEvent) else start
        if isinstance(first, StreamEndEvent) or (
            isinstance(first, ScalarEvent) and not first.value and not first.style
        ):
            self._fatal("yaml-empty", Position(1, 1), "the file is empty", "write its content or delete it")
        if not isinstance(first, MappingStartEvent):
            message = "the file must hold 'key: value' lines"
            self._fatal("yaml-mapping", position_of(first), message, "mind the space after ':'")
        data = self._value(first, (), None)
        self._next()  # the document's end
        after = self._next()
        if not isinstance(after, StreamEndEvent):
            hint = "put each into a file of its own"
            self._problem("yaml-documents", position_of(after), "a second document begins here", hint)
            self._skip_documents()
        return data

    def _skip_documents(self) -> None:
        while not isinstance(self._next(), StreamEndEvent):
            pass

    def _value(self, event: Event, loc: Loc, key: Event | None) -> Yaml:
        self._properties(event)
        self._document.places.setdefault(loc, Place(event, key))
        if isinstance(event, ScalarEvent):
            self._characters(event)
            return event.value if event.style or event.tag is not None else plain(event.value)
        if isinstance(event, AliasEvent):
            return None
        if len(loc) == MAX_DEPTH:
            message = f"values are nested more than {MAX_DEPTH} deep"
            self._fatal("yaml-depth", position_of(event), message, "nest them less")
        return self._mapping(loc) if isinstance(event, MappingStartEvent) else self._sequence(loc)

    def _sequence(self, loc: Loc) -> list[Yaml]:
        values: list[Yaml] = []
        while not isinstance(event := self._next(), SequenceEndEvent):
            values.append(self._value(event, (*loc, len(values)), None))
        return values

    def _mapping(self, loc: Loc) -> dict[str, Yaml]:
        values: dict[str, Yaml] = {}
        while not isinstance(event := self._next(), MappingEndEvent):
            key = self._key(event)
            if key is None:
                self._skip(self._next())
                continue
            here = (*loc, key)
            if key in values:
                first = self._document.places[here].key
                line = first.line if first else 0
                message = f"the key {quoted(key)} stands twice in one mapping, first in line {line}"
                self._problem("yaml-duplicate-key", position_of(event), message, "keep one of them")
            values.setdefault(key, self._value(self._next(), here, event))
        return values

    def _key(self, event: Event) -> str | None:
        """The key, None where it is none; the problem is then on record."""
        position = position_of(event)
        if not isinstance(event, ScalarEvent):
            if not isinstance(event, AliasEvent):
                hint = "a value that begins with '{' or '[' must be put in quotes"
                self._problem("yaml-key", position, "a key must be text, not a list or a mapping", hint)
            self._skip(event)
            return None
        self._properties(event)
        self._characters(event)
        if event.style:
            return str(event.value)
        if event.value == "<<":
            self._usable = False
            self._problem("yaml-merge", position, "merge keys ('<<') are not supported", "write the lines out")
            return None
        if isinstance(plain(event.value), str):
            return str(event.value)
        message = f"a key must be text, not {quoted(event.value)}" if event.value else "a key is missing before ':'"
        self._problem("yaml-key", position, message, f'write "{event.value}"' if event.value else "write 'key: value'")
        return None

    def _skip(self, event: Event) -> None:
        """Pass over a value that has no place in the data."""
        depth = 0
        while True:
            self._properties(event)
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth == 0:
                return
            event = self._next()

    def _properties(self, event: Event) -> None:
        """Refuse anchors, aliases and tags."""
        if isinstance(event, NodeEvent) and event.anchor is not None:
            self._usable = False
            sign = "*" if isinstance(event, AliasEvent) else "&"
            hint = "write the value out; text that begins with '&' or '*' must be put in quotes"
            message = f"anchors and aliases ({quoted(sign + event.anchor)}) are not supported"
            self._problem("yaml-anchor", position_of(event), message, hint)
        if isinstance(event, (ScalarEvent, CollectionStartEvent)) and event.tag is not None:
            hint = "remove it; text that begins with '!' must be put in quotes"
            self._problem("yaml-tag", position_of(event), f"tags ({quoted(event.tag)}) are not supported", hint)

    def _characters(self, event: ScalarEvent) -> None:
        found = INVISIBLE.search(event.value) or ("\r" in event.value and "\r")
        if found:
            self._document.problems.append(_character(found[0], position_of(event)))

    def _problem(self, rule: str, position: Position, message: str, hint: str = "") -> None:
        self._document.problems.append(YamlProblem(rule, position, message, hint))

    def _fatal(self, rule: str, position: Position, message: str, hint: str = "") -> None:
        self._problem(rule, position, message, hint)
        raise _UnusableError
