"""The stack's ``aws:`` configuration: how to get to AWS, checked against mesh.yaml, which says where.

Pulumi, "AWS provider: configuration options". Both the provider and our own calls (pre-flight, narrowing) go by it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3

from mesh_infra.errors import UsageError
from mesh_infra.manifest.model import Manifest

_CREDENTIALS = {"accessKey": "aws_access_key_id", "secretKey": "aws_secret_access_key", "token": "aws_session_token"}

_BEYOND_BOTO3 = (
    "assumeRoleWithWebIdentity",
    "customCaBundle",
    "endpoints",
    "sharedConfigFiles",
    "sharedCredentialsFiles",
)
"""Ways to AWS that our own calls cannot follow; each has an environment variable that both sides read."""


@dataclass(frozen=True, slots=True)
class AwsConfig:
    """The options of ``aws:`` that are set, decoded, under their names in Pulumi's camelCase."""

    options: Mapping[str, Any]

    def provider_options(self, manifest: Manifest) -> dict[str, Any]:
        """All options of the explicit provider: mesh.yaml's account, region and base tags, and what else is set.

        Raises ``UsageError`` where an option contradicts mesh.yaml.
        """
        tags = (self.options.get("defaultTags") or {}).get("tags", {})
        fixed = {
            "region": manifest.region,
            "allowedAccountIds": [manifest.account],
            "defaultTags": {"tags": {**tags, **manifest.tags}},
        }
        contradictions = [
            f"aws:{name} is {json.dumps(self.options[name])}, mesh.yaml says {json.dumps(fixed[name])}"
            for name in ("region", "allowedAccountIds")
            if name in self.options and self.options[name] != fixed[name]
        ]
        contradictions += [
            f"aws:defaultTags sets {tag} to '{tags[tag]}', the mesh sets it to '{value}'"
            for tag, value in manifest.tags.items()
            if tags.get(tag, value) != value
        ]
        if manifest.account in (self.options.get("forbiddenAccountIds") or ()):
            contradictions.append(f"aws:forbiddenAccountIds has {manifest.account}, the account of this environment")
        if contradictions:
            raise UsageError(
                "; ".join(contradictions),
                "mesh.yaml says where the mesh is: change it there, or 'pulumi config rm' the option",
            )
        return {**self.options, **fixed}

    def session(self, region: str) -> boto3.Session:
        """A boto3 session that reaches AWS as the provider does; raises ``UsageError`` where it cannot."""
        for name in _BEYOND_BOTO3:
            if name in self.options:
                raise UsageError(
                    f"aws:{name} cannot be used for the checks before a deployment",
                    "set it through the environment (AWS_CONFIG_FILE, AWS_ENDPOINT_URL, AWS_WEB_IDENTITY_TOKEN_FILE)",
                )
        keys = {argument: self.options[name] for name, argument in _CREDENTIALS.items() if name in self.options}
        session = boto3.Session(region_name=region, profile_name=self.options.get("profile"), **keys)
        for role in self.options.get("assumeRoles") or ():
            session = _assume(session, role)
        return session


def _assume(session: boto3.Session, role: Mapping[str, Any]) -> boto3.Session:
    request = {"RoleArn": role["roleArn"], "RoleSessionName": role.get("sessionName", "mesh-infra")}
    request |= {"ExternalId": role["externalId"]} if "externalId" in role else {}
    credentials = session.client("sts").assume_role(**request)["Credentials"]
    return boto3.Session(
        region_name=session.region_name,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def read_config(names: tuple[str, ...], get: Callable[[str], str | None]) -> AwsConfig:
    """The ``aws:`` options of the stack; ``get`` looks up ``aws:<name>``.

    Pulumi keeps objects and lists as JSON text, booleans and numbers as words. Raises ``UsageError`` where one is no
    JSON.
    """
    options: dict[str, Any] = {}
    for name in names:
        text = get(f"aws:{name}")
        if text is not None:
            options[name] = _decode(name, text)
    return AwsConfig(options)


def _decode(name: str, text: str) -> object:
    if text in ("true", "false") or text.startswith(("{", "[")):
        try:
            return json.loads(text)
        except ValueError as error:
            raise UsageError(
                f"aws:{name} is no valid JSON: {error}", "set it with 'pulumi config set --path'"
            ) from None
    return text
