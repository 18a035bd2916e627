"""What settings of rules accept: each function gives the ``read`` of a ``Setting``."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NoReturn

from mesh_infra.governance.rule import Problem, SettingError
from mesh_infra.spec.problems import RefusedError, did_you_mean, quoted


def shown(value: object) -> str:
    """A value out of YAML as a message shows it."""
    match value:
        case bool():
            return quoted(str(value).lower())
        case str() | int() | float():
            return quoted(str(value))
        case list() | tuple():
            return "a list"
        case None:
            return "nothing"
        case _:
            return "a mapping"


def words(item: Callable[[str], str]) -> Callable[[object], tuple[str, ...]]:
    """A list of at least one text; ``item`` makes the value out of each and raises ``SettingError``."""

    def read(value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise SettingError(Problem(f"must be a list, not {shown(value)}", "write it in brackets: [one, another]"))
        if not value:
            raise SettingError(Problem("must not be empty", "name at least one, or remove the line"))
        found, problems = [], []
        for index, element in enumerate(value):
            try:
                found.append(item(element) if isinstance(element, str) else _no_text(element))
            except SettingError as error:
                problems += [Problem(p.message, p.hint, (index, *p.loc)) for p in error.problems]
        if problems:
            raise SettingError(*problems)
        return tuple(found)

    return read


def _no_text(element: object) -> NoReturn:
    raise SettingError(Problem(f"must hold texts, not {shown(element)}", "put it in quotes"))


def one_of(choices: Collection[str], kind: str) -> Callable[[str], str]:
    """One of the texts in ``choices``; ``kind`` is what they are called in a message."""

    def read(value: str) -> str:
        if value not in choices:
            raise SettingError(Problem(f"holds {quoted(value)}, which is no {kind}", did_you_mean(value, choices)))
        return value

    return read


def named(check: Callable[[str], str], kind: str) -> Callable[[str], str]:
    """A text that ``check`` takes as the name of a ``kind``."""

    def read(value: str) -> str:
        try:
            return check(value)
        except RefusedError as refused:
            raise SettingError(Problem(f"holds {quoted(value)}, which is no name of a {kind}", refused.hint)) from None

    return read
