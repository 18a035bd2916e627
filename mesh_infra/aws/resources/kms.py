"""KMS: keys and their aliases."""

from __future__ import annotations

from mesh_infra.aws.resources.props import flag, integer, name, region, tags, text
from mesh_infra.aws.schema import ResourceSchema

_USAGES = ("ENCAPSULATE_DECAPSULATE", "ENCRYPT_DECRYPT", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT", "SIGN_VERIFY")
_SPECS = (
    *("ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1"),
    *("HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"),
    *("RSA_2048", "RSA_3072", "RSA_4096", "SM2", "SYMMETRIC_DEFAULT"),
)

KEY = ResourceSchema(
    "aws:kms/key:Key",
    inputs={
        "bypassPolicyLockoutSafetyCheck": flag(),
        "customKeyStoreId": text(replaces=True),
        "customerMasterKeySpec": text(default="SYMMETRIC_DEFAULT", values=_SPECS, replaces=True),
        "deletionWindowInDays": integer(),
        "description": text(computed=True),
        "enableKeyRotation": flag(),
        "isEnabled": flag(default=True),
        "keyUsage": text(default="ENCRYPT_DECRYPT", values=_USAGES, replaces=True),
        "multiRegion": flag(computed=True, replaces=True),
        "policy": text(computed=True),
        "region": region(),
        "rotationPeriodInDays": integer(computed=True),
        "tags": tags(),
        "xksKeyId": text(replaces=True),
    },
    outputs=("arn", "keyId", "tagsAll"),
    holds_data=True,
)
"""It holds data in that what it encrypted cannot be read without it."""

ALIAS = ResourceSchema(
    "aws:kms/alias:Alias",
    inputs={
        "name": name(),
        "namePrefix": text(computed=True, replaces=True),
        "region": region(),
        "targetKeyId": text(required=True),
    },
    outputs=("arn", "targetKeyArn"),
)
