from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh_infra.local.pulumi import Origin, PulumiCli, environment

_ENDPOINT = "http://127.0.0.1:5555"
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
_BUILT = PulumiCli(Path("/cache/bin"), "3.259.0", Origin.SOURCE)


def test_nothing_of_the_users_aws_or_pulumi_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    inherited = {
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL_S3": "https://s3.example.com",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "PULUMI_ACCESS_TOKEN": "real",
        "PULUMI_CONFIG_PASSPHRASE_FILE": "/secret",
        "PULUMI_BACKEND_URL": "s3://real",
    }
    for name, value in inherited.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("EDITOR", "ed")
    env = environment(Path("/mesh"), _ENDPOINT, _BUILT, _CREDENTIALS, "eu-north-1")
    assert not set(inherited.values()) & {
        value for name, value in env.items() if name.startswith(("AWS_", "PULUMI_"))
    } - {"true"}
    assert not {"AWS_PROFILE", "AWS_ENDPOINT_URL_S3", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"} & env.keys()
    assert env["EDITOR"] == "ed"
    assert {name: value for name, value in env.items() if name.startswith("PULUMI_")} == {
        "PULUMI_BACKEND_URL": "file:///mesh/.mesh/local/state?metadata=skip",
        "PULUMI_HOME": "/mesh/.mesh/local/pulumi-home",
        "PULUMI_STACK": "local",
        "PULUMI_CONFIG_PASSPHRASE": "local",
        "PULUMI_CREDENTIAL_STORE": "plaintext",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
    }


def test_a_client_reaches_the_local_aws_whatever_the_users_profile_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / ".aws"
    profile.mkdir()
    (profile / "config").write_text("[default]\nignore_configured_endpoint_urls = true\nregion = us-west-1\n")
    (profile / "credentials").write_text("[default]\naws_access_key_id = real\naws_secret_access_key = real\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    program = (
        "import boto3; s = boto3.Session(); c = s.client('s3');"
        "print(c.meta.endpoint_url, s.region_name, s.get_credentials().access_key)"
    )
    env = environment(tmp_path, _ENDPOINT, _BUILT, _CREDENTIALS, "eu-north-1")
    said = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
    assert said.stdout == f"{_ENDPOINT} eu-north-1 testing\n"


@pytest.mark.parametrize(("inherited", "direct"), [("", "127.0.0.1,localhost"), ("corp", "corp,127.0.0.1,localhost")])
def test_no_proxy_stands_between(monkeypatch: pytest.MonkeyPatch, inherited: str, direct: str) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("no_proxy", inherited)
    env = environment(Path("/mesh"), _ENDPOINT, _BUILT, {})
    assert env["NO_PROXY"] == env["no_proxy"] == direct


@pytest.mark.parametrize("origin", Origin)
def test_this_python_and_the_cli_come_first(monkeypatch: pytest.MonkeyPatch, origin: Origin) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    env = environment(Path("/mesh"), _ENDPOINT, PulumiCli(Path("/cli"), "3.259.0", origin), {})
    python = str(Path(sys.executable).parent)
    expected = [python, "/cli"] if origin is Origin.PATH else ["/cli", python]
    assert env["PATH"].split(os.pathsep) == [*expected, "/usr/bin"]
    assert env["MESH_PYTHON"] == sys.executable


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_the_backend_is_the_folder_however_it_is_called(name: str) -> None:
    root = Path("/", name)
    url = urlsplit(environment(root, _ENDPOINT, _BUILT, {})["PULUMI_BACKEND_URL"])
    assert (url.scheme, url.netloc, url.query, url.fragment) == ("file", "", "metadata=skip", "")
    assert unquote(url.path) == str(root / ".mesh" / "local" / "state")
