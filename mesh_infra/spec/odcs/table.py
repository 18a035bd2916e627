"""A table of the Open Data Contract Standard, as our own format would have it."""

from __future__ import annotations

from open_data_contract_standard.model import OpenDataContractStandard, SchemaObject, SchemaProperty

from mesh_infra.spec.document import Yaml
from mesh_infra.spec.model import Status
from mesh_infra.spec.odcs.columns import Columns
from mesh_infra.spec.odcs.custom import OWN, OwnFields, refuse_protection
from mesh_infra.spec.odcs.document import OdcsReader
from mesh_infra.spec.odcs.head import STATUS
from mesh_infra.spec.odcs.personal import property_says, tag_says
from mesh_infra.spec.odcs.terms import Owner, Terms
from mesh_infra.spec.problems import listed, quoted
from mesh_infra.spec.source import Loc

_HOMES = {
    "dataset": "name",
    "version": "version",
    "owner": "team",
    "status": "status",
    "title": "businessName",
    "description": "description",
    "schema": "properties",
    "partition_by": "partitionKeyPosition",
    "retention_days": "slaProperties",
    "access_policy": "roles",
    "sla": "slaProperties",
    "odcs": "customProperties",
}
"""The fields of our contracts that have a place in the standard."""

_FORMAT_SERVERS = frozenset(("glue", "s3"))
"""The servers whose ``format`` is that of the files that we provision."""


class Table:
    """One entry of ``schema``, on its way into the terms of our format."""

    def __init__(self, reader: OdcsReader, document: OpenDataContractStandard, index: int) -> None:
        self._reader = reader
        self._document = document
        self._at: Loc = ("schema", index)
        self._given: SchemaObject = (document.schema_ or [])[index]
        self.places: dict[Loc, Loc] = {(): ()}
        """Where each value of our format stands in the file."""

    def native(self, owner: Owner) -> dict[str, Yaml]:
        """What our own format would say."""
        given, document, places = self._given, self._document, self.places
        name = given.physicalName or given.name
        places["dataset",] = (*self._at, "physicalName" if given.physicalName else "name")
        if name is None:
            self._reader.missing(self._at, "name", "a table has no 'name'", "write one")
        if given.logicalType not in (None, "object"):
            message = f"a table is an object, not {quoted(given.logicalType or '')}"
            self._reader.report("type", (*self._at, "logicalType"), message, "write 'object' or remove it")
        places["owner",] = owner.loc
        values: dict[str, Yaml] = {
            "dataset": name or f"unnamed_{self._at[-1]}",
            "version": document.version or "v1",
            "owner": owner.name,
            "status": STATUS.get(document.status or "", Status.DRAFT).value,
        }
        if given.businessName:
            places["title",] = (*self._at, "businessName")
            values["title"] = given.businessName
        values |= self._description()
        values["schema"] = self._columns()
        self._refuse_unhidden(values["schema"])
        values |= self._partition_by()
        names = {given.name, given.physicalName, given.id, *(column.name for column in given.properties or ())}
        terms = Terms(self._reader, places)
        values |= terms.service_levels(document.slaProperties, {name for name in names if name})
        values["access_policy"] = terms.access_policy(document.roles)
        values |= self._tags()
        values |= self._format()
        for index, custom in enumerate(given.customProperties or ()):
            refuse_protection(self._reader, custom, (*self._at, "customProperties", index))
        own = OwnFields(self._reader, places)
        return values | own.fields(given.customProperties, (*self._at, "customProperties"), (), _HOMES)

    def _description(self) -> dict[str, Yaml]:
        purpose = self._document.description and self._document.description.purpose
        self.places["description",] = (
            (*self._at, "description") if self._given.description else ("description", "purpose")
        )
        description = self._given.description or purpose
        return {"description": description} if description else {}

    def _columns(self) -> list[Yaml]:
        at: Loc = (*self._at, "properties")
        self.places["schema",] = at
        columns = Columns(self._reader, self.places)
        given = self._given.properties or []
        if not given:
            name = quoted(self._given.name or "")
            message = f"the table {name} has no column in its 'properties'"
            self._reader.missing(self._at, "properties", message, "write one")
            return [{"name": "_", "type": "string"}]
        return [columns.column(column, (*at, index), ("schema", index)) for index, column in enumerate(given)]

    def _refuse_unhidden(self, columns: Yaml) -> None:
        """A table that is called personal data is not hidden by that: columns are."""
        if _has_personal(columns):
            return
        tags = ((("tags", index), tag_says(tag)) for index, tag in enumerate(self._given.tags or ()))
        custom = enumerate(self._given.customProperties or ())
        properties = ((("customProperties", index), property_says(given)) for index, given in custom)
        for at, says in (*tags, *properties):
            if says not in (None, False):
                name = quoted(self._given.physicalName or self._given.name or "")
                message = f"the table {name} is called personal data, and none of its columns is: all would be shown"
                self._reader.report("pii", (*self._at, *at), message, "give the tag 'pii' to the columns that are")
                return

    def _partition_by(self) -> dict[str, Yaml]:
        """The partition keys by their positions; those without one as they stand in the file."""
        keys: list[tuple[int, int, str, SchemaProperty]] = []
        for index, column in enumerate(self._given.properties or ()):
            if column.partitioned:
                position = column.partitionKeyPosition
                # -1 is the standard's default.
                said = position is not None and position != -1
                key = "partitionKeyPosition" if said else "partitioned"
                keys.append((position if position is not None and said else len(keys) + 1, index, key, column))
        keys.sort(key=lambda found: found[:2])
        self.places["partition_by",] = (*self._at, "properties")
        seen: set[int] = set()
        for place, (position, index, key, _) in enumerate(keys):
            at = (*self._at, "properties", index, key)
            self.places["partition_by", place] = at
            if position in seen:
                message = f"another partition key has the position {position} too"
                self._reader.report("partition", at, message, "number them 1, 2, …")
            seen.add(position)
        names: list[Yaml] = [column.physicalName or column.name for *_, column in keys]
        return {"partition_by": names} if names else {}

    def _tags(self) -> dict[str, Yaml]:
        """Those of the contract, then those of the table."""
        tags: list[Yaml] = []
        for at, given in ((("tags",), self._document.tags), ((*self._at, "tags"), self._given.tags)):
            for index, tag in enumerate(given or ()):
                self.places["tags", len(tags)] = (*at, index)
                tags.append(tag)
        return {"tags": tags} if tags else {}

    def _format(self) -> dict[str, Yaml]:
        """What the servers say that we know; ``mesh:format`` among the table's custom properties wins."""
        found: dict[str, Loc] = {}
        if any(custom.property == f"{OWN}format" for custom in self._given.customProperties or ()):
            return {}
        for index, server in enumerate(self._document.servers or ()):
            if server.type in _FORMAT_SERVERS and server.format:
                found.setdefault(server.format.strip().lower(), ("servers", index, "format"))
        if not found:
            return {}
        (first, at), *others = found.items()
        if others:
            message = f"the servers have different formats: {listed(found, 'and')}"
            self._reader.report(
                "format", others[0][1], message, "a dataset has one: say it with 'mesh:format' at the table"
            )
        self.places["format",] = at
        return {"format": first}


def _has_personal(value: Yaml) -> bool:
    """Whether a column, or a field in it, is personal."""
    match value:
        case dict():
            return value.get("pii") is True or any(map(_has_personal, value.values()))
        case list():
            return any(map(_has_personal, value))
        case _:
            return False
