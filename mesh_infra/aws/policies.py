"""The policy documents that we write: who may assume, read, write, decrypt.

Pure functions to plain JSON-like mappings. Statements and lists stand in a fixed order, so that the same input gives
the same bytes. What only AWS knows, the ARN of a key, stands in them as a ``KeyArn``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mesh_infra.aws.names import bucket_arn, partition, role_arn, root_arn

Document = Mapping[str, object]
Statement = dict[str, object]

LAKE_FORMATION = "lakeformation.amazonaws.com"


@dataclass(frozen=True, slots=True)
class KeyArn:
    """The ARN of the KMS key behind an alias: known to AWS alone, once the key exists."""

    alias: str


@dataclass(frozen=True, slots=True)
class Account:
    """An AWS account and region, which most ARNs are made of."""

    id: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of ``service`` in this account and region."""
        return f"arn:{partition(self.region)}:{service}:{self.region}:{self.id}:{resource}"

    @property
    def root(self) -> str:
        """The ARN that stands for the whole account."""
        return root_arn(self.region, self.id)

    def role(self, name: str) -> str:
        """The ARN of an IAM role of this account."""
        return role_arn(self.region, self.id, name)


@dataclass(frozen=True, slots=True)
class OidcIdentity:
    """The identities of an OpenID Connect provider that have this subject and audience."""

    provider_arn: str
    subject: str
    audience: str


@dataclass(frozen=True, slots=True)
class Trusted:
    """Whom a role's trust policy lets assume it."""

    aws: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    saml: tuple[str, ...] = ()
    oidc: tuple[OidcIdentity, ...] = ()


def _document(*statements: Statement) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(sid: str, actions: Sequence[str], resource: object, condition: object = None) -> Statement:
    statement: Statement = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resource}
    if condition is not None:
        statement["Condition"] = condition
    return statement


def trust_policy(trusted: Trusted, account: Account) -> Document:
    """Who may assume a role.

    IAM User Guide: "Create a role for SAML 2.0 federation", "Create a role for OpenID Connect federation", and for
    services "The confused deputy problem".
    """
    statements: list[Statement] = []
    if trusted.aws:
        statements.append({"Effect": "Allow", "Principal": {"AWS": list(trusted.aws)}, "Action": "sts:AssumeRole"})
    if trusted.services:
        statements.append(
            {
                "Effect": "Allow",
                "Principal": {"Service": list(trusted.services)},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": account.id}},
            }
        )
    if trusted.saml:
        statements.append(
            {
                "Effect": "Allow",
                "Principal": {"Federated": list(trusted.saml)},
                "Action": "sts:AssumeRoleWithSAML",
                "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            }
        )
    for identity in trusted.oidc:
        issuer = identity.provider_arn.partition(":oidc-provider/")[2]
        statements.append(
            {
                "Effect": "Allow",
                "Principal": {"Federated": identity.provider_arn},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {f"{issuer}:aud": identity.audience},
                    "StringLike": {f"{issuer}:sub": identity.subject},
                },
            }
        )
    return _document(*statements)


def registration_trust_policy() -> Document:
    """Trust of the role through which Lake Formation reads a location.

    Lake Formation, "Requirements for roles used to register locations".
    """
    return _document(
        {"Effect": "Allow", "Principal": {"Service": LAKE_FORMATION}, "Action": ["sts:AssumeRole", "sts:SetContext"]}
    )


def registration_policy(account: Account, bucket: str, key: KeyArn) -> Document:
    """What the role through which Lake Formation reads a location may do.

    Lake Formation, "Requirements for roles used to register locations", "Registering an encrypted Amazon S3 location".
    """
    arn = bucket_arn(account.region, bucket)
    return _document(
        _allow("Objects", ("s3:DeleteObject", "s3:GetObject", "s3:PutObject"), f"{arn}/*"),
        _allow("Bucket", ("s3:ListBucket",), arn),
        _allow("Key", REGISTRATION_KEY_ACTIONS, key),
    )


REGISTRATION_KEY_ACTIONS = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")

# Everything that managing a key takes, without using it and without kms:CreateGrant, which could hand out its use
# (KMS, "Default key policy", statement for key administrators, less the wildcard that covers grants).
KEY_ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RetireGrant",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)


def _key_statement(account: Account, sid: str, actions: Sequence[str], condition: object = None) -> Statement:
    # In a key policy the account's root hands the decision on to IAM policies, within the condition
    # (KMS, "Key policies in AWS KMS"); a named principal that does not exist yet would be refused.
    return _allow(sid, actions, "*", condition) | {"Principal": {"AWS": account.root}}


def domain_key_policy(
    account: Account, registration_role: str, writers: Sequence[str], rescuers: Sequence[str]
) -> Document:
    """Key of a domain: anyone IAM lets may administer it; only these ARNs can be let use it.

    ``writers`` (producers) and ``rescuers`` (break-glass roles) use it through S3 alone.
    """
    via_s3 = {"StringEquals": {"kms:ViaService": f"s3.{account.region}.amazonaws.com"}}
    statements = [
        _key_statement(account, "Administration", KEY_ADMINISTRATION),
        _key_statement(
            account, "LakeFormation", REGISTRATION_KEY_ACTIONS, {"ArnEquals": {"aws:PrincipalArn": registration_role}}
        ),
    ]
    if writers:
        who = {"ArnEquals": {"aws:PrincipalArn": list(writers)}}
        statements.append(_key_statement(account, "Producers", ("kms:Decrypt", "kms:GenerateDataKey"), who | via_s3))
    if rescuers:
        who = {"ArnEquals": {"aws:PrincipalArn": list(rescuers)}}
        statements.append(_key_statement(account, "BreakGlass", ("kms:Decrypt",), who | via_s3))
    return _document(*statements)


