"""declare(manifest) → the Pulumi resources that make it real, as values: pure, without the SDK."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from mesh_infra.manifest.model import Manifest, ManifestRole, Platform
from mesh_infra.resources.declared import Declared, Options, Ref, Value
from mesh_infra.resources.domain import declare_domain
from mesh_infra.resources.shapes import (
    ABORT_UPLOADS,
    KEY,
    ROLE,
    ROLE_POLICY,
    BucketSettings,
    KeySettings,
    declare_bucket,
    declare_key,
    key_of,
    policy,
)

PLATFORM = "mesh:index:Platform"
WORKGROUP = "aws:athena/workgroup:Workgroup"
RESULTS = "results"


def declare(manifest: Manifest) -> tuple[Declared, ...]:
    """Every resource of the manifest, what others refer to before what refers to it."""
    declared = list(_platform(manifest, manifest.platform)) if manifest.platform else []
    here = frozenset(resource.key for resource in declared)
    for domain in manifest.domains:
        declared.extend(declare_domain(manifest, domain, here))
    return tuple(declared)


def _platform(manifest: Manifest, platform: Platform) -> Iterator[Declared]:
    component = Declared(PLATFORM, "platform", {})
    yield component
    key = KeySettings(
        name=RESULTS,
        alias=platform.results_key_alias,
        policy=platform.results_key_policy,
        description=f"Query results of the mesh {manifest.prefix}",
        tags={},
        disposable=manifest.disposable,
    )
    yield from declare_key(key, component.key)
    yield from declare_bucket(
        BucketSettings(
            name=RESULTS,
            bucket=platform.results_bucket,
            key=RESULTS,
            policy=platform.results_bucket_policy,
            versioned=False,
            rules=[
                ABORT_UPLOADS,
                {
                    "id": "expire-results",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"days": platform.results_retention_days},
                },
            ],
            tags={},
            disposable=manifest.disposable,
        ),
        component.key,
    )
    for role, trusted in _trusted_first(platform.roles):
        yield from _role(role, trusted, platform, component.key)


def _trusted_first(roles: tuple[ManifestRole, ...]) -> Iterator[tuple[ManifestRole, tuple[str, ...]]]:
    """The roles, each with the keys of those of ours that it trusts, which stand before it.

    IAM refuses a trust policy that names a role which is not there.
    """
    made = {role.principals[0]: role for role in roles if role.trust_policy is not None}
    trusts = {
        role.name: sorted(made[arn].name for arn in _trusted(role) & made.keys() if made[arn] is not role)
        for role in roles
    }
    by_name = {role.name: role for role in roles}
    for name in _in_order(trusts):
        yield by_name[name], tuple(key_of(ROLE, other) for other in trusts[name])


def _in_order(trusts: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """The names, each behind those that it waits for. There is no such order in a circle, which is never deployed.

    The rule ``trust-circle`` stops that; a review tells what else the change does.
    """
    try:
        return tuple(TopologicalSorter(trusts).static_order())
    except CycleError:
        return trusts


def _trusted(role: ManifestRole) -> set[str]:
    statements: Any = (role.trust_policy or {}).get("Statement", ())
    return {arn for statement in statements for arn in statement["Principal"].get("AWS", ())}


def _role(role: ManifestRole, trusted: tuple[str, ...], platform: Platform, parent: str) -> Iterator[Declared]:
    tags = {"mesh:role": role.name} | ({"mesh:domain": role.domain} if role.domain else {})
    if role.policy is not None and role.trust_policy is not None:
        iam = Declared(
            ROLE,
            role.name,
            {
                "name": role.iam_role,
                "description": role.description,
                "assumeRolePolicy": policy(role.trust_policy, {}),
                "tags": tags,
            },
            parent,
            Options(depends_on=trusted),
        )
        yield iam
        document = policy(role.policy, {platform.results_key_alias: RESULTS})
        inputs: Mapping[str, Value] = {"name": "mesh", "role": role.iam_role, "policy": document}
        yield Declared(ROLE_POLICY, role.name, inputs, parent, Options(depends_on=(iam.key,)))
    if role.workgroup:
        yield Declared(
            WORKGROUP,
            role.name,
            {
                "name": role.workgroup,
                "description": f"Queries of the role {role.name}",
                "forceDestroy": True,
                "configuration": {
                    "enforceWorkgroupConfiguration": True,
                    "publishCloudwatchMetricsEnabled": True,
                    "resultConfiguration": {
                        "outputLocation": role.results,
                        "encryptionConfiguration": {
                            "encryptionOption": "SSE_KMS",
                            "kmsKeyArn": Ref(key_of(KEY, RESULTS), "arn"),
                        },
                    },
                },
                "tags": tags,
            },
            parent,
        )
