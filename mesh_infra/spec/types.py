"""The types of columns, and what Glue calls them.

Glue takes Hive's types as text (AWS Glue, "Column.Type"; Athena, "Data types in Amazon Athena").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mesh_infra.spec.names import column_name
from mesh_infra.spec.problems import RefusedError, did_you_mean, quoted

MAX_DEPTH = 16
"""How deeply a type may be nested."""

MAX_LENGTH = 131_072
"""The longest type that Glue takes (AWS Glue, "Column.Type")."""


@dataclass(frozen=True, slots=True)
class DataType:
    """A parsed type.

    ``name`` is the kind as contracts say it (``string``, ``decimal``, ``struct``), ``glue`` the whole type as Glue
    takes it (``decimal(38,18)``, ``array<struct<a:int>>``). A struct has ``fields``; an array one ``inner`` type, a
    map two (its key and its value). Other spellings have become one name: ``text`` is ``string``, ``integer`` ``int``,
    ``long`` ``bigint``.
    """

    name: str
    glue: str
    fields: tuple[tuple[str, DataType], ...] = ()
    inner: tuple[DataType, ...] = ()

    @property
    def primitive(self) -> bool:
        """Whether it holds no other types."""
        return self.name not in NESTED

    @property
    def depth(self) -> int:
        """How many types lie one in the other: 1 for a primitive type."""
        inside = (*self.inner, *(type_ for _, type_ in self.fields))
        return 1 + max((type_.depth for type_ in inside), default=0)


NESTED = frozenset(("array", "map", "struct"))
"""The kinds of types that hold others."""

EXAMPLES = {"array": "array<string>", "map": "map<string,int>", "struct": "struct<name:string>"}

STRING = DataType("string", "string")

_PLAIN = {
    **{
        name: DataType(name, name)
        for name in (
            "boolean",
            "tinyint",
            "smallint",
            "int",
            "bigint",
            "float",
            "double",
            "date",
            "timestamp",
            "binary",
        )
    },
    "string": STRING,
    "text": STRING,
    # Glue has neither; what they mean stays in the contract.
    "uuid": DataType("uuid", "string"),
    "json": DataType("json", "string"),
    "integer": DataType("int", "int"),
    "long": DataType("bigint", "bigint"),
    # Spark's system default. Hive's own decimal(10,0) would drop the cents.
    "decimal": DataType("decimal", "decimal(38,18)"),
}
SIZED = {"varchar": 65_535, "char": 255}
"""Types that need a length, and the longest that Hive allows."""

PLAIN = tuple(_PLAIN)
"""What the types are called that neither take a length nor hold others."""

_KNOWN = (*PLAIN, *SIZED, *sorted(NESTED))

_ELSEWHERE = {
    "bool": "boolean",
    "bytes": "binary",
    "blob": "binary",
    "datetime": "timestamp",
    "float32": "float",
    "float64": "double",
    "int8": "tinyint",
    "int16": "smallint",
    "int32": "int",
    "int64": "bigint",
    "list": "array<…>",
    "number": "decimal(38,18)",
    "numeric": "decimal(38,18)",
    "nvarchar": "string",
    "object": "struct<…>",
    "real": "float",
    "short": "smallint",
    "str": "string",
    "time": "string",
    "timestamptz": "timestamp",
}
"""What other systems call a type."""

_SUCH_AS = "write one such as 'string', 'bigint', 'timestamp' or 'array<string>'"

_SHORT = 100
"""Types up to this length are parsed once: a mesh uses a few dozen of them, a hundred thousand times."""

_TOKEN = re.compile(r"\s*([^\s<>(),:]+|[<>(),:])")


def parse_type(text: str) -> DataType:
    """The type that ``text`` says; raises ``RefusedError`` (rule ``type``) in plain words.

    Type names are taken in any case, names of fields only in lower case.
    """
    if len(text) <= _SHORT:
        return _parse_short(text)
    if len(text) > MAX_LENGTH:
        raise _too_long(len(text))
    return _Parser(text).whole()


@lru_cache(maxsize=4096)
def _parse_short(text: str) -> DataType:
    return _Parser(text).whole()


def array_of(item: DataType) -> DataType:
    """``array<item>``."""
    return _shallow(DataType("array", f"array<{item.glue}>", inner=(item,)))


def map_of(key: DataType, value: DataType) -> DataType:
    """``map<key,value>``; raises ``RefusedError`` where the key is no primitive type, which Hive demands."""
    if not key.primitive:
        raise _refused(f"a map's key must be a primitive type, not {quoted(key.glue)}", "use 'string' for the keys")
    return _shallow(DataType("map", f"map<{key.glue},{value.glue}>", inner=(key, value)))


def struct_of(fields: Sequence[tuple[str, DataType]]) -> DataType:
    """``struct<name:type,…>``; raises ``RefusedError`` where it has no fields or one name twice."""
    if not fields:
        raise _refused("a struct must have fields")
    seen: set[str] = set()
    for name, _ in fields:
        if name in seen:
            raise _refused(f"the struct has the field {quoted(name)} twice", "rename or remove one of them")
        seen.add(name)
    glue = ",".join(f"{name}:{type_.glue}" for name, type_ in fields)
    return _shallow(DataType("struct", f"struct<{glue}>", fields=tuple(fields)))


def _shallow(type_: DataType) -> DataType:
    if type_.depth > MAX_DEPTH:
        raise _refused(f"the type is nested more than {MAX_DEPTH} deep", "flatten it")
    if len(type_.glue) > MAX_LENGTH:
        raise _too_long(len(type_.glue))
    return type_


def _too_long(length: int) -> RefusedError:
    message = f"the type has {length} characters, Glue takes {MAX_LENGTH}"
    return _refused(message, "leave fields out, or shorten their names")


def _refused(message: str, hint: str = "") -> RefusedError:
    return RefusedError(message, hint, "type")


class _Parser:
    """Recursive descent over the tokens of one type."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _TOKEN.findall(text)
        self._at = 0
        self._depth = 0

    def whole(self) -> DataType:
        type_ = self._type()
        if self._at < len(self._tokens):
            raise self._malformed(f"{quoted(self._tokens[self._at])} does not belong there")
        return type_

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _expect(self, sign: str) -> None:
        if self._take() != sign:
            raise self._malformed(f"a {quoted(sign)} is missing")

    def _malformed(self, what: str) -> RefusedError:
        hint = ""
        if self._text.count("(") != self._text.count(")") or self._text.count("<") != self._text.count(">"):
            hint = "close every bracket; inside { } or [ ] a type with a comma needs quotes"
        return _refused(f"the type {quoted(self._text)} cannot be read: {what}", hint)

    def _type(self) -> DataType:
        word = self._take()
        kind = word.lower()
        if kind in NESTED:
            return self._nested(kind)
        if kind == "decimal" and self._peek() == "(":
            return self._decimal()
        if kind in SIZED:
            return self._sized(kind)
        if kind not in _PLAIN:
            raise self._unknown(word)
        if self._peek() == "(":
            raise _refused(f"the type {quoted(kind)} takes no length", f"write {quoted(kind)}")
        return _PLAIN[kind]

    def _unknown(self, word: str) -> RefusedError:
        if word in ("", "<", ">", "(", ")", ",", ":"):
            return self._malformed("a type is missing")
        proposal = _ELSEWHERE.get(word.lower())
        hint = f"write {quoted(proposal)}" if proposal else did_you_mean(word, _KNOWN) or _SUCH_AS
        return _refused(f"unknown type {quoted(word)}", hint)

    def _nested(self, kind: str) -> DataType:
        if self._peek() != "<":
            raise _refused(f"the type {quoted(kind)} does not say what it holds", f"write {quoted(EXAMPLES[kind])}")
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _refused(f"the type is nested more than {MAX_DEPTH} deep", "flatten it")
        self._take()
        type_ = self._array() if kind == "array" else self._map() if kind == "map" else self._struct()
        self._expect(">")
        self._depth -= 1
        return type_

    def _array(self) -> DataType:
        return array_of(self._type())

    def _map(self) -> DataType:
        key = self._type()
        self._expect(",")
        return map_of(key, self._type())

    def _struct(self) -> DataType:
        fields = [self._field()]
        while self._peek() == ",":
            self._take()
            fields.append(self._field())
        return struct_of(fields)

    def _field(self) -> tuple[str, DataType]:
        name = self._take()
        if name in ("", "<", ">", "(", ")", ",", ":"):
            raise self._malformed("a field's name is missing")
        column_name(name)
        self._expect(":")
        return name, self._type()

    def _number(self) -> int:
        token = self._take()
        if not re.fullmatch(r"[0-9]{1,6}", token):
            raise self._malformed("a number is missing" if token in ("", ")", ",") else f"{quoted(token)} is no number")
        return int(token)

    def _decimal(self) -> DataType:
        self._take()
        precision, scale = self._number(), 0
        if self._peek() == ",":
            self._take()
            scale = self._number()
        self._expect(")")
        if not 1 <= precision <= 38:
            raise _refused(f"a decimal has 1 to 38 digits, not {precision}", "write decimal(38,18) or less")
        if scale > precision:
            message = f"a decimal of {precision} digits cannot have {scale} behind the point"
            raise _refused(message, "give it more digits")
        return DataType("decimal", f"decimal({precision},{scale})")

    def _sized(self, kind: str) -> DataType:
        longest = SIZED[kind]
        if self._peek() != "(":
            raise _refused(f"the type {quoted(kind)} needs a length", f"write {quoted(kind + '(100)')} or 'string'")
        self._take()
        length = self._number()
        self._expect(")")
        if not 1 <= length <= longest:
            raise _refused(f"a {kind} has a length of 1 to {longest}, not {length}", "write 'string' for longer text")
        return DataType(kind, f"{kind}({length})")
