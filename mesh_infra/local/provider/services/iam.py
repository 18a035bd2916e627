"""IAM: roles and the policies inside them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from mesh_infra.aws.names import ROLE
from mesh_infra.aws.resources.check import UNKNOWN
from mesh_infra.local.provider.connection import Aws, Client, found, tolerating
from mesh_infra.local.provider.resource import Resource, Update, id_parts
from mesh_infra.local.provider.tags import TagChange, as_list, from_list
from mesh_infra.local.provider.wire import Values

_GONE = "NoSuchEntity"
_DEFAULT_SESSION = 3600
_LONGEST_SESSION = 43200


class Role(Resource):
    """A role; fails to come where one of its name exists."""

    kind = "aws:iam/role:Role"
    documents = frozenset(("assumeRolePolicy",))
    kept = frozenset(("forceDetachPolicies",))
    unsupported = frozenset(("inlinePolicies", "managedPolicyArns", "namePrefix"))

    def refusals(self, new: Values, _: Values, /) -> Iterator[str]:
        """Names and sessions that IAM does not take."""
        name = new.get("name", UNKNOWN)
        if name != UNKNOWN and (problem := ROLE.problem(name)):
            yield f"input 'name': {problem}"
        session = new.get("maxSessionDuration", UNKNOWN)
        if session != UNKNOWN and not _DEFAULT_SESSION <= session <= _LONGEST_SESSION:
            yield f"input 'maxSessionDuration' must be between {_DEFAULT_SESSION} and {_LONGEST_SESSION}, not {session}"

    def create(self, aws: Aws, inputs: Values, /) -> str:
        """CreateRole, with its tags."""
        name = str(inputs["name"])
        optional = {
            "Description": inputs.get("description"),
            "MaxSessionDuration": inputs.get("maxSessionDuration"),
            "Path": inputs.get("path"),
            "PermissionsBoundary": inputs.get("permissionsBoundary"),
            "Tags": as_list(inputs["tagsAll"]) or None,
        }
        aws.client("iam").create_role(
            RoleName=name,
            AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
            **{key: value for key, value in optional.items() if value is not None},
        )
        return name

    def read(self, aws: Aws, id_: str, _: Values, /) -> Values | None:
        """GetRole."""
        answer = found(lambda: aws.client("iam").get_role(RoleName=id_), _GONE)
        if answer is None:
            return None
        role = answer["Role"]
        return {
            "arn": role["Arn"],
            "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
            "createDate": role["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "description": role.get("Description") or None,
            "maxSessionDuration": role.get("MaxSessionDuration", _DEFAULT_SESSION),
            "name": role["RoleName"],
            "path": role["Path"],
            "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "tagsAll": from_list(role.get("Tags", [])),
            "uniqueId": role["RoleId"],
        }

    def update(self, aws: Aws, id_: str, update: Update, /) -> None:
        """One call for each thing that changed."""
        iam, new, changed = aws.client("iam"), update.new, update.changed
        if "assumeRolePolicy" in changed:
            iam.update_assume_role_policy(RoleName=id_, PolicyDocument=new["assumeRolePolicy"])
        if changed & {"description", "maxSessionDuration"}:
            iam.update_role(
                RoleName=id_,
                Description=new.get("description", ""),
                MaxSessionDuration=new.get("maxSessionDuration", _DEFAULT_SESSION),
            )
        if "permissionsBoundary" in changed:
            if boundary := new.get("permissionsBoundary"):
                iam.put_role_permissions_boundary(RoleName=id_, PermissionsBoundary=boundary)
            else:
                iam.delete_role_permissions_boundary(RoleName=id_)
        if "tagsAll" in changed:
            _retag(iam, id_, TagChange.between(update.old.get("tagsAll", {}), new["tagsAll"]))

    def delete(self, aws: Aws, id_: str, state: Values, /) -> None:
        """DeleteRole; policies on it are in the way unless ``forceDetachPolicies``."""
        iam = aws.client("iam")
        with tolerating(_GONE):
            if state.get("forceDetachPolicies"):
                _detach(iam, id_)
            iam.delete_role(RoleName=id_)


def _retag(iam: Client, role: str, change: TagChange) -> None:
    if change.remove:
        iam.untag_role(RoleName=role, TagKeys=change.remove)
    if change.put:
        iam.tag_role(RoleName=role, Tags=as_list(change.put))


def _detach(iam: Client, role: str) -> None:
    for page in iam.get_paginator("list_attached_role_policies").paginate(RoleName=role):
        for policy in page["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=role, PolicyArn=policy["PolicyArn"])
    for page in iam.get_paginator("list_role_policies").paginate(RoleName=role):
        for name in page["PolicyNames"]:
            iam.delete_role_policy(RoleName=role, PolicyName=name)


class RolePolicy(Resource):
    """A policy inside a role: to create it and to change it is the same call."""

    kind = "aws:iam/rolePolicy:RolePolicy"
    documents = frozenset(("policy",))
    unsupported = frozenset(("namePrefix",))

    def create(self, aws: Aws, inputs: Values, /) -> str:
        """PutRolePolicy; the id is ``role:name``."""
        self._put(aws, inputs)
        return f"{inputs['role']}:{inputs['name']}"

    def read(self, aws: Aws, id_: str, _: Values, /) -> Values | None:
        """GetRolePolicy; gone with its role."""
        role, name = id_parts(id_, ":", "role", "name")
        answer = found(lambda: aws.client("iam").get_role_policy(RoleName=role, PolicyName=name), _GONE)
        if answer is None:
            return None
        return {"name": name, "policy": json.dumps(answer["PolicyDocument"]), "role": role}

    def update(self, aws: Aws, _: str, update: Update, /) -> None:
        """PutRolePolicy: the policy is all that changes in place."""
        self._put(aws, update.new)

    def delete(self, aws: Aws, id_: str, _: Values, /) -> None:
        """DeleteRolePolicy."""
        role, name = id_parts(id_, ":", "role", "name")
        with tolerating(_GONE):
            aws.client("iam").delete_role_policy(RoleName=role, PolicyName=name)

    def _put(self, aws: Aws, inputs: Values) -> None:
        aws.client("iam").put_role_policy(
            RoleName=inputs["role"], PolicyName=inputs["name"], PolicyDocument=inputs["policy"]
        )
