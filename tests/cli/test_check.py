from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mesh_infra.cache import FOLDER
from tests.cli.conftest import SAMPLE, Mesh, run_process
from tests.meshes import CONTRACT, write_mesh

WRONG_TYPE = CONTRACT.replace("type: string", "type: strnig", 1)
WARNING = CONTRACT.replace("name: order_id", 'name: order_id\n    description: "phone number, or what was dialled"')


def test_the_sample_mesh_is_clean() -> None:
    ran = run_process("check", cwd=SAMPLE)
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "6 domains, 7 contracts: no findings\n")


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    files = {"contracts/sales/orders.yaml": WRONG_TYPE, "domains/marketing.yaml": "domain: marketing\n"}
    return write_mesh(tmp_path / "wrong", files)


def test_findings_are_lines_and_a_summary(mesh: Mesh, wrong: Path) -> None:
    ran = mesh("check", "-C", wrong)
    assert ran.code == 1
    type_error, owner_error = ran.stdout.splitlines()
    assert type_error == (
        "contracts/sales/orders.yaml:6:11: unknown type 'strnig'; did you mean 'string'? [contract-type]"
    )
    assert owner_error.startswith("domains/marketing.yaml:1:1: ")
    assert ran.stderr == "2 errors in 2 files\n"


def test_findings_as_json(mesh: Mesh, wrong: Path) -> None:
    ran = mesh("check", "-C", wrong, "--format", "json")
    assert ran.code == 1
    assert ran.stderr == ""
    first = json.loads(ran.stdout)["findings"][0]
    assert first == {
        "rule": "contract-type",
        "severity": "error",
        "path": "contracts/sales/orders.yaml",
        "line": 6,
        "column": 11,
        "message": "unknown type 'strnig'",
        "hint": "did you mean 'string'?",
    }


def test_findings_for_github_and_for_code_scanning(mesh: Mesh, wrong: Path) -> None:
    ran = mesh("check", "-C", wrong, "--format", "github")
    assert (ran.code, ran.stderr) == (1, "")
    assert ran.stdout.splitlines()[0] == (
        "::error file=contracts/sales/orders.yaml,line=6,col=11,title=contract-type::"
        "unknown type 'strnig'; did you mean 'string'?"
    )
    ran = mesh("check", "-C", wrong, "--format", "sarif")
    assert (ran.code, ran.stderr) == (1, "")
    assert json.loads(ran.stdout)["runs"][0]["results"][0]["ruleId"] == "contract-type"


def test_no_findings_as_json(mesh: Mesh, small: Path) -> None:
    ran = mesh("check", "-C", small, "--format", "json")
    assert (ran.code, json.loads(ran.stdout), ran.stderr) == (0, {"findings": []}, "")


def test_a_warning_is_no_failure(mesh: Mesh, tmp_path: Path) -> None:
    root = write_mesh(tmp_path, {"contracts/sales/orders.yaml": WARNING})
    ran = mesh("check", "-C", root)
    assert ran.code == 0
    assert " warning: " in ran.stdout
    assert ran.stdout.endswith("[pii-untagged]\n")
    assert ran.stderr == "1 warning in 1 file\n"


def test_quiet_leaves_the_findings(mesh: Mesh, wrong: Path, small: Path) -> None:
    ran = mesh("check", "-C", wrong, "--quiet")
    assert (ran.code, len(ran.stdout.splitlines()), ran.stderr) == (1, 2, "")
    assert mesh("check", "-C", small, "--quiet").stderr == ""


def test_paths_restrict_what_is_reported(mesh: Mesh, wrong: Path) -> None:
    ran = mesh("check", "-C", wrong, "contracts/sales", "mesh.yaml")
    assert ran.code == 1
    assert [line.split(":")[0] for line in ran.stdout.splitlines()] == ["contracts/sales/orders.yaml"]
    clean = mesh("check", "-C", wrong, "domains/sales.yaml")
    assert (clean.code, clean.stdout, clean.stderr) == (0, "", "no findings in domains/sales.yaml\n")


def test_paths_are_relative_to_where_one_is(mesh: Mesh, wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(wrong / "contracts")
    assert mesh("check", "sales/orders.yaml").code == 1
    assert mesh("check", "../domains/sales.yaml").code == 0


@pytest.mark.parametrize(
    ("path", "message"), [("contracts/nothing.yaml", "there is no "), ("/", "'/' is not in the mesh")]
)
def test_a_path_that_is_not_in_the_mesh_is_wrong_usage(mesh: Mesh, small: Path, path: str, message: str) -> None:
    ran = mesh("check", "-C", small, path)
    assert ran.code == 2
    assert ran.stderr.startswith(f"mesh: {message}")


def test_an_unreadable_mesh_file_is_a_finding(mesh: Mesh, small: Path) -> None:
    (small / "mesh.yaml").write_bytes(b"\xff\xfe")
    ran = mesh("check", "-C", small)
    assert ran.code == 1
    assert ran.stdout.startswith("mesh.yaml")


def test_control_characters_of_a_file_reach_nobody(mesh: Mesh, tmp_path: Path) -> None:
    contract = CONTRACT.replace("name: order_id", r'name: "\e[31mred[bold]"')
    root = write_mesh(tmp_path, {"contracts/sales/orders.yaml": contract})
    ran = mesh("check", "-C", root)
    assert ran.code == 1
    assert "\x1b" not in ran.stdout
    assert r"'\x1b[31mred[bold]'" in ran.stdout


def test_a_second_run_says_the_same_without_reading_it_all_again(tmp_path: Path) -> None:
    files = {"domains/marketing.yaml": "domain: marketing\nowner: nobody\n"}
    root = write_mesh(tmp_path / "mesh", files)
    own = {FOLDER: str(tmp_path / "cache")}
    first, again = (run_process("check", "-C", root, env=own) for _ in range(2))
    assert first.code == 1
    assert first == again
    script = (
        "import sys; from mesh_infra.cli.main import main; code = main(['check', '-C', sys.argv[1]]); "
        "sys.exit(f'{code} {\"pydantic\" in sys.modules}')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(root)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **own},
    )
    assert (done.stdout, done.stderr) == (first.stdout, f"{first.stderr}1 False\n")
