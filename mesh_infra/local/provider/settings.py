"""The provider's configuration: the keys of pulumi-aws's provider, as the engine sends them.

Sources: pulumi_aws.ProviderArgs for the keys; the bridge for their form (everything but text may arrive as JSON text).
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, assert_never

from mesh_infra.aws.resources.check import UNKNOWN
from mesh_infra.local.provider.connection import Credentials
from mesh_infra.local.provider.errors import ProviderError
from mesh_infra.local.provider.wire import Value, Values

_Form = Literal["text", "flag", "number", "texts", "object", "objects"]

_ENGINE_KEYS = frozenset(("version", "pluginDownloadURL", "__internal"))
"""What the engine itself adds to a provider's inputs."""

_REFUSED = {
    "endpoints": "the local provider speaks to AWS_ENDPOINT_URL alone",
    "ignoreTags": "the local provider does not know how to ignore tags",
}

_KEYS: Mapping[str, _Form] = {
    **dict.fromkeys(
        (
            "accessKey",
            "customCaBundle",
            "ec2MetadataServiceEndpoint",
            "ec2MetadataServiceEndpointMode",
            "httpProxy",
            "httpsProxy",
            "noProxy",
            "profile",
            "region",
            "retryMode",
            "s3UsEast1RegionalEndpoint",
            "secretKey",
            "stsRegion",
            "tagPolicyCompliance",
            "token",
        ),
        "text",
    ),
    **dict.fromkeys(
        (
            "insecure",
            "s3UsePathStyle",
            "skipCredentialsValidation",
            "skipMetadataApiCheck",
            "skipRegionValidation",
            "skipRequestingAccountId",
            "useDualstackEndpoint",
            "useFipsEndpoint",
        ),
        "flag",
    ),
    **dict.fromkeys(("maxRetries", "tokenBucketRateLimiterCapacity"), "number"),
    **dict.fromkeys(
        ("allowedAccountIds", "forbiddenAccountIds", "sharedConfigFiles", "sharedCredentialsFiles", "userAgents"),
        "texts",
    ),
    **dict.fromkeys(("assumeRoleWithWebIdentity", "defaultTags", "ignoreTags"), "object"),
    **dict.fromkeys(("assumeRoles", "endpoints"), "objects"),
}
"""Every key of pulumi-aws's provider. Those that say how to reach the real AWS have no effect here."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration as far as the local provider acts on it."""

    region: str
    credentials: Credentials = field(repr=False)
    allowed_accounts: tuple[str, ...] = ()
    forbidden_accounts: tuple[str, ...] = ()
    default_tags: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, config: Values, environ: Mapping[str, str]) -> Settings:
        """The settings in ``config``, else in the environment; raises ``ProviderError`` where something is wrong."""
        _, problem = next(problems(config), (None, None))
        if problem:
            raise ProviderError(problem)
        known = {
            key: _value(_KEYS[key], value)
            for key, value in config.items()
            if key not in _ENGINE_KEYS and value != UNKNOWN
        }
        region = known.get("region") or environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
        if not region:
            raise ProviderError("no region is configured; set 'aws:region'")
        return cls(
            region=region,
            credentials=Credentials(
                known.get("accessKey") or environ.get("AWS_ACCESS_KEY_ID") or "test",
                known.get("secretKey") or environ.get("AWS_SECRET_ACCESS_KEY") or "test",
                known.get("token") or environ.get("AWS_SESSION_TOKEN"),
            ),
            allowed_accounts=tuple(known.get("allowedAccountIds", ())),
            forbidden_accounts=tuple(known.get("forbiddenAccountIds", ())),
            default_tags=dict(known.get("defaultTags", {}).get("tags", {})),
        )

    def check_account(self, account: str) -> None:
        """Raises ``ProviderError`` where the credentials are those of an account that must not be touched."""
        if account in self.forbidden_accounts or (self.allowed_accounts and account not in self.allowed_accounts):
            raise ProviderError(f"AWS account ID not allowed: {account}")


def problems(config: Values) -> Iterator[tuple[str, str]]:
    """What is wrong with ``config``: key by key, each with the reason."""
    for key, value in config.items():
        if key in _ENGINE_KEYS or value == UNKNOWN:
            continue
        if key not in _KEYS:
            close = difflib.get_close_matches(key, _KEYS, n=1)
            hint = f"; did you mean 'aws:{close[0]}'?" if close else ""
            yield key, f"'aws:{key}' is not a key of the aws provider{hint}"
        elif key in _REFUSED:
            yield key, f"'aws:{key}' cannot be used: {_REFUSED[key]}"
        elif not _fits(_KEYS[key], _value(_KEYS[key], value)):
            yield key, f"'aws:{key}' must be {_IN_WORDS[_KEYS[key]]}, not {value!r}"
        elif key == "defaultTags" and not _are_tags(_value("object", value).get("tags", {})):
            yield key, f"'aws:defaultTags' must hold 'tags', a map of text to text, not {value!r}"


def _are_tags(value: Value) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


_IN_WORDS: Mapping[_Form, str] = {
    "text": "a text",
    "flag": "true or false",
    "number": "a number",
    "texts": "a list of texts",
    "object": "an object",
    "objects": "a list of objects",
}


def _value(form: _Form, value: Value) -> Value:
    """The value, taken out of the JSON text that it may arrive as."""
    if form == "text" or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _fits(form: _Form, value: Value) -> bool:
    match form:
        case "text":
            return isinstance(value, str)
        case "flag":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int) and not isinstance(value, bool)
        case "texts":
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        case "object":
            return isinstance(value, dict)
        case "objects":
            return isinstance(value, list) and all(isinstance(item, dict) for item in value)
        case _:
            assert_never(form)
