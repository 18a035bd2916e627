"""A contract in the Open Data Contract Standard (ODCS, bitol.io) v3.0 to v3.2: YAML → models, one for each table.

A table is put into the terms of our own format and read as such, so that the same rules hold and the same errors come;
what has no meaning here stays in the file, and what would protect data and does not here is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from open_data_contract_standard.model import OpenDataContractStandard

from mesh_infra.findings import Finding
from mesh_infra.spec.consistency import check_contents
from mesh_infra.spec.document import Yaml
from mesh_infra.spec.model import Contract
from mesh_infra.spec.native import read_contract
from mesh_infra.spec.odcs.document import OdcsReader, read_document
from mesh_infra.spec.odcs.head import check_head
from mesh_infra.spec.odcs.source import OdcsSource
from mesh_infra.spec.odcs.table import Table
from mesh_infra.spec.odcs.terms import Owner, owner_of
from mesh_infra.spec.problems import quoted
from mesh_infra.spec.reader import Reader
from mesh_infra.spec.source import Loc, Source

MAX_TABLES = 250
"""How many tables one file may describe."""

MAX_SHARED = 50_000
"""How often what the tables have in common, such as a role, may be read: once for each table."""


def read_odcs(source: Source, data: dict[str, Yaml], domain: str) -> tuple[tuple[Contract, ...], tuple[Finding, ...]]:
    """The contracts in a file that lies in the folder of ``domain``, and everything that is wrong with it.

    As in ``read_contract``, a stand-in takes the place of what is wrong.
    """
    reader = OdcsReader(source, data)
    document = read_document(reader, data)
    check_head(reader, document, data, domain)
    owner = owner_of(document)
    if owner is None and not any(loc[0] == "team" for loc in reader.left_out):
        hint = "write 'team: {name: …}', or give a member of the team 'role: owner'"
        reader.missing((), "team", "nobody is said to be the owner", hint)
    contracts: dict[str, Contract] = {}
    tables, most = len(document.schema_ or ()), _most_tables(document)
    if tables > most:
        message = f"the file describes {tables} tables, at most {most} are read"
        reader.report("size", ("schema",), message, "put them into several files")
    for index in range(min(tables, most)):
        if ("schema", index) in reader.left_out:
            continue
        contract = _read_table(reader, Table(reader, document, index), owner or Owner("nobody", ()), domain)
        first = contracts.setdefault(contract.dataset, contract)
        if first is not contract:
            line, position = first.source.value(("dataset",)).line, contract.source.value(("dataset",))
            message = f"the table {quoted(contract.dataset)} appears twice, first in line {line}"
            reader.report_at("table", position, message, "rename or remove one of them")
    return tuple(contracts.values()), tuple(dict.fromkeys(reader.findings))


def _most_tables(document: OpenDataContractStandard) -> int:
    shared = sum(map(len, (document.roles or (), document.slaProperties or (), document.tags or ())))
    return min(MAX_TABLES, max(1, MAX_SHARED // max(1, shared + len(document.servers or ()))))


def _read_table(reader: OdcsReader, table: Table, owner: Owner, domain: str) -> Contract:
    native = table.native(owner)
    own = _TableReader(OdcsSource(reader.source, table.places), native)
    contract = read_contract(own, native, domain, str(native["dataset"]))
    checker = Reader(own.source, "contract")
    check_contents(checker, contract)
    reader.findings.extend((*own.findings, *checker.findings))
    return contract


class _TableReader(Reader):
    """Reads a table that was put into the terms of our format; columns are called by their names in messages."""

    def __init__(self, source: Source, native: Mapping[str, Yaml]) -> None:
        super().__init__(source, "contract")
        self._native = native

    def report(self, rule: str, loc: Loc, message: str, hint: str = "") -> None:
        """Keep a problem with the value at ``loc``."""
        self.report_at(rule, self.source.value(loc), self._about(loc) + message, hint)

    def _about(self, loc: Loc) -> str:
        here: Any = self._native
        names = []
        for part in loc:
            known = part in here if isinstance(here, dict) else isinstance(here, list)
            if not known:
                break
            here = here[part]
            if isinstance(here, dict) and isinstance(part, int | str):
                names.append(str(here.get("name", part)))
        return f"column {quoted('.'.join(names))}: " if names and loc[0] == "schema" else ""
