"""`mesh export odcs` and `mesh import odcs`, and the other commands on a mesh that holds such files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Mesh
from tests.cli.repository import changed
from tests.meshes import CONTRACT, write_mesh

ODCS = """\
apiVersion: v3.1.0
kind: DataContract
id: 7b1ea5e6
version: v1
status: active
domain: sales
team: {name: team-sales@company.com}
description: {usage: Predict sales}
schema:
  - name: orders
    properties:
      - name: order_id
        logicalType: string
      - name: user_email
        logicalType: string
        tags: [pii]
        businessName: E-mail
roles:
  - role: marketing
    access: read_masked
"""
NATIVE = "contracts/sales/orders.yaml"
PLACE = "contracts/sales/orders.odcs.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_mesh(tmp_path / "mesh")


@pytest.fixture
def odcs(root: Path) -> Path:
    """The mesh with its contract in the standard."""
    (root / NATIVE).unlink()
    (root / PLACE).write_text(ODCS)
    return root


def test_an_export_takes_the_place_of_the_contract(mesh: Mesh, root: Path) -> None:
    before = json.loads(mesh("-C", root, "manifest", "--format", "json").stdout)
    ran = mesh("-C", root, "export", "odcs", "orders")
    assert (ran.code, ran.stderr) == (0, "")
    (root / NATIVE).unlink()
    (root / PLACE).write_text(ran.stdout)
    assert mesh("-C", root, "check").code == 0
    after = json.loads(mesh("-C", root, "manifest", "--format", "json").stdout)
    assert without_places(after) == without_places(before)


def without_places(value: object) -> object:
    match value:
        case dict():
            return {k: without_places(v) for k, v in value.items() if k not in ("origin", "origins")}
        case list():
            return [without_places(inner) for inner in value]
        case _:
            return value


def test_an_export_into_a_file(mesh: Mesh, root: Path) -> None:
    ran = mesh("-C", root, "export", "odcs", "orders", "--api-version", "v3.2.0", "--output", "o.yaml")
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "wrote o.yaml\n")
    assert yaml.safe_load((root / "o.yaml").read_text())["apiVersion"] == "v3.2.0"
    again = mesh("-C", root, "export", "odcs", "orders", "--output", "o.yaml")
    assert again.code == 2
    assert "is there already" in again.stderr
    assert mesh("-C", root, "export", "odcs", "orders", "--output", "o.yaml", "--force").code == 0


def test_an_export_as_json(mesh: Mesh, root: Path) -> None:
    document = json.loads(mesh("-C", root, "export", "odcs", "orders", "--format", "json").stdout)
    assert document["schema"][0]["properties"][1]["tags"] == ["pii"]


def test_an_import_writes_the_contract_and_says_what_it_keeps(mesh: Mesh, root: Path) -> None:
    (root / NATIVE).unlink()
    (root / "o.yaml").write_text(ODCS)
    ran = mesh("-C", root, "import", "odcs", "o.yaml")
    assert ran.code == 0
    assert ran.stdout == (root / NATIVE).read_text()
    assert ran.stderr == (
        f"wrote {NATIVE}\nkept under 'odcs' for the way back, without effect here: id, description.usage, "
        "schema.properties.user_email.businessName\n"
    )
    assert mesh("-C", root, "check").code == 0
    assert yaml.safe_load(mesh("-C", root, "export", "odcs", "orders").stdout) == yaml.safe_load(ODCS)


def test_an_import_keeps_what_is_there(mesh: Mesh, root: Path) -> None:
    (root / "o.yaml").write_text(ODCS)
    ran = mesh("-C", root, "import", "odcs", "o.yaml")
    assert ran.code == 2
    assert "is there already; nothing was written; give --force to replace it" in ran.stderr
    assert (root / NATIVE).read_text() == CONTRACT
    assert mesh("-C", root, "import", "odcs", "o.yaml", "--force").code == 0
    assert (root / NATIVE).read_text() != CONTRACT


def test_an_import_says_what_is_to_do(mesh: Mesh, root: Path) -> None:
    (root / "o.yaml").write_text(ODCS.replace("role: marketing", "role: analysts"))
    ran = mesh("-C", root, "import", "odcs", "o.yaml", "--domain", "marketing", "--format", "json")
    assert ran.code == 0
    (written,) = json.loads(ran.stdout)["files"]
    assert written["path"] == "contracts/marketing/orders.yaml"
    assert written["left_out"] == ["domain"]
    assert [finding["rule"] for finding in written["to_do"]] == ["role-unknown"]
    text = mesh("-C", root, "import", "odcs", "o.yaml", "--domain", "marketing", "--force").stderr
    assert "not carried over: domain\nto do, before it passes 'mesh check':\n" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ODCS.replace("domain: sales\n", ""), "does not say which domain it belongs to; give --domain"),
        (ODCS.replace("domain: sales", "domain: slaes"), "there is no domain 'slaes'; did you mean 'sales'?"),
        (CONTRACT, "is no contract in the Open Data Contract Standard"),
        (
            ODCS.replace("logicalType: string\n        tags", "logicalType: strng\n        tags"),
            "column 'user_email': ",
        ),
        ("a: [", "a '[' or '{' is never closed"),
        (ODCS.replace("name: orders", "name: orders\n    physicalName: v1"), "a dataset cannot be called 'v1'"),
    ],
)
def test_imports_that_are_refused(mesh: Mesh, root: Path, text: str, said: str) -> None:
    (root / "o.yaml").write_text(text)
    ran = mesh("-C", root, "import", "odcs", "o.yaml")
    assert ran.code in (1, 2)
    assert said in ran.stderr + ran.stdout
    assert (root / NATIVE).read_text() == CONTRACT


def test_files_that_cannot_be_imported(mesh: Mesh, root: Path) -> None:
    assert "cannot be read: No such file" in mesh("-C", root, "import", "odcs", "none.yaml").stderr
    (root / "o.yaml").write_bytes(b"\xff\xff")
    assert "is not UTF-8" in mesh("-C", root, "import", "odcs", "o.yaml").stderr
    (root / "o.yaml").write_bytes(b"#" * (1024 * 1024 + 1))
    assert "is larger than 1 MiB" in mesh("-C", root, "import", "odcs", "o.yaml").stderr


def test_a_file_of_the_mesh_is_not_imported_over_itself(mesh: Mesh, odcs: Path) -> None:
    ran = mesh("-C", odcs, "import", "odcs", PLACE, "--force")
    assert ran.code == 2
    assert f"'{PLACE}' describes 'orders.v1' already, in the Open Data Contract Standard" in ran.stderr
    assert not (odcs / NATIVE).exists()


def test_the_other_commands_know_it(mesh: Mesh, odcs: Path) -> None:
    assert mesh("-C", odcs, "check").code == 0
    assert "orders.v1" in mesh("-C", odcs, "list").stdout
    assert f"{PLACE}:10" in mesh("-C", odcs, "show", "orders").stdout
    assert f"{PLACE}:19" in mesh("-C", odcs, "access").stdout
    why = mesh("-C", odcs, "access", "why", "marketing", "orders.user_email").stdout
    assert f"{PLACE}:16" in why


def test_access_is_granted_and_revoked_in_it(mesh: Mesh, odcs: Path) -> None:
    granted = mesh("-C", odcs, "grant", "sales", "orders", "--masked")
    assert (granted.code, granted.stderr) == (0, f"wrote {PLACE}\n")
    assert "hidden: user_email" in granted.stdout
    assert (odcs / PLACE).read_text() == ODCS + "  - role: sales\n    access: read_masked\n"
    assert mesh("-C", odcs, "grant", "sales", "orders").code == 0
    assert (odcs / PLACE).read_text() == ODCS + "  - role: sales\n    access: read\n"
    assert mesh("-C", odcs, "grant", "sales", "orders").stderr.startswith("nothing to do: ")
    assert mesh("-C", odcs, "revoke", "sales", "orders").code == 0
    assert (odcs / PLACE).read_text() == ODCS


def test_access_that_cannot_be_edited(mesh: Mesh, odcs: Path) -> None:
    asked = ("grant", "sales", "orders")
    assert "a purpose or approval cannot be written" in mesh("-C", odcs, *asked, "--purpose", "Planning").stderr
    masking = "  - {role: sales, access: read, customProperties: [{property: masking, value: true}]}\n"
    (odcs / PLACE).write_text(ODCS + masking)
    assert "custom properties of the role 'sales' say otherwise" in mesh("-C", odcs, *asked).stderr
    assert (odcs / PLACE).read_text() == ODCS + masking
    lines = ODCS.replace("roles:", "  - name: lines\n    properties: [{name: sku, logicalType: string}]\nroles:")
    (odcs / PLACE).write_text(lines)
    for args in (asked, ("revoke", "marketing", "orders")):
        ran = mesh("-C", odcs, *args)
        assert ran.code == 2
        assert "describes 'lines.v1' too: its 'roles' hold for all of them" in ran.stderr
    assert (odcs / PLACE).read_text() == lines


def test_a_change_of_format_alone_changes_nothing(mesh: Mesh, tmp_path: Path) -> None:
    repo = changed(tmp_path / "repo", {NATIVE: None, PLACE: ODCS})
    ran = mesh("-C", repo.root, "diff", "main", "--format", "json")
    review = json.loads(ran.stdout)
    assert (ran.code, review["contracts"], review["access"], review["infrastructure"]) == (0, [], [], [])


def test_a_review_points_at_the_line(mesh: Mesh, tmp_path: Path) -> None:
    repo = changed(tmp_path / "repo", {NATIVE: None, PLACE: ODCS.replace("access: read_masked", "access: read")})
    review = json.loads(mesh("-C", repo.root, "diff", "main", "--format", "json").stdout)
    (change,) = review["access"]
    assert (change["role"], change["severity"], change["path"]) == ("marketing", "critical", PLACE)
    assert change["line"] == ODCS.splitlines().index("  - role: marketing") + 1


def test_one_table_of_several_is_asked_for(mesh: Mesh, odcs: Path) -> None:
    lines = "  - name: lines\n    properties: [{name: sku, logicalType: string}]\nroles:"
    (odcs / PLACE).write_text(ODCS.replace("roles:", lines))
    rows = json.loads(mesh("-C", odcs, "access", "--dataset", "lines", "--format", "json").stdout)["access"]
    assert {row["dataset"] for row in rows} == {"lines"}
    assert "name: lines" in mesh("-C", odcs, "export", "odcs", "lines").stdout
