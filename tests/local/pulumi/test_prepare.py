from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from mesh_infra.errors import LocalError, UsageError
from mesh_infra.local.pulumi import Provider, ensure_home, ensure_stacks
from mesh_infra.local.pulumi.versions import aws_plugin_version


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "a mesh"
    made.mkdir()
    return made


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's own Pulumi keeps the real plugin; it is not there yet."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "users"))
    folder = tmp_path / "users" / "plugins" / f"resource-aws-v{aws_plugin_version()}"
    folder.mkdir(parents=True)
    return folder / "pulumi-resource-aws"


def _run_plugin(root: Path, **env: str) -> str:
    home = root / ".mesh" / "local" / "pulumi-home"
    plugin = home / "plugins" / f"resource-aws-v{aws_plugin_version()}" / "pulumi-resource-aws"
    return subprocess.run(
        [plugin, "the engine"], env=os.environ | env, capture_output=True, text=True, check=True
    ).stdout


def _script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_the_plugin_is_the_stand_in(root: Path, tmp_path: Path) -> None:
    ensure_home(root)
    ensure_home(root)
    python = _script(tmp_path / "the python", 'echo "$@"')
    assert _run_plugin(root, MESH_PYTHON=python) == "-P -m mesh_infra.local.provider the engine\n"
    assert sorted(path.name for path in (root / ".mesh" / "local").iterdir()) == ["pulumi-home", "state"]


def test_the_real_plugin_takes_its_place_and_gives_it_back(root: Path, real: Path, tmp_path: Path) -> None:
    _script(real, "echo the real one")
    ensure_home(root, Provider.REAL)
    ensure_home(root, Provider.REAL)
    assert _run_plugin(root) == "the real one\n"
    ensure_home(root, Provider.STAND_IN)
    assert "provider" in _run_plugin(root, MESH_PYTHON=_script(tmp_path / "python", 'echo "$@"'))
    assert real.read_text() == "#!/bin/sh\necho the real one\n"


def test_a_real_plugin_that_is_not_installed_is_an_error_with_a_remedy(root: Path, real: Path) -> None:
    with pytest.raises(LocalError) as raised:
        ensure_home(root, Provider.REAL)
    assert raised.value.message.endswith(f"is not installed at '{real}'")
    assert f"'pulumi plugin install resource aws {aws_plugin_version()}'" in raised.value.hint


def test_inside_the_local_environment_the_users_own_home_is_meant(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_home(root)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PULUMI_HOME", str(root / ".mesh" / "local" / "pulumi-home"))
    with pytest.raises(LocalError, match="is not installed at"):
        ensure_home(root, Provider.REAL)


def test_a_folder_that_cannot_be_written_is_an_error(root: Path) -> None:
    (root / ".mesh").touch()
    with pytest.raises(LocalError, match="cannot be written: Not a directory; make the mesh's folder writable"):
        ensure_home(root)


@pytest.mark.parametrize("text", [None, "name: [", "- name", "runtime: python", "\xff"])
def test_a_folder_that_is_no_project_is_an_error(root: Path, text: str | None) -> None:
    if text is not None:
        (root / "Pulumi.yaml").write_text(text, encoding="latin-1")
    with pytest.raises(UsageError, match="is not the file of a Pulumi project; run this in the folder of the mesh"):
        ensure_stacks(root, {})


def test_a_pulumi_that_cannot_create_the_stack_is_quoted(root: Path, tmp_path: Path) -> None:
    (root / "Pulumi.yaml").write_text("name: mesh\nruntime: python\n")
    _script(tmp_path / "pulumi", "echo 'error: no space' >&2; exit 1")
    with pytest.raises(LocalError, match="could not create the stack 'local': error: no space"):
        ensure_stacks(root, {"PATH": str(tmp_path)})
