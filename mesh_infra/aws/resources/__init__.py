"""Every resource type that we register, as pulumi-aws 7.51.1 takes it: one module for each AWS service.

Sources: the input classes of pulumi_aws for names, nesting and what is required; terraform-provider-aws 6.58, over
which pulumi-aws is a bridge, for what replaces, what is computed, defaults and sets.
"""

from __future__ import annotations

from collections.abc import Mapping

from mesh_infra.aws.resources import athena, glue, iam, kms, lakeformation, s3
from mesh_infra.aws.schema import ResourceSchema

SCHEMAS: Mapping[str, ResourceSchema] = {
    schema.token: schema
    for schema in (
        athena.WORKGROUP,
        glue.CATALOG_DATABASE,
        glue.CATALOG_TABLE,
        iam.ROLE,
        iam.ROLE_POLICY,
        kms.ALIAS,
        kms.KEY,
        lakeformation.DATA_CELLS_FILTER,
        lakeformation.PERMISSIONS,
        lakeformation.RESOURCE,
        s3.BUCKET,
        s3.BUCKET_ENCRYPTION,
        s3.BUCKET_LIFECYCLE,
        s3.BUCKET_OWNERSHIP_CONTROLS,
        s3.BUCKET_POLICY,
        s3.BUCKET_PUBLIC_ACCESS_BLOCK,
        s3.BUCKET_VERSIONING,
    )
}
"""The schemas by Pulumi type token."""
