"""Datasets as DataHub's metadata file: change proposals, one for each aspect of a dataset, domain or tag.

Sources: DataHub documentation, "Metadata File" (what the source ``file`` and ``datahub ingest mcps`` read), "Metadata
Events" (MetadataChangeProposal), "URNs", and the reference of each entity's aspects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from mesh_infra.exchange.assets import Asset, by_domain
from mesh_infra.exchange.datahub_schema import PII, classification_tag, field_path, schema_fields, tag_urn
from mesh_infra.manifest.model import ManifestDomain
from mesh_infra.spec.model import Status

Proposal = dict[str, Any]

PLATFORM = "urn:li:dataPlatform:glue"

FABRIC = "PROD"
"""What DataHub's connectors call the environment unless told otherwise: both then mean the same dataset. A Glue
database's name says which environment of the mesh it is of."""

_NOBODY = {"time": 0, "actor": "urn:li:corpuser:unknown"}
"""Who changed it and when, as DataHub writes it where that is not known: the same mesh gives the same file."""


def proposals(found: Sequence[Asset]) -> list[Proposal]:
    """The file: what the datasets refer to first, then the datasets, each aspect whole."""
    tags = {name: description for asset in found for name, description in _tags_of(asset)}
    # A tag of a contract may be called as one of ours: then ours describes it.
    tags |= {name: description for asset in found for name, description in _tags_of(asset) if description}
    return [
        *(
            _proposal("tag", tag_urn(name), "tagProperties", {"name": name, "description": description})
            for name, description in sorted(tags.items())
        ),
        *(_domain(domain) for domain, _ in by_domain(found)),
        *(proposal for asset in found for proposal in _dataset(asset)),
    ]


def dataset_urn(asset: Asset) -> str:
    """The URN that DataHub's own Glue connector gives the table."""
    return f"urn:li:dataset:({PLATFORM},{asset.dataset.database}.{asset.dataset.table},{FABRIC})"


def _proposal(kind: str, urn: str, name: str, aspect: Mapping[str, Any]) -> Proposal:
    return {
        "entityType": kind,
        "entityUrn": urn,
        "changeType": "UPSERT",
        "aspectName": name,
        "aspect": {"json": dict(aspect)},
    }


def _domain(domain: ManifestDomain) -> Proposal:
    properties = {"name": domain.name, "description": domain.description}
    return _proposal("domain", _domain_urn(domain), "domainProperties", properties)


def _domain_urn(domain: ManifestDomain) -> str:
    return f"urn:li:domain:{domain.name}"


def _tags_of(asset: Asset) -> Iterator[tuple[str, str]]:
    """The tags that the dataset and its columns have, each with what there is to say of it."""
    yield from ((tag, "") for tag in asset.dataset.tags)
    for column in asset.columns:
        for part in column.walk():
            yield from ((tag, "") for tag in part.tags)
            if part.pii:
                yield PII, "Personal data, by the contract"
            if part.classification:
                yield classification_tag(part.classification), f"Classified as {part.classification}, by the contract"


def _dataset(asset: Asset) -> Iterator[Proposal]:
    urn, dataset = dataset_urn(asset), asset.dataset
    deprecated = dataset.status == Status.DEPRECATED.value
    aspects: dict[str, Mapping[str, Any]] = {
        "datasetProperties": _properties(asset),
        "schemaMetadata": _schema(asset),
        "ownership": {
            "owners": [{"owner": f"urn:li:corpGroup:{quote(dataset.owner, safe='@')}", "type": "TECHNICAL_OWNER"}],
            "lastModified": _NOBODY,
        },
        "globalTags": {"tags": [{"tag": tag_urn(tag)} for tag in dataset.tags]},
        "domains": {"domains": [_domain_urn(asset.domain)]},
        "subTypes": {"typeNames": ["Table"]},
        "deprecation": {"deprecated": deprecated, "note": "", "actor": _NOBODY["actor"]},
    }
    for name, aspect in aspects.items():
        yield _proposal("dataset", urn, name, aspect)


def _properties(asset: Asset) -> dict[str, Any]:
    dataset = asset.dataset
    custom = {
        "contract": dataset.origin.path,
        "owner": dataset.owner,
        "version": dataset.version,
        "status": dataset.status,
        "format": dataset.format,
        "location": dataset.location,
        "retention_days": str(dataset.retention.days) if dataset.retention else "",
        **{f"sla.{name}": promise for name, promise in sorted(dataset.sla.items())},
    }
    return {
        "name": dataset.table,
        "qualifiedName": f"{dataset.database}.{dataset.table}",
        "description": "\n\n".join(filter(None, (dataset.title, dataset.description))),
        "customProperties": {name: value for name, value in custom.items() if value},
    }


def _schema(asset: Asset) -> dict[str, Any]:
    keys = [field_path(column) for column in asset.columns if column.primary_key]
    return {
        "schemaName": asset.dataset.table,
        "platform": PLATFORM,
        "version": 0,
        "hash": "",
        "platformSchema": {"com.linkedin.schema.MySqlDDL": {"tableSchema": ""}},
        "fields": schema_fields(asset.columns),
        **({"primaryKeys": keys} if keys else {}),
    }
