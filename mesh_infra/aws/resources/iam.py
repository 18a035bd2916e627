"""IAM: roles and the policies inside them. IAM is global: its resources have no region."""

from __future__ import annotations

from mesh_infra.aws.resources.props import flag, integer, name, obj, tags, text, unordered
from mesh_infra.aws.schema import ResourceSchema

ROLE = ResourceSchema(
    "aws:iam/role:Role",
    inputs={
        "assumeRolePolicy": text(required=True),
        "description": text(),
        "forceDetachPolicies": flag(),
        "inlinePolicies": unordered(obj({"name": text(), "policy": text()}), computed=True),
        "managedPolicyArns": unordered(text(), computed=True),
        "maxSessionDuration": integer(default=3600),
        "name": name(),
        "namePrefix": text(computed=True, replaces=True),
        "path": text(default="/", replaces=True),
        "permissionsBoundary": text(),
        "tags": tags(),
    },
    outputs=("arn", "createDate", "tagsAll", "uniqueId"),
)

ROLE_POLICY = ResourceSchema(
    "aws:iam/rolePolicy:RolePolicy",
    inputs={
        "name": name(),
        "namePrefix": text(computed=True, replaces=True),
        "policy": text(required=True),
        "role": text(required=True, replaces=True),
    },
)
