from __future__ import annotations

import sys

import pytest

from mesh_infra.local.pulumi import Diagnosis, diagnose
from mesh_infra.local.pulumi.versions import CLI_VERSION, GO_PACKAGE
from tests.local.pulumi.machine import Machine


def _diagnosed() -> dict[str, Diagnosis]:
    return {diagnosis.name: diagnosis for diagnosis in diagnose()}


def test_an_empty_machine(machine: Machine) -> None:
    found = _diagnosed()
    assert [name for name, diagnosis in found.items() if not diagnosis.ok] == ["git", "Pulumi CLI"]
    assert found["git"] == Diagnosis("git", ok=False, detail="not on PATH", remedy="install git")
    assert found["Pulumi CLI"].detail == "none yet"
    assert CLI_VERSION in found["Pulumi CLI"].remedy
    assert found["Go"].detail.endswith(f"a build from source would use the package {GO_PACKAGE}")
    assert found["cache folder"].detail == str(machine.folder / "cache")
    assert sys.executable in found["Python"].detail
    assert not (machine.folder / "cache").exists()


def test_a_machine_that_has_everything(machine: Machine) -> None:
    machine.pulumi("3.300.0")
    machine.go("1.27.1")
    machine.script("git", "#!/bin/sh\necho git version 2.50\n")
    found = _diagnosed()
    assert all(diagnosis.ok and not diagnosis.remedy for diagnosis in found.values())
    assert found["Pulumi CLI"].detail == f"3.300.0, found on PATH ({machine.bin})"
    assert found["Go"].detail == f"1.27.1 ({machine.bin / 'go'})"
    assert found["git"].detail == "2.50"
    assert found["package moto"].detail.startswith("5.")


def test_a_pulumi_that_will_not_do_is_explained(machine: Machine) -> None:
    machine.pulumi("3.1.0")
    assert "is version 3.1.0" in _diagnosed()["Pulumi CLI"].detail


def test_a_cache_folder_that_cannot_be_written(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    in_the_way = machine.folder / "file"
    in_the_way.touch()
    monkeypatch.setenv("MESH_CACHE", str(in_the_way / "cache"))
    assert _diagnosed()["cache folder"] == Diagnosis(
        "cache folder",
        ok=False,
        detail=f"'{in_the_way / 'cache'}' cannot be written",
        remedy="make it writable, or set MESH_CACHE to another folder",
    )
