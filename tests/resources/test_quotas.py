"""What a mesh uses up of AWS's quotas, as docs/reference/quotas.md has it, against what is declared."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings

from mesh_infra.aws.lakeformation import Database
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.model import Manifest
from mesh_infra.resources.declare import declare
from mesh_infra.spec.model import Spec
from tests.strategies import specs

BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"
ROLE = "aws:iam/role:Role"
WORKGROUP = "aws:athena/workgroup:Workgroup"
DATABASE = "aws:glue/catalogDatabase:CatalogDatabase"
TABLE = "aws:glue/catalogTable:CatalogTable"
LOCATION = "aws:lakeformation/resource:Resource"
FILTER = "aws:lakeformation/dataCellsFilter:DataCellsFilter"
GRANT = "aws:lakeformation/permissions:Permissions"


@settings(max_examples=30)
@given(specs())
def test_what_each_thing_takes(spec: Spec) -> None:
    manifest = build_manifest(spec, "dev")
    assert manifest.platform is not None
    domains = len(manifest.domains)
    datasets = [dataset for domain in manifest.domains for dataset in domain.datasets]
    declared = Counter(resource.type for resource in declare(manifest))
    assert declared[BUCKET] == declared[KEY] == domains + 1
    assert declared[ROLE] == domains + sum(bool(role.iam_role) for role in manifest.platform.roles)
    assert declared[WORKGROUP] == sum(role.kind == "consumer" for role in manifest.platform.roles)
    assert declared[DATABASE] == declared[LOCATION] == domains
    assert declared[TABLE] == len(datasets)
    masked = [any(entry.permission == "read_masked" for entry in dataset.access) for dataset in datasets]
    assert declared[FILTER] == sum(masked)
    assert declared[GRANT] == sum(_grants(manifest).values())


def _grants(manifest: Manifest) -> Counter[tuple[str, str, str]]:
    """A grant for each principal and table, and one for each principal and database; none twice."""
    found: Counter[tuple[str, str, str]] = Counter()
    for domain in manifest.domains:
        for dataset in domain.datasets:
            principals = [grant.grant.principal for grant in dataset.grants]
            found.update((principal, domain.database, dataset.table) for principal in principals)
            found.update(dict.fromkeys(((principal, domain.database, "") for principal in principals), 0))
        named = {principal for principal, database, _ in found if database == domain.database}
        assert all(isinstance(grant.grant.resource, Database) for grant in domain.grants)
        assert sorted(grant.grant.principal for grant in domain.grants) == sorted(named)
        found.update((principal, domain.database, "") for principal in named)
    assert set(found.values()) <= {1}
    return found
