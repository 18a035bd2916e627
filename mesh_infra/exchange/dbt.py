"""Datasets as dbt sources: a properties file for the models folder of a dbt project.

Source: dbt Developer Hub, "Source properties", "data_tests", "meta". ``config`` holds ``meta`` and ``tags`` from dbt
1.10 on; ``data_tests`` is what ``tests`` is called from dbt 1.8 on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from mesh_infra.exchange.assets import Asset, by_domain
from mesh_infra.exchange.fields import Field
from mesh_infra.manifest.model import ManifestDomain

CATALOG = "awsdatacatalog"
"""What Athena calls the Glue Data Catalog of the account (Athena User Guide, "AwsDataCatalog"): dbt's database."""

Properties = dict[str, Any]

_JINJA = re.compile(r"\{(?=[{%#])")


def sources(found: Sequence[Asset]) -> Properties:
    """The properties file: a source for each domain, a table for each dataset, called as in Glue."""
    return {"version": 2, "sources": [_source(domain, members) for domain, members in by_domain(found)]}


def _source(domain: ManifestDomain, members: Sequence[Asset]) -> Properties:
    return {
        "name": domain.name,
        **_description(domain.description),
        "database": CATALOG,
        "schema": domain.database,
        "config": {"meta": {"owner": _literal(domain.owner), "domain_file": _literal(domain.origin.path)}},
        "tables": [_table(asset) for asset in members],
    }


def _table(asset: Asset) -> Properties:
    dataset = asset.dataset
    keys = [column.name for column in asset.columns if column.primary_key]
    meta: Properties = {
        "owner": _literal(dataset.owner),
        "contract": _literal(dataset.origin.path),
        "title": _literal(dataset.title),
        "version": dataset.version,
        "status": dataset.status,
        # dbt measures freshness by a column, and no contract says which.
        "sla": {name: _literal(promise) for name, promise in sorted(dataset.sla.items())},
        "retention_days": dataset.retention.days if dataset.retention else None,
        "primary_key": keys,
        "pii": True if any(part.pii for column in asset.columns for part in column.walk()) else None,
    }
    return {
        "name": dataset.table,
        **_description(dataset.description),
        "config": _config(meta, dataset.tags),
        "columns": [_column(column, keys) for column in asset.columns],
    }


def _column(column: Field, keys: Sequence[str]) -> Properties:
    parts = tuple(column.walk())
    classes = sorted({part.classification for part in parts if part.classification})
    meta: Properties = {
        # One personal field makes the column personal, as it hides the whole of it.
        "pii": True if any(part.pii for part in parts) else column.pii,
        "classification": [_literal(name) for name in classes],
        "sensitive": column.sensitive,
        "partition_key": column.partition,
    }
    tags = dict.fromkeys(tag for part in parts for tag in part.tags)
    config = _config(meta, tuple(tags))
    tests = _tests(column, keys)
    return {
        "name": column.name,
        **_description(column.description),
        "data_type": column.type.glue,
        **({"config": config} if config else {}),
        # A column may be called as a keyword is, or begin with a digit.
        **({"quote": True, "data_tests": tests} if tests else {}),
    }


def _tests(column: Field, keys: Sequence[str]) -> list[str]:
    """What dbt can test by itself: a key of several columns is not among it."""
    tests = ["not_null"] if column.required or column.primary_key else []
    return [*tests, "unique"] if column.unique or keys == [column.name] else tests


def _config(meta: Properties, tags: Sequence[str]) -> Properties:
    """Meta and tags, each where there is something to say: a False ``pii`` is, the other falsehoods are not."""
    said = {name: value for name, value in meta.items() if value or (name == "pii" and value is not None)}
    config: Properties = {"meta": said} if said else {}
    return {**config, "tags": [_literal(tag) for tag in tags]} if tags else config


def _description(text: str) -> Properties:
    return {"description": _literal(text)} if text else {}


def _literal(text: str) -> str:
    """The text so that dbt shows it as it is.

    dbt renders descriptions, meta and tags as Jinja (dbt Developer Hub, "Don't nest your curlies" and "env_var"): a
    contract could read the environment variables of whoever runs dbt.
    """
    return _JINJA.sub("{{ '{' }}", text)
