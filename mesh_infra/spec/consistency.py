"""What has to hold within one contract, in whatever format it is written."""

from __future__ import annotations

import re

from mesh_infra.spec.model import Contract, producer_of
from mesh_infra.spec.problems import did_you_mean, quoted
from mesh_infra.spec.reader import Reader
from mesh_infra.spec.storage_checks import check_storage


def check_contract(reader: Reader, contract: Contract, stem: str) -> None:
    """Report what does not fit together in a contract that lies in the file called ``stem``."""
    _check_file(reader, contract, stem)
    check_contents(reader, contract)


def check_contents(reader: Reader, contract: Contract) -> None:
    """Report what does not fit together in a contract, whatever its file is called."""
    _check_columns(reader, contract)
    _check_partitions(reader, contract)
    check_storage(reader, contract)
    _check_access(reader, contract)


def _check_file(reader: Reader, contract: Contract, stem: str) -> None:
    if stem in (contract.dataset, contract.id):
        return
    name, _, major = stem.partition(".")
    if name == contract.dataset and re.fullmatch(r"v[0-9]+", major):
        message = f"version {quoted(contract.version)} stands in a file for {quoted(major)}"
        reader.report("file", ("version",), message, f"rename the file to {quoted(contract.id + '.yaml')}")
        return
    message = f"the dataset {quoted(contract.dataset)} stands in a file called {quoted(stem + '.yaml')}"
    hint = f"rename the file to {quoted(contract.dataset + '.yaml')} or {quoted(contract.id + '.yaml')}"
    reader.report("file", ("dataset",), message, hint)


def _check_columns(reader: Reader, contract: Contract) -> None:
    """Glue and Athena do not tell upper from lower case, so neither do we."""
    names = [column.name.lower() for column in contract.columns]
    if len(set(names)) == len(names):
        return
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in first:
            line = reader.source.value(("schema", first[name], "name")).line
            message = f"the column {quoted(name)} appears twice, first in line {line}"
            reader.report("column", ("schema", index, "name"), message, "rename or remove one of them")
        elif name:
            first[name] = index


def _check_partitions(reader: Reader, contract: Contract) -> None:
    """Partition keys are columns of primitive types (AWS Glue, TableInput.PartitionKeys)."""
    if not contract.partition_by:
        return
    columns = {column.name: column for column in contract.columns}
    names = frozenset(columns)
    seen = {""}  # stands for entries that have been reported
    for index, name in enumerate(contract.partition_by):
        loc = ("partition_by", index)
        column = columns.get(name)
        if name in seen:
            if name:
                reader.report("partition", loc, f"the column {quoted(name)} is named twice", "remove one of them")
        elif column is None:
            hint = did_you_mean(name, names, "columns") or "partition by a column of 'schema'"
            reader.report("partition", loc, f"there is no column {quoted(name)}", hint)
        elif not column.type.primitive or column.type.glue == "binary":
            message = f"a dataset cannot be partitioned by {quoted(name)}, which is of type {quoted(column.type.glue)}"
            reader.report("partition", loc, message, "partition by a text, number, date or timestamp")
        seen.add(name)
    if names and names <= seen:
        reader.report("partition", ("partition_by",), "every column is a partition key", "leave one for the data")


def _check_access(reader: Reader, contract: Contract) -> None:
    first: dict[str, int] = {}
    for index, entry in enumerate(contract.access_policy):
        loc = ("access_policy", index, "role")
        if entry.role == producer_of(contract.domain):
            message = f"{quoted(entry.role)} reads and writes every dataset of its domain already"
            reader.report("access", loc, message, "remove the entry")
        elif entry.role in first:
            line = reader.source.value(("access_policy", first[entry.role], "role")).line
            message = f"the role {quoted(entry.role)} has two entries, the first in line {line}"
            reader.report("access", loc, message, "keep one of them")
        elif entry.role:
            first[entry.role] = index
