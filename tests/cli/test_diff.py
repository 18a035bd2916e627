from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Mesh, run_on_terminal
from tests.cli.repository import CLEAR, ORDERS, changed
from tests.meshes import BASE, CONTRACT, DOMAIN
from tests.review.repository import new_repository

ROLE = "aws:iam/role:Role"
HOSTILE = CONTRACT.replace("marketing\n", '"@acme/x\\e[31m <img src=x>"\n')


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return changed(tmp_path / "mesh").root


def test_a_change_as_text(mesh: Mesh, root: Path) -> None:
    ran = mesh("-C", root, "diff")
    assert (ran.code, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[:2] == [
        "access",
        "  critical  marketing on sales.orders v1 gains user_email (sensitive): 'marketing' reads in clear what it "
        "read masked (contracts/sales/orders.yaml:11)",
    ]
    assert "  +- replace Permissions sales.orders_v1.marketing: forced by dataCellsFilter, permissions, table" in lines
    assert "must approve: team-sales@company.com" in lines
    assert lines[-1] == "1 critical change of access; 1 change in contracts, 1 in access, 2 in infrastructure"


def test_nothing_changes(mesh: Mesh, root: Path) -> None:
    ran = mesh("-C", root, "diff", "HEAD", "HEAD", "--format", "json")
    assert ran.code == 0
    review = json.loads(ran.stdout)
    assert (review["contracts"], review["access"], review["infrastructure"]) == ([], [], [])


def test_it_can_be_called_from_inside_the_mesh(mesh: Mesh, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "contracts")
    assert "gains user_email (sensitive)" in mesh("diff").stdout


def test_as_json(mesh: Mesh, root: Path) -> None:
    review = json.loads(mesh("-C", root, "diff", "--format", "json").stdout)
    assert set(review) == {"contracts", "access", "infrastructure", "findings", "approvers"}
    assert review["access"] == [
        {
            "role": "marketing",
            "dataset": "orders",
            "version": "v1",
            "severity": "critical",
            "gained": ["user_email"],
            "lost": [],
            "path": "contracts/sales/orders.yaml",
            "line": 11,
            "approvers": ["team-sales@company.com"],
        }
    ]


def test_as_markdown(mesh: Mesh, root: Path) -> None:
    first, again = (mesh("-C", root, "diff", "--format", "markdown").stdout for _ in range(2))
    assert first == again
    assert first.startswith("### Mesh review\n\n**1 critical change of access; ")
    assert "Must approve: `team-sales@company.com`" in first


def test_paths_are_those_of_the_repository(mesh: Mesh, tmp_path: Path) -> None:
    root = changed(tmp_path / "repo", folder="data/mesh/").root / "data/mesh"
    commands = mesh("-C", root, "diff", "--format", "github").stdout
    assert "::error file=data/mesh/contracts/sales/orders.yaml,line=11,title=access-gained::marketing on" in commands
    (first, *_) = json.loads(mesh("-C", root, "diff", "--format", "sarif").stdout)["runs"][0]["results"]
    uri = first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "data/mesh/contracts/sales/orders.yaml"


@pytest.mark.parametrize(
    ("files", "limit", "code"),
    [
        ({ORDERS: CLEAR}, "critical", 1),
        ({ORDERS: CLEAR}, "info", 1),
        ({ORDERS: f"{CONTRACT}  - role: sales\n    permission: read_masked\n"}, "critical", 0),
        ({ORDERS: f"{CONTRACT}  - role: sales\n    permission: read_masked\n"}, "medium", 1),
        ({ORDERS: f"# a comment\n{CONTRACT}"}, "info", 0),
    ],
)
def test_the_limit(mesh: Mesh, tmp_path: Path, files: dict[str, str | bytes | None], limit: str, code: int) -> None:
    root = changed(tmp_path / "mesh", files).root
    assert mesh("-C", root, "diff").code == 0
    assert mesh("-C", root, "diff", "--fail-on", limit).code == code


def test_a_change_that_mends_what_could_not_be_read(mesh: Mesh, tmp_path: Path) -> None:
    repo = new_repository(tmp_path / "mesh")
    repo.commit({**BASE, ORDERS: CONTRACT.replace("type: string", "type: strnig")})
    assert mesh("-C", repo.root, "diff", "HEAD").code == 1
    repo.write({ORDERS: CONTRACT})
    ran = mesh("-C", repo.root, "diff", "HEAD")
    assert (ran.code, "nothing could be compared" in ran.stdout) == (0, True)
    assert "who gains access is not known" in ran.stdout
    # What is not known may be anything.
    assert mesh("-C", repo.root, "diff", "HEAD", "--fail-on", "critical").code == 1


def test_errors_are_a_failure_in_every_format(mesh: Mesh, tmp_path: Path) -> None:
    removed = CONTRACT.replace("  - name: user_email\n    type: string\n    pii: true\n", "")
    root = changed(tmp_path / "mesh", {ORDERS: removed}).root
    for name in ("text", "markdown", "json", "sarif", "github"):
        ran = mesh("-C", root, "diff", "--format", name)
        assert ran.code == 1
        assert "breaking-change" in ran.stdout


def test_what_people_write_reaches_no_terminal(mesh: Mesh, tmp_path: Path) -> None:
    root = changed(tmp_path / "mesh", {ORDERS: HOSTILE}).root
    for name in ("text", "markdown", "json", "sarif", "github"):
        ran = mesh("-C", root, "diff", "--format", name)
        assert ran.code == 1
        assert all(line.isprintable() for line in ran.stdout.split("\n"))


def test_a_terminal_sees_what_matters_in_colour(root: Path) -> None:
    code, shown = run_on_terminal("-C", root, "diff")
    assert code == 0
    assert "\x1b[1maccess\x1b[0m\n" in shown
    assert "\x1b[1;31mcritical\x1b[0m" in shown


def preview(path: Path, name: str) -> Path:
    urn = f"urn:pulumi:dev::mesh::mesh:index:Platform${ROLE}::{name}"
    path.write_text(json.dumps({"steps": [{"op": "update", "urn": urn, "detailedDiff": {"description": {}}}]}))
    return path


def test_a_real_preview_takes_the_place_of_what_is_predicted(mesh: Mesh, root: Path, tmp_path: Path) -> None:
    file = preview(tmp_path / "preview.json", "marketing")
    review = json.loads(mesh("-C", root, "diff", "--preview", file, "--format", "json").stdout)
    assert review["infrastructure"] == [
        {
            "stack": "dev",
            "op": "update",
            "type": ROLE,
            "name": "marketing",
            "inputs": ["description"],
            "replaced_by": [],
            "data_loss": False,
            "drift": True,
        }
    ]
    assert "1 resource has drifted" in mesh("-C", root, "diff", "--preview", file).stdout


def test_wrong_usage(mesh: Mesh, root: Path, tmp_path: Path) -> None:
    (tmp_path / "no.json").write_bytes(b"\xff")
    for args, message in (
        (("nowhere",), "git knows no revision 'nowhere'"),
        (("--preview", tmp_path / "none.json"), "cannot be read: No such file or directory"),
        (("--preview", tmp_path / "no.json"), "cannot be read: it is no UTF-8"),
        (("--fail-on", "high-ish"), "'high-ish' is not one of 'critical', 'high', 'medium', 'info'"),
        (("--format", "github-matrix"), "is not one of 'text', 'markdown', 'json', 'sarif', 'github'"),
        (("a", "b", "c"), "unexpected extra argument"),
    ):
        ran = mesh("-C", root, "diff", *args)
        assert (ran.code, ran.stdout) == (2, "")
        assert message in ran.stderr
        assert ran.stderr.count("\n") == 1


def test_outside_of_a_repository_is_wrong_usage(mesh: Mesh, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(small.parent))
    ran = mesh("-C", small, "diff")
    assert ran.code == 2
    assert "run this in a clone of the mesh's repository" in ran.stderr


@pytest.mark.parametrize("command", [("diff",), ("access",), ("access", "why"), ("affected",), ("codeowners",)])
def test_examples(
    mesh: Mesh, sample: Path, tmp_path: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = new_repository(tmp_path / "repo")
    shutil.copytree(sample, repo.root, dirs_exist_ok=True)
    repo.commit()
    repo.commit({"domains/returns.yaml": f'{DOMAIN.format(name="returns")}github: ["@acme/returns"]\n'})
    monkeypatch.chdir(repo.root)
    shown = mesh(*command, "--help").stdout.partition("Examples:")[2]
    examples = re.findall(r"^    mesh (.*)$", shown, flags=re.MULTILINE)
    assert examples
    for example in examples:
        assert mesh(*shlex.split(example)).code == 0, example
