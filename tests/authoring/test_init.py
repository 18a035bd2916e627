"""`mesh init` and `mesh new`: what they write, byte for byte, and what they refuse.

``UPDATE_CASES=1 pytest tests/authoring/test_init.py`` writes what is expected anew; read the diff.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mesh_infra.authoring.schema_file import SCHEMAS
from mesh_infra.version import __version__
from tests.cli.conftest import Mesh, mesh, run_on_terminal  # noqa: F401 - mesh is a fixture
from tests.meshes import write_mesh

CASES = Path(__file__).parent.parent / "cases" / "authoring"


def expect(file: Path, found: str) -> None:
    if os.environ.get("UPDATE_CASES"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


def texts(root: Path) -> dict[str, str]:
    return {p.relative_to(root).as_posix(): p.read_text(encoding="utf-8") for p in root.rglob("*") if p.is_file()}


OPTIONS = {
    "init": (),
    "init-with-everything": (
        *("--organization", "Acme: Europe", "--account", "444455556666", "--region", "eu-central-1"),
        *("--domain", "check_out", "--owner", "jo@acme.com", "--github", "@acme/platform"),
    ),
}


@pytest.mark.parametrize("case", OPTIONS)
def test_a_new_mesh_is_clean(case: str, tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    root = tmp_path / "My mesh"
    assert mesh("init", root, *OPTIONS[case]).code == 0
    written = texts(root)
    assert written.pop("requirements.txt").endswith(f"\nmesh-infra=={__version__}\n")
    assert {path for path in written if path.startswith("schemas/")} == {
        f"schemas/{kind}.json" for kind in ("mesh", "domain", "contract")
    }
    # The schemas have tests of their own, and so has what this repository's files are equal to.
    elsewhere = (f"{SCHEMAS}/", "docs/", ".github/actions/", ".github/workflows/")
    found = "".join(f"==> {path}\n{text}" for path, text in sorted(written.items()) if not path.startswith(elsewhere))
    expect(CASES / case / "expected.txt", found)
    ran = mesh("-C", root, "check")
    assert (ran.code, ran.stdout) == (0, "")


@pytest.mark.parametrize(
    "options",
    [
        ("--domain", "../elsewhere"),
        ("--domain", "link"),
        ("--account", '1"\n'),
        ("--region", "nowhere"),
        ("--organization", "red \x1b[31m"),
        ("--owner", "a\nb: c"),
        ("--github", "nobody"),
    ],
)
def test_values_that_no_mesh_can_have_are_refused(
    options: tuple[str, ...],
    tmp_path: Path,
    mesh: Mesh,  # noqa: F811 - the fixture
) -> None:
    ran = mesh("init", tmp_path / "new", *options)
    assert ran.code in (1, 2)
    assert "defect" not in ran.stderr
    assert "\x1b" not in ran.stderr
    assert not (tmp_path / "new").exists()


def test_nothing_that_exists_is_replaced(tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    (tmp_path / "mesh.yaml").write_text("mine")
    ran = mesh("-C", tmp_path, "init", ".")
    assert ran.code == 2
    assert "is there already; nothing was written; give --force to replace it" in ran.stderr
    assert texts(tmp_path) == {"mesh.yaml": "mine"}
    assert mesh("-C", tmp_path, "init", ".", "--force").code == 0
    assert "organization:" in texts(tmp_path)["mesh.yaml"]


def test_force_does_not_write_through_a_link(tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    (tmp_path / "elsewhere").write_text("mine")
    root = tmp_path / "new"
    root.mkdir()
    (root / "mesh.yaml").symlink_to(tmp_path / "elsewhere")
    assert mesh("init", root, "--force").code == 2
    assert (tmp_path / "elsewhere").read_text() == "mine"


def test_the_result_as_json(tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    ran = mesh("init", tmp_path / "new", "--format", "json")
    assert json.loads(ran.stdout)["files"] == sorted(texts(tmp_path / "new"))


NEW = {
    "domain": (("domain", "checkout", "--owner", "a@b.com", "--description", "Baskets: full"), "domains/checkout.yaml"),
    "contract": (
        (
            *("contract", "sales", "returns", "--column", "order_id:uuid", "--column", "email:string"),
            *("--column", "birth:date", "--column", "amount:decimal(10,2)", "--column", "who:struct<phone:string>"),
            *("--pii", "birth", "--description", "What came back"),
        ),
        "contracts/sales/returns.yaml",
    ),
    "contract-of-a-second-version": (
        ("contract", "sales", "orders", "--version", "v2", "--column", "id:string"),
        "contracts/sales/orders.v2.yaml",
    ),
}


@pytest.mark.parametrize("case", NEW)
def test_new(case: str, tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    args, path = NEW[case]
    write_mesh(tmp_path)
    ran = mesh("-C", tmp_path, "new", *args)
    assert (ran.code, ran.stderr) == (0, f"wrote {path}\n")
    text = (tmp_path / path).read_text(encoding="utf-8")
    assert ran.stdout == text
    expect(CASES / "new" / f"{case}.yaml", text)
    again = mesh("-C", tmp_path, "new", *args)
    assert again.code == 2
    assert "is there already" in again.stderr
    assert mesh("-C", tmp_path, "new", *args, "--force").code == 0
    assert mesh("-C", tmp_path, "check").code == 0


def test_new_files_point_to_the_schemas_of_the_mesh(tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    mesh("init", tmp_path)
    mesh("-C", tmp_path, "new", "contract", "sales", "returns", "--column", "id:string")
    first = (tmp_path / "contracts/sales/returns.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../schemas/contract.json"
    assert (tmp_path / "contracts/sales" / first.partition("=")[2]).resolve() == tmp_path / "schemas/contract.json"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("domain", "Check-Out", "--owner", "a"), "a domain cannot be called 'Check-Out'"),
        (("domain", "a/b", "--owner", "a"), "a domain cannot be called 'a/b'"),
        (("domain", "platform", "--owner", "a"), "the name is reserved"),
        (("domain", "checkout"), "there is nobody to ask for the owner; give --owner"),
        (("domain", "checkout", "--owner", "a\nb"), "domains/checkout.yaml:2:8: "),
        (("contract", "sale", "returns", "--column", "a:string"), "did you mean 'sales'?"),
        (("contract", "sales", "../x", "--column", "a:string"), "a dataset cannot be called '../x'"),
        (("contract", "sales", "returns"), "give --column NAME:TYPE, or --from FILE"),
        (("contract", "sales", "returns", "--column", "a"), "'a' is no column; write NAME:TYPE"),
        (("contract", "sales", "returns", "--column", "a:strnig"), "unknown type 'strnig'; did you mean 'string'?"),
        (("contract", "sales", "returns", "--column", "A b:string"), "a column cannot be called 'A b'"),
        (("contract", "sales", "returns", "--column", "a:int", "--pii", "b"), "there is no column 'b'"),
        (("contract", "sales", "returns", "--column", "a:int", "--version", "1"), "'1' is no version"),
        (("contract", "sales", "returns", "--column", "a:int", "--from", "x.csv"), "give one of them"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    args: tuple[str, ...],
    message: str,
    tmp_path: Path,
    mesh: Mesh,  # noqa: F811 - the fixture
) -> None:
    before = texts(write_mesh(tmp_path))
    ran = mesh("-C", tmp_path, "new", *args)
    assert ran.code in (1, 2)
    assert message in ran.stderr
    assert texts(tmp_path) == before


def test_rules_that_a_new_contract_does_not_keep_yet_are_said(
    tmp_path: Path,
    mesh: Mesh,  # noqa: F811 - the fixture
) -> None:
    domain = "domain: sales\nowner: a@company.com\ngovernance: {description-required: error}\n"
    write_mesh(tmp_path, {"domains/sales.yaml": domain})
    ran = mesh("-C", tmp_path, "new", "contract", "sales", "returns", "--column", "id:string")
    assert ran.code == 0
    assert "to do, before it passes 'mesh check':\ncontracts/sales/returns.yaml:1:10: " in ran.stderr
    assert (tmp_path / "contracts/sales/returns.yaml").exists()


def test_on_a_terminal_it_asks(tmp_path: Path) -> None:
    write_mesh(tmp_path)
    answers = ["id", "uuid", "n", "Bad Name", "phone", "text", "", "", "", "What came back"]
    typed = "".join(f"{answer}\n" for answer in answers)
    code, shown = run_on_terminal("-C", tmp_path, "new", "contract", "sales", "returns", typed=typed)
    assert code == 0, shown
    assert "a column cannot be called 'Bad Name'" in shown
    expect(CASES / "new" / "asked.yaml", (tmp_path / "contracts/sales/returns.yaml").read_text(encoding="utf-8"))
