"""What libyaml finds wrong with a text, in words for people who write YAML once a month."""

from __future__ import annotations

from typing import NamedTuple

from yaml import YAMLError
from yaml.error import MarkedYAMLError

from mesh_infra.spec.position import Position


class Explained(NamedTuple):
    """A syntax error: what is wrong, where, and what to do."""

    message: str
    position: Position
    hint: str = ""


_INDENTATION = "bring it in line with the lines around it"

# By libyaml's own problem (src/scanner.c and src/parser.c of 0.2.5): what we say and what to do.
_PROBLEMS = {
    "mapping values are not allowed in this context": (
        "a ': ' does not fit here",
        "put text that holds ': ' in quotes, or check the indentation of this line and the one before",
    ),
    "could not find expected ':'": ("the line before has no ':' after its key", "write 'key: value'"),
    "did not find expected key": ("this line fits neither the mapping nor the text around it", _INDENTATION),
    "did not find expected '-' indicator": ("this line does not fit the list around it", _INDENTATION),
    "block sequence entries are not allowed in this context": (
        "a list cannot begin behind its key",
        "begin it on a line of its own, or write [a, b]",
    ),
    "found a tab character that violates indentation": ("a tab is used as indentation", "indent with spaces"),
    "found a tab character where an indentation space is expected": (
        "a tab is used as indentation",
        "indent with spaces",
    ),
    "found unknown escape character": (
        "an unknown escape after '\\' in double quotes",
        "write '\\\\', or use single quotes",
    ),
    "did not find expected hexdecimal number": ("an escape in double quotes lacks its digits", "write '\\\\' for '\\'"),
    "found invalid Unicode character escape code": (
        "an escape in double quotes names no character",
        "write '\\\\' for '\\'",
    ),
    "did not find expected alphabetic or numeric character": (
        "a value cannot begin with '*' or '&'",
        "put it in quotes",
    ),
    "did not find expected comment or line break": (
        "text cannot follow '|' or '>' on its line",
        "put a value that begins with '|' or '>' in quotes",
    ),
    "did not find expected node content": ("a value is missing or begins with ',', ']' or '}'", "put text in quotes"),
    "found unknown directive name": ("a line cannot begin with '%'", "put it in quotes"),
    "found incompatible YAML document": (
        "the file declares a version of YAML other than 1.1 and 1.2",
        "remove the line",
    ),
    "found undefined tag handle": ("a value cannot begin with '!'", "put it in quotes"),
}
# These are noticed far from where they began, so the place is that of the opening sign.
_UNCLOSED = {
    "found unexpected end of stream": ("the quote that opens here is never closed", "close it"),
    "found unexpected document indicator": ("the quote that opens here is never closed", "close it"),
    "did not find expected ',' or ']'": ("the list that opens here with '[' is not closed", "check commas and ']'"),
    "did not find expected ',' or '}'": ("the mapping that opens here with '{' is not closed", "check commas and '}'"),
}


def explain(error: YAMLError, text: str) -> Explained:
    """The syntax error that libyaml raised over ``text``."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Explained("this is not YAML", Position(1, 1))
    problem = error.problem or ""
    position = Position(error.problem_mark.line + 1, error.problem_mark.column + 1)
    if problem in _UNCLOSED and error.context_mark is not None:
        message, hint = _UNCLOSED[problem]
        return Explained(message, Position(error.context_mark.line + 1, error.context_mark.column + 1), hint)
    if problem == "did not find expected key" and _character_at(text, position) == ":":
        return Explained("a key is missing before ':'", position, "write 'key: value'")
    if problem == "found character that cannot start any token":
        return _bad_start(_character_at(text, position), position)
    if problem == "did not find expected node content" and not _character_at(text, position):
        return Explained("a '[' or '{' is never closed", position, "close it")
    if problem in _PROBLEMS:
        message, hint = _PROBLEMS[problem]
        return Explained(message, position, hint)
    return Explained(f"this is not YAML ({problem})", position, "put text with special characters in quotes")


def _bad_start(character: str, position: Position) -> Explained:
    if character == "\t":
        return Explained("a tab is used as indentation", position, "indent with spaces")
    return Explained(f"a value cannot begin with '{character}'", position, "put it in quotes")


def _character_at(text: str, position: Position) -> str:
    lines = text.splitlines()
    line = lines[position.line - 1] if position.line <= len(lines) else ""
    return line[position.column - 1 : position.column]
