"""Data cells filters: which rows and columns of a table may be seen.

Sources: Lake Formation API reference, DataCellsFilter; developer guide, "Data filtering limitations".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from moto.glue.exceptions import EntityNotFoundException
from moto.lakeformation.exceptions import AlreadyExists, InvalidInput

from mesh_infra.aws.lakeformation import RESERVED_COLUMNS
from mesh_infra.local.aws.lakeformation.resources import Database, Filter, Table, filter_of, wire

_NAME = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f\r\n]{1,255}")
_LONGEST_EXPRESSION = 2048
_DEEPEST = 5
_NESTED = re.compile(r'"(?:[^"]|"")+"(?:\."(?:[^"]|"")+")+')
_QUOTED = re.compile(r'"((?:[^"]|"")+)"')


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows to be seen: those for which the expression holds, or all of them."""

    expression: str | None

    def wire(self) -> dict[str, Any]:
        """The rows as an answer holds them."""
        return {"AllRowsWildcard": {}} if self.expression is None else {"FilterExpression": self.expression}


@dataclass(frozen=True, slots=True)
class CellsFilter:
    """A filter; ``named`` are the columns to be seen, or all but those ``excluded`` where none are named."""

    key: Filter
    rows: Rows
    named: tuple[str, ...]
    excluded: tuple[str, ...]
    version: str

    def wire(self) -> dict[str, Any]:
        """The filter as Lake Formation gives it out."""
        columns = {"ColumnWildcard": {"ExcludedColumnNames": list(self.excluded)} if self.excluded else {}}
        return {
            **wire(self.key)["DataCellsFilter"],
            "RowFilter": self.rows.wire(),
            **({"ColumnNames": list(self.named)} if self.named else columns),
            "VersionId": self.version,
        }


def parse(data: Mapping[str, Any], columns: Collection[str], account: str) -> CellsFilter:
    """The filter of a request, for a table with ``columns``. Each parse is a new version.

    Raises ``InvalidInput`` for a filter that Lake Formation refuses.
    """
    key = filter_of(data, account)
    if not _NAME.fullmatch(key.name):
        raise InvalidInput("The name of a data cells filter must be one line of 1 to 255 characters")
    named, wildcard = tuple(data.get("ColumnNames") or ()), data.get("ColumnWildcard")
    if bool(named) == (wildcard is not None):
        raise InvalidInput("Exactly one of ColumnNames and ColumnWildcard must be given")
    excluded = tuple((wildcard or {}).get("ExcludedColumnNames") or ())
    _check_columns((*named, *excluded), columns)
    return CellsFilter(key, _rows(data.get("RowFilter") or {}), named, excluded, str(uuid4()))


def _rows(row_filter: Mapping[str, Any]) -> Rows:
    expression, wildcard = row_filter.get("FilterExpression"), row_filter.get("AllRowsWildcard")
    if bool(expression) == (wildcard is not None):
        raise InvalidInput("RowFilter must have exactly one of FilterExpression and AllRowsWildcard")
    if expression and len(expression) > _LONGEST_EXPRESSION:
        raise InvalidInput(f"FilterExpression must have at most {_LONGEST_EXPRESSION} characters")
    return Rows(expression or None)


def _check_columns(listed: tuple[str, ...], columns: Collection[str]) -> None:
    if len(set(listed)) < len(listed):
        raise InvalidInput("A column is listed more than once")
    for name in listed:
        path = _path(name)
        if len(path) > _DEEPEST:
            raise InvalidInput(f"Column {name} is nested deeper than {_DEEPEST}")
        if path[0] not in columns:
            raise InvalidInput(f"Column {name} does not exist in the table")
    if reserved := sorted(RESERVED_COLUMNS.intersection(columns)):
        raise InvalidInput(f"Data filters cannot be used with a table that has the column {reserved[0]}")


def _path(name: str) -> list[str]:
    """A column, or a nested one's path: ``"address"."zip"``."""
    if _NESTED.fullmatch(name):
        return [part.replace('""', '"') for part in _QUOTED.findall(name)]
    return [name]


class Filters:
    """All filters, in the order in which they were created."""

    def __init__(self) -> None:
        self._filters: dict[Filter, CellsFilter] = {}

    def __iter__(self) -> Iterator[CellsFilter]:
        return iter(self._filters.values())

    def create(self, new: CellsFilter) -> None:
        """Raises ``AlreadyExists`` where the table has a filter of the name."""
        if new.key in self._filters:
            raise AlreadyExists(f"Data cells filter {new.key.name} already exists")
        self._filters[new.key] = new

    def get(self, key: Filter) -> CellsFilter:
        """Raises AWS's EntityNotFoundException where there is none."""
        try:
            return self._filters[key]
        except KeyError:
            raise EntityNotFoundException(f"Data cells filter {key.name} not found") from None

    def replace(self, new: CellsFilter) -> None:
        """Raises AWS's EntityNotFoundException where there is none."""
        self.get(new.key)
        self._filters[new.key] = new

    def delete(self, key: Filter) -> None:
        """Raises AWS's EntityNotFoundException where there is none."""
        self.get(key)
        del self._filters[key]

    def forget(self, gone: Database | Table) -> None:
        """Drop the filters of a table, or of all tables of a database, that was deleted."""
        self._filters = {key: kept for key, kept in self._filters.items() if not _is_in(key.table, gone)}


def _is_in(table: Table, gone: Database | Table) -> bool:
    if isinstance(gone, Table):
        return table == gone
    return (table.catalog_id, table.database) == (gone.catalog_id, gone.name)
