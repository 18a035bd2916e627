"""Athena: workgroups."""

from __future__ import annotations

from mesh_infra.aws.resources.props import flag, integer, name, obj, region, tags, text, unordered
from mesh_infra.aws.schema import ResourceSchema

_ENCRYPTION_OPTIONS = ("CSE_KMS", "SSE_KMS", "SSE_S3")

_RESULTS = obj(
    {
        "aclConfiguration": obj({"s3AclOption": text(required=True, values=("BUCKET_OWNER_FULL_CONTROL",))}),
        "encryptionConfiguration": obj({"encryptionOption": text(values=_ENCRYPTION_OPTIONS), "kmsKeyArn": text()}),
        "expectedBucketOwner": text(),
        "outputLocation": text(),
    }
)

_MONITORING = obj(
    {
        "cloudWatchLoggingConfiguration": obj(
            {
                "enabled": flag(required=True),
                "logGroup": text(),
                "logStreamNamePrefix": text(),
                "logTypes": unordered(obj({"key": text(required=True), "values": unordered(text(), required=True)})),
            }
        ),
        "managedLoggingConfiguration": obj({"enabled": flag(required=True), "kmsKey": text()}),
        "s3LoggingConfiguration": obj({"enabled": flag(required=True), "kmsKey": text(), "logLocation": text()}),
    },
    computed=True,
)

_CONFIGURATION = obj(
    {
        "bytesScannedCutoffPerQuery": integer(),
        "customerContentEncryptionConfiguration": obj({"kmsKey": text()}),
        "enableMinimumEncryptionConfiguration": flag(computed=True),
        "enforceWorkgroupConfiguration": flag(default=True),
        "engineVersion": obj(
            {"effectiveEngineVersion": text(computed=True), "selectedEngineVersion": text(default="AUTO")}
        ),
        "executionRole": text(),
        "identityCenterConfiguration": obj({"enableIdentityCenter": flag(), "identityCenterInstanceArn": text()}),
        "managedQueryResultsConfiguration": obj(
            {"enabled": flag(), "encryptionConfiguration": obj({"kmsKey": text()})}
        ),
        "monitoringConfiguration": _MONITORING,
        "publishCloudwatchMetricsEnabled": flag(default=True),
        "queryResultsS3AccessGrantsConfiguration": obj(
            {
                "authenticationType": text(required=True, values=("DIRECTORY_IDENTITY",)),
                "enableS3AccessGrants": flag(required=True),
                "createUserLevelPrefix": flag(),
            }
        ),
        "requesterPaysEnabled": flag(),
        "resultConfiguration": _RESULTS,
    },
    computed=True,
)

WORKGROUP = ResourceSchema(
    "aws:athena/workgroup:Workgroup",
    inputs={
        "configuration": _CONFIGURATION,
        "description": text(),
        "forceDestroy": flag(),
        "name": name(),
        "region": region(),
        "state": text(default="ENABLED", values=("DISABLED", "ENABLED")),
        "tags": tags(),
    },
    outputs=("arn", "tagsAll"),
)
