"""An organisation's own rules: Python files of its repository, run by the mesh that names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh_infra.checks import check_files, check_mesh
from mesh_infra.governance import load_own_rules
from mesh_infra.governance.testing import MESH, findings
from mesh_infra.spec.files import read_files
from mesh_infra.spec.load import load
from tests.meshes import CONTRACT, write_mesh

OFF = "description-required: off, retention-required: off, sla-required: off, grant-unused-domain: off"
RULE = """\
from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.governance import Context, Level, Rule, Violation
from mesh_infra.spec.model import Contract


def _check(context: Context[Contract]) -> Iterator[Violation]:
    for index, column in enumerate(context.subject.columns):
        if column.name.endswith("_id"):
            yield Violation(("schema", index, "name"), f"the column '{column.name}' is a key", "say whose")


KEYS = Rule(
    name="acme-keys",
    subjects=(Contract,),
    check=_check,
    summary="Columns are no keys",
    rationale="Nobody at acme wants them.",
    example="schema: [{name: order_id, type: string}]",
    remedy="schema: [{name: amount, type: decimal}]",
    level=Level.ERROR,
)
RULES = [KEYS]
"""
FOUND = "contracts/sales/orders.yaml:5:11: the column 'order_id' is a key; say whose [acme-keys]"


def mesh_yaml(modules: str = "[rules/acme.py]", more: str = "") -> str:
    return f"{MESH}governance: {{{OFF}, modules: {modules}{more}}}\n"


def found_in(root: Path, module: str | None = RULE, mesh: str | None = None, **more: str) -> list[str]:
    files = {"mesh.yaml": mesh or mesh_yaml(), **more}
    if module is not None:
        files["rules/acme.py"] = module
    return [str(finding) for finding in check_mesh(write_mesh(root, files))[1]]


def test_a_rule_is_run(tmp_path: Path) -> None:
    assert found_in(tmp_path) == [FOUND]
    assert not list(tmp_path.rglob("__pycache__"))


def test_a_rule_is_set_as_the_built_in_ones_are(tmp_path: Path) -> None:
    assert found_in(tmp_path, mesh=mesh_yaml(more=", acme-keys: off")) == []


def test_a_finding_of_a_rule_can_be_accepted(tmp_path: Path) -> None:
    contract = CONTRACT + "accept: [{rule: acme-keys, reason: They are ours, until: 9999-12-31}]\n"
    (finding,) = found_in(tmp_path, **{"contracts/sales/orders.yaml": contract})
    assert finding == (
        "contracts/sales/orders.yaml:5:11: warning: the column 'order_id' is a key (accepted until 9999-12-31); "
        "say whose [acme-keys]"
    )


def test_a_rule_is_tested_as_the_built_in_ones_are(tmp_path: Path) -> None:
    root = write_mesh(tmp_path, {"mesh.yaml": mesh_yaml(), "rules/acme.py": RULE})
    spec, _ = load(root)
    assert spec is not None
    rule = load_own_rules(spec.mesh, root).rules["acme-keys"]
    assert findings(rule, {"contracts/sales/orders.yaml": CONTRACT.replace("marketing", "sales")}) == [FOUND]


def test_rules_of_a_commit_are_not_run(tmp_path: Path) -> None:
    root = write_mesh(tmp_path, {"mesh.yaml": mesh_yaml(more=", acme-keys: off"), "rules/acme.py": RULE})
    assert [str(finding) for finding in check_files(read_files(root), None)[1]] == [
        "mesh.yaml:8:121: warning: the rules in 'rules/acme.py' are not run here; run 'mesh check' [governance-module]"
    ]


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("import os\nRULES = [\n", "rules/acme.py:2:1: the rules cannot be loaded: SyntaxError: '[' was never closed"),
        ("\nraise ValueError('no\\nrules')\n", r"rules/acme.py:2:1: the rules cannot be loaded: ValueError: no\nrules"),
        ("import sys\nsys.exit(0)\n", "rules/acme.py:2:1: the rules cannot be loaded: SystemExit: 0"),
        ("import nowhere\n", "rules/acme.py:1:1: the rules cannot be loaded: ModuleNotFoundError: No module named"),
        ("x = 1\n", "rules/acme.py:1:1: 'RULES' is no list of rules; write RULES = [Rule(…)]"),
        ("RULES = ['acme']\n", "rules/acme.py:1:1: 'RULES' is no list of rules; write RULES = [Rule(…)]"),
        ("RULES = [\0]\n", "rules/acme.py"),
        (
            RULE.replace('"acme-keys"', '"formats"'),
            "rules/acme.py:1:1: there is a rule 'formats' already; choose another",
        ),
        (RULE.replace('"acme-keys"', '"Acme"'), "rules/acme.py:1:1: a rule cannot be called 'Acme'; write lower-case"),
        (RULE.replace("[KEYS]", "[KEYS, KEYS]"), "rules/acme.py:1:1: there is a rule 'acme-keys' already; choose"),
        (RULE.replace("(Contract,)", "(str,)"), "rules/acme.py:1:1: 'subjects' of 'acme-keys' must hold Mesh, Domain"),
        (RULE.replace("check=_check", "check=1"), "rules/acme.py:1:1: 'check' of 'acme-keys' must be a function"),
        (
            RULE.replace(".name.endswith", ".nam.endswith"),
            "rules/acme.py:11:1: the rule 'acme-keys' fails on contracts/sales/orders.yaml: AttributeError: ",
        ),
        (
            RULE.replace("yield Violation(", "yield str((").replace('"say whose")', '"say whose"))'),
            "rules/acme.py: the rule 'acme-keys' fails on contracts/sales/orders.yaml: TypeError: it gives a str",
        ),
        (
            RULE.replace("(Contract,)", "Contract"),
            "rules/acme.py:1:1: 'subjects' of 'acme-keys' must hold Mesh, Domain",
        ),
    ],
)
def test_what_is_wrong_with_a_module_is_a_finding(module: str, expected: str, tmp_path: Path) -> None:
    (finding,) = found_in(tmp_path, module)
    assert finding.startswith(expected)
    assert finding.endswith("[governance-module]")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("../acme.py", "'../acme.py' is no file inside the mesh; name it relative to mesh.yaml, without '..'"),
        ("rules/../../acme.py", "'rules/../../acme.py' is no file inside the mesh"),
        ("/etc/acme.py", "'/etc/acme.py' is no file inside the mesh"),
        ('"rules\\\\acme.py"', r"'rules\acme.py' is no file inside the mesh"),
        ("rules/none.py", "there is no Python file 'rules/none.py'; make it, or correct the path"),
        ("rules", "there is no Python file 'rules'; name one such as 'rules/acme.py'"),
        ("rules/other.py", "there is no Python file 'rules/other.py'"),
        ("mesh.yaml", "there is no Python file 'mesh.yaml'"),
        ("out.py", "'out.py' is reached by a link that leads out of the mesh; replace it by a copy"),
        ("folder/acme.py", "'folder/acme.py' is reached by a link that leads out of the mesh"),
        ("dangling.py", "'dangling.py' is reached by a link that leads out of the mesh"),
        ("large.py", "'large.py' is larger than 1 MiB; split it"),
    ],
)
def test_a_module_lies_in_the_mesh(path: str, expected: str, tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "mesh"
    outside.mkdir()
    root.mkdir()
    (outside / "acme.py").write_text("raise SystemExit('was run')\n")
    (root / "out.py").symlink_to(outside / "acme.py")
    (root / "folder").symlink_to(outside)
    (root / "dangling.py").symlink_to(root / "nothing.py")
    (root / "large.py").write_text("#" * (1024 * 1024 + 1))
    # A rule that is not there is no mistake while its file is missing.
    (finding,) = found_in(root, mesh=mesh_yaml(f"[{path}]", ", acme-keys: off"))
    assert finding.startswith(f"mesh.yaml:8:121: {expected}")


def test_rules_are_run_over_what_can_be_read(tmp_path: Path) -> None:
    other = CONTRACT.replace("orders", "returns").replace("type: string", "type: strnig", 1)
    found = found_in(tmp_path, **{"contracts/sales/returns.yaml": other})
    assert found[0] == FOUND
    assert found[1].startswith("contracts/sales/returns.yaml:6:11: unknown type 'strnig'")
    assert len(found) == 2
