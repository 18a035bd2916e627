"""The real Pulumi CLI, and the environment in which it runs against the local AWS.

A command runs in four steps: `find_or_install` the CLI; `environment` for it; `ensure_home` and `ensure_stacks`, which
make what that environment names; `run`. `diagnose` says what this machine has and what it lacks.
"""

from mesh_infra.local.pulumi.cli import Origin, PulumiCli, find, find_or_install
from mesh_infra.local.pulumi.command import run
from mesh_infra.local.pulumi.doctor import Diagnosis, diagnose
from mesh_infra.local.pulumi.environment import environment
from mesh_infra.local.pulumi.prepare import Provider, ensure_home, ensure_stacks

__all__ = [
    "Diagnosis",
    "Origin",
    "Provider",
    "PulumiCli",
    "diagnose",
    "ensure_home",
    "ensure_stacks",
    "environment",
    "find",
    "find_or_install",
    "run",
]
