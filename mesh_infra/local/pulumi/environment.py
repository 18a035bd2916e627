"""What a command needs around it to run against the local AWS, and only against it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from mesh_infra.local.pulumi.cli import Origin, PulumiCli

STACK = "local"
"""The environment of the local AWS, and its stack where it is one."""

_PASSPHRASE = "local"  # noqa: S105 - guards nothing: this state describes a local AWS that everybody may read
_OURS = ("AWS_", "PULUMI_", "MESH_PYTHON")


def local_folder(root: Path) -> Path:
    """Where everything of the local AWS of the mesh at ``root`` lives."""
    return root.absolute() / ".mesh" / "local"


def environment(
    root: Path, endpoint: str, cli: PulumiCli, credentials: Mapping[str, str], region: str = "eu-west-1"
) -> dict[str, str]:
    """The environment of `mesh local exec`: that of this process, turned to the local AWS at ``endpoint``.

    ``credentials`` are environment variables such as AWS_ACCESS_KEY_ID. Every inherited AWS_* and PULUMI_* variable is
    dropped and the user's AWS files are out of sight, so that no profile, endpoint, backend or token of the user's
    can lead a command anywhere else. The folders it names are made by `mesh_infra.local.pulumi.prepare`.
    """
    folder = local_folder(root)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {
        **inherited,
        **_aws(endpoint, region),
        **credentials,
        **_direct(endpoint, inherited),
        "PATH": _path(cli, inherited.get("PATH", os.defpath)),
        "MESH_PYTHON": sys.executable,
        # A URI: Pulumi reads '#', '?' and '%' of a bare path as parts of a URL.
        # Without the files of attributes that lie beside the state's: they are not replaced whole, and where the engine
        # is killed while it writes one, it cannot read its state again (gocloud.dev, fileblob, "URLOpener").
        "PULUMI_BACKEND_URL": f"{(folder / 'state').as_uri()}?metadata=skip",
        "PULUMI_HOME": str(folder / "pulumi-home"),
        "PULUMI_STACK": STACK,
        "PULUMI_CONFIG_PASSPHRASE": _PASSPHRASE,
        "PULUMI_CREDENTIAL_STORE": "plaintext",  # there are none: do not open the user's keychain for them
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",  # a provider on the user's PATH would hide the one in PULUMI_HOME
    }


def _aws(endpoint: str, region: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        # A default profile may say ignore_configured_endpoint_urls, which would lead to the real AWS.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _direct(endpoint: str, inherited: Mapping[str, str]) -> dict[str, str]:
    """No proxy between the processes of this machine; programs differ in which spelling they read."""
    known = inherited.get("NO_PROXY") or inherited.get("no_proxy", "")
    hosts = [*known.split(","), "127.0.0.1", "localhost", urlsplit(endpoint).hostname]
    value = ",".join(dict.fromkeys(filter(None, hosts)))
    return {"NO_PROXY": value, "no_proxy": value}


def _path(cli: PulumiCli, inherited: str) -> str:
    """PATH with this Python and the CLI first.

    A CLI of our own has its folder to itself and goes first; one found on PATH may share its folder with another
    Python, which must not hide this one.
    """
    python = str(Path(sys.executable).parent)
    first = [python, str(cli.path)] if cli.origin is Origin.PATH else [str(cli.path), python]
    return os.pathsep.join([*first, inherited])
