"""IAM: trust policies are refused where they name principals that do not exist.

Source: IAM User Guide, "AWS JSON policy elements: Principal".
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.iam import urls
from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.responses import IamResponse

from mesh_infra.local.aws.extension import Extension
from mesh_infra.local.aws.principals import missing_from_account


class LocalIamResponse(IamResponse):
    """Each method is an action of the API; moto dispatches to it by its name."""

    def create_role(self) -> ActionResult:
        """CreateRole."""
        self._check_trust("AssumeRolePolicyDocument")
        return super().create_role()

    def update_assume_role_policy(self) -> ActionResult:
        """UpdateAssumeRolePolicy."""
        self._check_trust("PolicyDocument")
        return super().update_assume_role_policy()

    def _check_trust(self, parameter: str) -> None:
        if missing := missing_from_account(self._get_param(parameter), self.current_account):
            raise MalformedPolicyDocument(f'Invalid principal in policy: "AWS":"{missing[0]}"')


EXTENSION = Extension(urls, LocalIamResponse)
