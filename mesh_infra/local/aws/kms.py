"""KMS: key policies are refused where they name principals that do not exist.

Source: KMS API reference, CreateKey, Policy: each statement must contain principals that exist and are visible to KMS.
"""

from __future__ import annotations

from moto.kms import urls
from moto.kms.responses import KmsResponse

from mesh_infra.local.aws.errors import InvalidKeyPolicyError
from mesh_infra.local.aws.extension import Extension
from mesh_infra.local.aws.principals import missing_from_account


class LocalKmsResponse(KmsResponse):
    """Each method is an action of the API; moto dispatches to it by its name."""

    def create_key(self) -> str:
        """CreateKey."""
        self._check_policy()
        return super().create_key()

    def put_key_policy(self) -> str:
        """PutKeyPolicy."""
        self._check_policy()
        return super().put_key_policy()

    def _check_policy(self) -> None:
        if missing_from_account(self._get_param("Policy"), self.current_account):
            raise InvalidKeyPolicyError


EXTENSION = Extension(urls, LocalKmsResponse)
