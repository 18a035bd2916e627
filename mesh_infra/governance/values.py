"""What settings of rules accept: each function gives the ``read`` of a ``Setting``."""

from __future__ import annotations

from collections.abc import Callable, Collection

from mesh_infra.governance.rule import SettingError
from mesh_infra.spec.problems import did_you_mean, quoted


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
            raise SettingError(f"must be a list, not {shown(value)}", "write it in brackets: [one, another]")
        if not value:
            raise SettingError("must not be empty", "name at least one, or remove the line")
        return tuple(_word(element, index) for index, element in enumerate(value))

    def _word(element: object, index: int) -> str:
        if not isinstance(element, str):
            raise SettingError(f"must hold texts, not {shown(element)}", "put it in quotes", (index,))
        try:
            return item(element)
        except SettingError as error:
            raise SettingError(error.message, error.hint, (index,)) from None

    return read


def one_of(choices: Collection[str], kind: str) -> Callable[[str], str]:
    """One of the texts in ``choices``; ``kind`` is what they are called in a message."""

    def read(value: str) -> str:
        if value not in choices:
            raise SettingError(f"holds {quoted(value)}, which is no {kind}", did_you_mean(value, choices))
        return value

    return read
