"""AWS's errors that moto has no class for."""

from __future__ import annotations

from moto.core.exceptions import JsonRESTError


class NotKnownHereError(JsonRESTError):
    """What AWS does and the local AWS does not: said at once, with a status that no client tries again."""

    code = 501

    def __init__(self, what: str) -> None:
        super().__init__("NotImplemented", f"the local AWS does not know {what}")


class InvalidRequestError(JsonRESTError):
    """Athena's error for whatever is wrong with a request."""

    def __init__(self, message: str) -> None:
        super().__init__("InvalidRequestException", message)


class InvalidKeyPolicyError(JsonRESTError):
    """KMS's error for a policy that names principals which do not exist."""

    def __init__(self) -> None:
        super().__init__(
            "MalformedPolicyDocumentException", "Policy contains a statement with one or more invalid principals."
        )
