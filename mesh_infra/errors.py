"""The exceptions that mesh-infra raises on purpose.

MeshError                 anything a command reports in one line and ends with
├── UsageError            the call itself is wrong, or its input cannot be read (exit code 2)
├── MeshInvalid           the mesh has findings at severity error; carries them (exit code 1)
├── AccountNotReady       the AWS account refuses, or is not set up for, a deployment (exit code 1)
└── LocalError            the local AWS or the Pulumi CLI could not be had or started (exit code 1)
"""

from __future__ import annotations

from mesh_infra.findings import Finding


class MeshError(Exception):
    """Base of all: ``message`` says what is wrong, ``hint`` what to do about it."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class UsageError(MeshError):
    """The command was called wrongly, or what it should read cannot be read."""

    exit_code = 2


class MeshInvalid(MeshError):
    """The mesh has errors; nothing may be built from it."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(str(f) for f in findings))
        self.findings = findings


class AccountNotReady(MeshError):
    """The AWS account, its Lake Formation settings or the caller do not fit the environment."""


class LocalError(MeshError):
    """The local AWS or the Pulumi CLI could not be found, installed or started."""
