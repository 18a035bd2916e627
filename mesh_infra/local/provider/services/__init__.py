"""The resource types that the local provider knows: one module for each AWS service."""

from __future__ import annotations

from collections.abc import Mapping

from mesh_infra.local.provider.resource import Resource
from mesh_infra.local.provider.services.athena import Workgroup
from mesh_infra.local.provider.services.glue import CatalogDatabase, CatalogTable
from mesh_infra.local.provider.services.iam import Role, RolePolicy
from mesh_infra.local.provider.services.kms import Alias, Key
from mesh_infra.local.provider.services.lakeformation import DataCellsFilter, Registration
from mesh_infra.local.provider.services.permissions import Permissions
from mesh_infra.local.provider.services.s3 import Bucket
from mesh_infra.local.provider.services.s3_settings import (
    BucketEncryption,
    BucketLifecycle,
    BucketOwnershipControls,
    BucketPolicy,
    BucketPublicAccessBlock,
    BucketVersioning,
)

RESOURCES: Mapping[str, Resource] = {
    resource.kind: resource
    for resource in (
        Alias(),
        Bucket(),
        BucketEncryption(),
        BucketLifecycle(),
        BucketOwnershipControls(),
        BucketPolicy(),
        BucketPublicAccessBlock(),
        BucketVersioning(),
        CatalogDatabase(),
        CatalogTable(),
        DataCellsFilter(),
        Key(),
        Permissions(),
        Registration(),
        Role(),
        RolePolicy(),
        Workgroup(),
    )
}
"""The resource types by Pulumi type token."""
