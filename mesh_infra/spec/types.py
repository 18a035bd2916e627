"""The types of columns, and what Glue calls them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataType:
    """A parsed type.

    ``name`` is the kind as contracts say it (``string``, ``decimal``, ``struct``), ``glue`` the whole type as Glue takes
    it (``decimal(38,18)``, ``array<struct<a:int>>``). A struct has ``fields``; an array one ``inner`` type, a map two.
    """

    name: str
    glue: str
    fields: tuple[tuple[str, DataType], ...] = ()
    inner: tuple[DataType, ...] = ()
