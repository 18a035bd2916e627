"""The data lake that a manifest describes, as AWS will hold it once the manifest is deployed."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.aws.formats import FORMATS
from mesh_infra.aws.lake import LakeBucket, LakeDatabase, LakeState, LakeTable
from mesh_infra.aws.lakeformation import Database, LakeGrant, LakeSettings, Table
from mesh_infra.manifest.model import Manifest, ManifestDataset, ManifestDomain, ManifestGrant


def lake_state(manifest: Manifest) -> LakeState:
    """What will be in the lake: the tables, grants and policies of the manifest's domains, made by the deployer.

    Of the accounts' settings it takes what ``mesh bootstrap`` sets: the administrators, and no default permissions.
    """
    domains = manifest.domains
    return LakeState(
        tables=tuple(_table(domain, dataset, manifest.deployer) for domain in domains for dataset in domain.datasets),
        databases=tuple(
            LakeDatabase(Database(domain.account, domain.database), creator=manifest.deployer) for domain in domains
        ),
        grants=tuple(
            LakeGrant(made.grant.principal, made.grant.resource, made.grant.permissions)
            for domain in domains
            for made in _grants(domain)
        ),
        filters=tuple(
            dataset.filter for domain in domains for dataset in domain.datasets if dataset.filter is not None
        ),
        registrations=tuple(domain.registration for domain in domains),
        settings=tuple(
            LakeSettings(account, admins=manifest.lake_formation_admins)
            for account in sorted({domain.account for domain in domains})
        ),
        buckets=tuple(LakeBucket(domain.bucket, domain.bucket_policy, domain.key_policy) for domain in domains),
    )


def _grants(domain: ManifestDomain) -> Iterator[ManifestGrant]:
    yield from domain.grants
    for dataset in domain.datasets:
        yield from dataset.grants


def _table(domain: ManifestDomain, dataset: ManifestDataset, deployer: str) -> LakeTable:
    # The partition keys of a table that Glue makes itself are columns like the others, and hidden like them.
    keys = () if FORMATS[dataset.format].open_table else tuple(c.name for c in dataset.columns if c.partition)
    return LakeTable(
        table=Table(domain.account, dataset.database, dataset.table),
        columns=tuple(column.name for column in dataset.columns if column.name not in keys),
        partition_keys=keys,
        location=dataset.location,
        creator=deployer,
        planned=True,
    )
