"""What the Tab key offers. Shells ask for it in environment variables, as typer's scripts for them do."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Mesh, run_process
from tests.meshes import write_mesh

Tab = Callable[..., list[str]]


def _asked(*words: str | Path) -> dict[str, str]:
    return {
        "_MESH_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(["mesh", *map(str, words)]),
        "COMP_CWORD": str(len(words)),
    }


@pytest.fixture
def tab(mesh: Mesh, monkeypatch: pytest.MonkeyPatch) -> Tab:
    """Asks, as bash does, what is offered for the last of some words."""

    def press(*words: str | Path) -> list[str]:
        for name, value in _asked(*words).items():
            monkeypatch.setenv(name, value)
        ran = mesh()
        assert (ran.code, ran.stderr) == (0, "")
        return ran.stdout.split()

    return press


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("re",), ["recover", "revoke"]),
        (("local", "st"), ["start", "stop", "status"]),
        (("show", ""), ["orders", "returns.v2"]),
        (("show", "sales.o"), ["sales.orders"]),
        (("show", "orders", "--role", "mark"), ["marketing", "marketing_producer"]),
        (("grant", "an"), ["analyst"]),
        (("grant", "analyst", "or"), ["orders"]),
        (("access", "why", "fr"), ["fraud_desk"]),
        (("access", "--dataset", "r"), ["returns.v2"]),
        (("export", "dbt", "o"), ["orders"]),
        (("rules", "pii-u"), ["pii-untagged"]),
        (("new", "contract", "s"), ["sales"]),
        (("manifest", "--scope", ""), ["marketing", "platform", "sales"]),
        (("up", "--domains", "sales,"), ["sales,marketing", "sales,platform"]),
        (("schema", ""), ["contract", "domain", "mesh"]),
        (("list", "--env", ""), ["dev", "local"]),
        (("check", "--format", ""), ["github", "json", "sarif", "text"]),
        (("list", "--format", ""), ["json", "text"]),
        (("--format", "m"), ["markdown"]),
        (("check", "--as"), ["--as-of"]),
        (("init", "nothing-that-is-known"), []),
    ],
)
def test_names_are_offered_where_they_are_asked_for(
    tab: Tab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], offered: list[str]
) -> None:
    root = write_mesh(
        tmp_path,
        {
            "mesh.yaml": (write_mesh(tmp_path) / "mesh.yaml").read_text() + "roles: {analyst: {}}\n",
            "domains/marketing.yaml": "domain: marketing\nowner: m@company.com\nroles: {fraud_desk: {}}\n",
            "contracts/sales/returns.v2.yaml": "not: a contract\n",
        },
    )
    monkeypatch.chdir(root)
    assert tab(*words) == offered


def test_the_mesh_is_the_one_that_is_named(tab: Tab, small: Path) -> None:
    assert tab("-C", small, "show", "") == tab("show", "-C", small, "") == ["orders"]
    assert tab("-C", small / "nowhere", "show", "") == []


def test_what_is_broken_is_passed_over(tab: Tab, tmp_path: Path) -> None:
    broken = {"mesh.yaml": "roles: [", "domains/sales.yaml": "roles: 1", "contracts/sales/orders.yaml": "\x00"}
    root = write_mesh(tmp_path, broken)
    (root / "contracts/a_file").write_text("")
    assert tab("-C", root, "show", "") == ["orders"]
    assert tab("-C", root, "grant", "") == ["marketing", "marketing_producer", "sales", "sales_producer"]
    shutil.rmtree(root / "contracts")
    assert tab("-C", root, "show", "") == []


def test_a_name_that_a_shell_could_run_is_not_offered(tab: Tab, small: Path) -> None:
    for name in ("$(id)", "a b", "a;b", "`id`", 'a"b'):
        (small / f"contracts/sales/{name}.yaml").write_text("")
    (small / "mesh.yaml").write_text('roles: {"$(id)": {}, analyst: {}}\n')
    assert tab("-C", small, "show", "") == ["orders"]
    assert "analyst" in tab("-C", small, "grant", "")
    assert not [name for name in tab("-C", small, "grant", "") if "(" in name]


def test_nothing_outside_of_the_mesh_is_read(tab: Tab, small: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("roles: {stranger: {}}\n")
    (small / "mesh.yaml").unlink()
    (small / "mesh.yaml").symlink_to(tmp_path / "outside.yaml")
    assert "stranger" not in tab("-C", small, "grant", "")


def test_bash_is_given_what_it_asks_for(small: Path) -> None:
    script = run_process(env={"_MESH_COMPLETE": "source_bash"})
    command = Path(sys.executable).with_name("mesh")
    press = f'COMP_WORDS=(mesh show o); COMP_CWORD=2; _mesh_completion {command}; echo "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", script.stdout + press], capture_output=True, text=True, check=False, cwd=small)
    assert (done.stdout, done.stderr) == ("orders\n", "")


def test_a_press_of_the_key_waits_for_nothing_heavy(small: Path) -> None:
    code = (
        "import sys; from mesh_infra.cli.main import main; code = main(); "
        "heavy = ('pydantic', 'boto3', 'botocore', 'pulumi', 'rich', 'moto'); "
        "sys.exit(code or ', '.join(name for name in heavy if name in sys.modules) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=small,
        env={**_asked("grant", "marketing", "")},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "orders\n", "")
