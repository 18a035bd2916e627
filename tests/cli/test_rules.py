from __future__ import annotations

import json
from pathlib import Path

import pytest

from mesh_infra.governance import RULES
from tests.cli.conftest import Mesh
from tests.meshes import CONTRACT, MESH, write_mesh

ACCEPTING = CONTRACT + (
    "accept:\n"
    "  - {rule: pii-untagged, reason: Test data, until: 2026-06-30}\n"
    "  - {rule: owner-contact, reason: New team, until: 2026-12-31}\n"
)
UNTAGGED = ACCEPTING.replace("    pii: true\n", "")


def test_all_rules_with_what_the_mesh_sets(mesh: Mesh, small: Path) -> None:
    ran = mesh("rules", "-C", small)
    assert ran.code == 0
    severities = {line.split()[0]: line.split()[1].rstrip(",") for line in ran.stdout.splitlines()[1:]}
    assert severities.keys() == RULES.keys()
    assert (severities["sla-required"], severities["pii-untagged"], severities["naming"]) == ("off", "error", "off")
    assert ran.stderr == "'mesh rules RULE' explains one\n"


def test_outside_of_a_mesh_the_built_in_ones(mesh: Mesh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    listed = json.loads(mesh("rules", "--format", "json").stdout)["rules"]
    assert [rule["name"] for rule in listed] == sorted(RULES)
    assert {rule["name"]: rule["severity"] for rule in listed}["sla-required"] == "warning"
    assert mesh("rules", "-C", tmp_path).code == 2


def test_one_rule_explained(mesh: Mesh, small: Path) -> None:
    ran = mesh("rules", "owner-contact", "-C", small)
    assert ran.code == 0
    assert ran.stdout == (
        "owner-contact  error\n"
        "The owner of a domain or a dataset is an e-mail address\n"
        "\n"
        "Whoever meets wrong data, wants access or plans a change must be able to write to somebody. An address of "
        "a team outlives the people in it. The setting 'domains' names the domains that addresses may have; without it "
        "every one is fine.\n"
        "\n"
        "settings\n"
        "  domains: the domains that addresses may have. Now: not set. A domain's is a subset of the mesh's.\n"
        "\n"
        "breaks it\n"
        "  owner: Team Checkout\n"
        "\n"
        "keeps it\n"
        "  owner: team-checkout@company.com\n"
        "\n"
        "In mesh.yaml: 'governance: {owner-contact: error}', or warning, or off; a domain can only be stricter.\n"
    )


def test_one_rule_as_json(mesh: Mesh, small: Path) -> None:
    (rule,) = json.loads(mesh("rules", "pii-partition", "-C", small, "--format", "json").stdout)["rules"]
    assert rule["fixed"] == "partition columns cannot be hidden from any reader"
    assert rule["rationale"]
    assert rule["settings"] == []


def test_an_unknown_rule(mesh: Mesh, small: Path) -> None:
    ran = mesh("rules", "pii-untaged", "-C", small)
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == "mesh: there is no rule 'pii-untaged'; did you mean 'pii-untagged'?\n"


def test_a_module_that_fails_is_said_beside_the_rules(mesh: Mesh, tmp_path: Path) -> None:
    text = MESH.replace("governance: {", "governance: {modules: [rules/acme.py], ")
    root = write_mesh(tmp_path, {"mesh.yaml": text, "rules/acme.py": "1 / 0\n"})
    ran = mesh("rules", "-C", root)
    assert ran.code == 1
    assert "pii-untagged" in ran.stdout
    assert ran.stderr.splitlines()[-1] == (
        "rules/acme.py:1:1: the rules cannot be loaded: ZeroDivisionError: division by zero [governance-module]"
    )


def test_what_is_accepted(mesh: Mesh, tmp_path: Path) -> None:
    root = write_mesh(tmp_path, {"contracts/sales/orders.yaml": ACCEPTING})
    ran = mesh("rules", "--accepted", "--as-of", "2026-07-01", "-C", root)
    assert [line.split()[:4] for line in ran.stdout.splitlines()[1:]] == [
        ["sales.orders.v1", "pii-untagged", "2026-06-30", "expired"],
        ["sales.orders.v1", "owner-contact", "2026-12-31", "accepted"],
    ]
    as_json = mesh("rules", "--accepted", "--as-of", "2026-06-30", "-C", root, "--format", "json").stdout
    assert json.loads(as_json)["accepted"][0] == {
        "dataset": "sales.orders.v1",
        "rule": "pii-untagged",
        "until": "2026-06-30",
        "state": "accepted",
        "reason": "Test data",
        "path": "contracts/sales/orders.yaml",
        "line": 14,
    }


def test_nothing_accepted(mesh: Mesh, small: Path) -> None:
    ran = mesh("rules", "--accepted", "-C", small)
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "no contract accepts a finding\n")


def test_check_judges_on_the_day_that_is_given(mesh: Mesh, tmp_path: Path) -> None:
    root = write_mesh(tmp_path, {"contracts/sales/orders.yaml": UNTAGGED})
    assert mesh("check", "-C", root, "--as-of", "2026-06-30").code == 0
    assert mesh("check", "-C", root, "--as-of", "2026-07-01").code == 1
    wrong = mesh("check", "-C", root, "--as-of", "tomorrow")
    assert wrong.code == 2
    assert wrong.stderr == "mesh: --as-of 'tomorrow' is no day; write year, month and day, such as 2031-12-31\n"
