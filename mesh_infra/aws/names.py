"""Names as AWS takes them: allowed characters, lengths, and ARNs made from names."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameRule:
    """What AWS accepts as the name of one kind of thing; ``source`` is where AWS says so."""

    kind: str
    pattern: re.Pattern[str]
    longest: int
    source: str
    shortest: int = 1

    def problem(self, name: str) -> str | None:
        """Why AWS would refuse ``name``, in words; None where it is fine."""
        if len(name) > self.longest:
            return f"{self.kind} '{name}' has {len(name)} characters, AWS takes {self.longest}"
        if len(name) < self.shortest:
            return f"{self.kind} '{name}' has {len(name)} characters, AWS wants {self.shortest}"
        if not self.pattern.fullmatch(name):
            return f"{self.kind} '{name}' has characters that AWS does not take"
        return None


BUCKET = NameRule(
    "bucket name",
    re.compile(r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9](?:[a-z0-9-]*[a-z0-9])(?<!-s3alias)(?<!--ol-s3)(?<!--x-s3)"),
    63,
    "Amazon S3 User Guide, General purpose bucket naming rules",
    shortest=3,
)
DATABASE = NameRule(
    "Glue database name", re.compile(r"[a-z0-9_]+"), 255, "AWS Glue, DatabaseInput.Name; Athena, Name databases"
)
TABLE = NameRule("Glue table name", re.compile(r"[a-z0-9_]+"), 255, "AWS Glue, TableInput.Name; Athena, Name tables")
ROLE = NameRule("IAM role name", re.compile(r"[A-Za-z0-9+=,.@_-]+"), 64, "IAM, CreateRole.RoleName")
WORKGROUP = NameRule("Athena workgroup name", re.compile(r"[A-Za-z0-9._-]+"), 128, "Athena, CreateWorkGroup.Name")
KEY_ALIAS = NameRule("KMS alias", re.compile(r"alias/[A-Za-z0-9/_-]+"), 256, "KMS, CreateAlias.AliasName")


def partition(region: str) -> str:
    """The ARN partition that a region lies in (AWS General Reference, Amazon Resource Names)."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def bucket_arn(region: str, bucket: str) -> str:
    """The ARN of a bucket; objects are ``…/key``."""
    return f"arn:{partition(region)}:s3:::{bucket}"


def role_arn(region: str, account: str, role: str) -> str:
    """The ARN of an IAM role without a path."""
    return f"arn:{partition(region)}:iam::{account}:role/{role}"


def root_arn(region: str, account: str) -> str:
    """The ARN that stands for a whole account in policies."""
    return f"arn:{partition(region)}:iam::{account}:root"
