"""The services that are extended."""

from __future__ import annotations

from mesh_infra.local.aws import athena, glue, iam, kms, s3
from mesh_infra.local.aws.lakeformation import responses as lakeformation

EXTENSIONS = tuple(service.EXTENSION for service in (iam, kms, s3, glue, lakeformation, athena))