def results_key_policy(account: Account) -> Document:
    """Key of the query results: used through S3, by whom IAM lets; each consumer's policy names its own prefix."""
    via_s3 = {"StringEquals": {"kms:ViaService": f"s3.{account.region}.amazonaws.com"}}
    return _document(
        _key_statement(account, "Administration", KEY_ADMINISTRATION),
        _key_statement(account, "Results", ("kms:Decrypt", "kms:GenerateDataKey"), via_s3),
    )


def _tls_only(arn: str) -> Statement:
    # Amazon S3 User Guide, Security best practices: "Enforce encryption of data in transit".
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def domain_bucket_policy(account: Account, bucket: str, readers: Sequence[str]) -> Document:
    """Bucket of a domain: TLS only, and nobody but ``readers`` gets an object.

    Lake Formation does not stop S3 access that IAM allows, so a deny must. It covers old versions too.
    """
    arn = bucket_arn(account.region, bucket)
    return _document(
        _tls_only(arn),
        {
            "Sid": "ReadThroughLakeFormation",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:GetObject", "s3:GetObjectVersion"],
            "Resource": f"{arn}/*",
            "Condition": {"ArnNotEquals": {"aws:PrincipalArn": list(readers)}},
        },
    )


def results_bucket_policy(account: Account, bucket: str) -> Document:
    """Bucket of query results: TLS only; who reads which prefix is said by the consumers' policies."""
    return _document(_tls_only(bucket_arn(account.region, bucket)))


@dataclass(frozen=True, slots=True)
class QueryResults:
    """Where a workgroup keeps its results: a prefix of a bucket, and the key that encrypts them."""

    bucket: str
    prefix: str
    key: KeyArn


def consumer_policy(account: Account, databases: str, workgroup: str, results: QueryResults) -> Document:
    """What a consumer needs to query at once: no S3 access to data, which Lake Formation hands out.

    ``databases`` is a pattern of Glue database names. Lake Formation, "Lake Formation personas and IAM permissions
    reference" (data analyst); Athena, "Example policies for workgroup access".
    """
    bucket = bucket_arn(account.region, results.bucket)
    return _document(
        _allow(
            "LakeFormation",
            (
                "lakeformation:GetDataAccess",
                "lakeformation:GetQueryState",
                "lakeformation:GetWorkUnitResults",
                "lakeformation:GetWorkUnits",
                "lakeformation:StartQueryPlanning",
            ),
            "*",
        ),
        _allow(
            "Catalog",
            (
                "glue:BatchGetPartition",
                "glue:GetDatabase",
                "glue:GetDatabases",
                "glue:GetPartition",
                "glue:GetPartitions",
                "glue:GetTable",
                "glue:GetTables",
                "glue:SearchTables",
            ),
            [
                account.arn("glue", "catalog"),
                account.arn("glue", "database/default"),
                account.arn("glue", f"database/{databases}"),
                account.arn("glue", f"table/{databases}/*"),
            ],
        ),
        _allow(
            "Workgroup",
            (
                "athena:BatchGetQueryExecution",
                "athena:GetQueryExecution",
                "athena:GetQueryResults",
                "athena:GetQueryResultsStream",
                "athena:GetWorkGroup",
                "athena:ListQueryExecutions",
                "athena:StartQueryExecution",
                "athena:StopQueryExecution",
            ),
            account.arn("athena", f"workgroup/{workgroup}"),
        ),
        _allow(
            "AthenaCatalog",
            (
                "athena:GetDataCatalog",
                "athena:GetDatabase",
                "athena:GetTableMetadata",
                "athena:ListDataCatalogs",
                "athena:ListDatabases",
                "athena:ListTableMetadata",
            ),
            "*",
        ),
        _allow("ResultsBucket", ("s3:GetBucketLocation",), bucket),
        _allow("ResultsList", ("s3:ListBucket",), bucket, {"StringLike": {"s3:prefix": [f"{results.prefix}*"]}}),
        _allow("Results", ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"), f"{bucket}/{results.prefix}*"),
        _allow("ResultsKey", ("kms:Decrypt", "kms:GenerateDataKey"), results.key),
    )


def producer_policy(account: Account, database: str) -> Document:
    """What a producer needs of the catalogue: its own database, and the partitions of its tables.

    It creates and drops no table: a second one over the same files would be unmasked.
    """
    return _document(
        _allow("LakeFormation", ("lakeformation:GetDataAccess",), "*"),
        _allow(
            "Catalog",
            (
                "glue:BatchCreatePartition",
                "glue:BatchDeletePartition",
                "glue:BatchGetPartition",
                "glue:CreatePartition",
                "glue:DeletePartition",
                "glue:GetDatabase",
                "glue:GetPartition",
                "glue:GetPartitions",
                "glue:GetTable",
                "glue:GetTables",
                "glue:UpdatePartition",
                "glue:UpdateTable",
            ),
            [
                account.arn("glue", "catalog"),
                account.arn("glue", f"database/{database}"),
                account.arn("glue", f"table/{database}/*"),
            ],
        ),
    )


def producer_data_policy(account: Account, bucket: str, prefixes: Sequence[str], key: KeyArn) -> Document:
    """What a producer may do with files: read and write its datasets' ``prefixes``, and nothing else."""
    arn = bucket_arn(account.region, bucket)
    return _document(
        _allow("Bucket", ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"), arn),
        _allow(
            "Objects",
            (
                "s3:AbortMultipartUpload",
                "s3:DeleteObject",
                "s3:GetObject",
                "s3:ListMultipartUploadParts",
                "s3:PutObject",
            ),
            [f"{arn}/{prefix}*" for prefix in prefixes],
        ),
        _allow("Key", ("kms:Decrypt", "kms:GenerateDataKey"), key),
    )
