"""Which columns of a table a grant or a filter names."""

from __future__ import annotations

from dataclasses import dataclass

from mesh_infra.aws.lake import LakeTable


@dataclass(frozen=True, slots=True)
class Chosen:
    """Columns of a table, as a whole; ``partly``: those of which only fields are named."""

    columns: frozenset[str]
    partly: tuple[str, ...] = ()


class TableColumns:
    """The columns of one table, partition keys last, ready to choose from.

    Column names are compared as Athena does, in any case (Athena, "Names for tables, databases, and columns").
    """

    def __init__(self, table: LakeTable) -> None:
        self.names = (*table.columns, *table.partition_keys)
        self.every = frozenset(self.names)
        self._keys = frozenset(table.partition_keys)
        # Many readers have one filter.
        self._named: dict[tuple[str, ...], Chosen] = {}
        self._but: dict[tuple[str, ...], Chosen] = {}

    def all(self) -> Chosen:
        """Every column."""
        return Chosen(self.every)

    def named(self, names: tuple[str, ...]) -> Chosen:
        """Those, and the partition keys with them where there is any."""
        if names not in self._named:
            whole, partly = _split(names)
            columns = frozenset(name for name in self.names if name.lower() in whole)
            self._named[names] = self._with_keys(columns, partly)
        return self._named[names]

    def but(self, names: tuple[str, ...]) -> Chosen:
        """All but those; a column of which a field is excluded is not there as a whole."""
        if names not in self._but:
            whole, partly = _split(names)
            hidden = whole | partly
            columns = frozenset(name for name in self.names if name.lower() not in hidden)
            self._but[names] = self._with_keys(columns, partly)
        return self._but[names]

    def _with_keys(self, columns: frozenset[str], partly: set[str]) -> Chosen:
        # Lake Formation, "Notes and restrictions for column-level filtering": partition columns cannot be hidden from
        # somebody who reads anything.
        return Chosen(columns | self._keys if columns else columns, tuple(sorted(partly)))


def _split(names: tuple[str, ...]) -> tuple[set[str], set[str]]:
    """The columns that are named, and those of which a field is: ``"address"."city"`` names one of ``address``."""
    whole: set[str] = set()
    partly: set[str] = set()
    for name in names:
        column, dot, _ = name.lower().partition('"."')
        (partly if dot else whole).add(column.strip('"'))
    return whole, partly
