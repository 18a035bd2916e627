"""Iceberg tables that are there already, held against their contracts.

Glue makes such a table once, and Pulumi does not look at its schema again (see ``resources/iceberg.py``). Without this
check a contract could say what the table is not: a filter would name columns that do not exist, and a column that the
contract has dropped would still be read by whoever reads all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from mesh_infra.aws.formats import FORMATS
from mesh_infra.errors import AccountNotReady
from mesh_infra.manifest.model import Manifest, ManifestDataset
from mesh_infra.spec.problems import listed


def check_made_tables(session: boto3.Session, manifest: Manifest) -> None:
    """Raise ``AccountNotReady`` where an Iceberg table has other columns than its contract.

    How it is partitioned Glue does not say: of that a review alone knows (``review/rules/iceberg.py``).

    A table that is not there yet will be made as the contract says. Columns that writers have dropped are listed by
    Glue as no longer current (Apache Iceberg, ``IcebergToGlueConverter``).
    """
    made = [
        (domain.account, dataset)
        for domain in manifest.domains
        for dataset in domain.datasets
        if FORMATS[dataset.format].open_table
    ]
    if not made:
        return
    client = session.client("glue")
    differences = [text for account, dataset in made for text in _differences(client, account, dataset)]
    if differences:
        raise AccountNotReady(
            "\n".join(differences),
            "evolving an Iceberg table is not supported yet: write the contract as the table is, or make the change in "
            "a new major version",
        )


def _differences(client: Any, account: str, dataset: ManifestDataset) -> Iterator[str]:  # noqa: ANN401 - boto3 makes its clients at run time
    name = f"{dataset.database}.{dataset.table}"
    try:
        table = client.get_table(CatalogId=account, DatabaseName=dataset.database, Name=dataset.table)["Table"]
    except client.exceptions.EntityNotFoundException:
        return
    except (BotoCoreError, ClientError) as error:
        raise AccountNotReady(f"the table {name} cannot be read: {error}", "it takes glue:GetTable") from None
    if (table.get("Parameters") or {}).get("table_type", "").upper() != "ICEBERG":
        yield f"the table {name} is no Iceberg table, as its contract says"
        return
    wanted = {column.name: _Found(column.type, required=column.required) for column in dataset.columns}
    found = _current_columns(table)
    both = wanted.keys() & found.keys()
    for words, names in (
        ("lacks", wanted.keys() - found.keys()),
        ("has, and its contract lacks,", found.keys() - wanted.keys()),
        ("has with another type", {column for column in both if wanted[column].type != found[column].type}),
        ("allows nulls in", {column for column in both if wanted[column].required and not found[column].required}),
        ("allows no nulls in", {column for column in both if found[column].required and not wanted[column].required}),
    ):
        if names:
            yield f"the Iceberg table {name} {words} {listed(sorted(names), 'and')}"


@dataclass(frozen=True, slots=True)
class _Found:
    type: str
    required: bool


def _current_columns(table: Mapping[str, Any]) -> dict[str, _Found]:
    found: dict[str, _Found] = {}
    for column in table["StorageDescriptor"]["Columns"]:
        parameters = column.get("Parameters") or {}
        if parameters.get("iceberg.field.current") != "false":
            required = parameters.get("iceberg.field.optional") == "false"
            found[column["Name"]] = _Found(column["Type"], required)
    return found
