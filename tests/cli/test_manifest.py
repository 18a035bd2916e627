from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import SAMPLE, Mesh, run_process

GOLDEN = SAMPLE / "tests/golden/manifest-dev.json"


def test_the_manifest_of_the_sample_mesh(mesh: Mesh) -> None:
    """``UPDATE_GOLDEN=1 pytest tests/cli/test_manifest.py`` writes it anew; review the difference."""
    ran = mesh("manifest", "-C", SAMPLE, "--env", "dev", "--format", "json")
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(ran.stdout, encoding="utf-8")
    assert ran.stdout == GOLDEN.read_text(encoding="utf-8")


def test_the_same_files_give_the_same_bytes_in_any_process(sample: Path) -> None:
    runs = [
        run_process("manifest", "-C", root, "--format", "json", env={"PYTHONHASHSEED": seed})
        for root, seed in ((SAMPLE, "1"), (sample, "2"))
    ]
    assert runs[0].code == 0
    assert runs[0] == runs[1]


def test_what_aws_alone_knows_is_named_as_such(mesh: Mesh, small: Path) -> None:
    document = json.loads(mesh("manifest", "-C", small, "--format", "json").stdout)
    key = document["domains"][1]["registration_policy"]["Statement"][-1]
    assert key["Resource"] == {"key_arn_of": "alias/acme-dev/sales"}


@pytest.mark.parametrize(
    ("scope", "platform", "domains"), [("platform", True, []), ("sales", False, ["sales"]), (None, True, None)]
)
def test_the_scope_is_a_part_of_it(
    mesh: Mesh, small: Path, scope: str | None, platform: bool, domains: list[str] | None
) -> None:
    args = ("--scope", scope) if scope else ()
    document = json.loads(mesh("manifest", "-C", small, "--format", "json", *args).stdout)
    assert (document["platform"] is not None) is platform
    assert [d["name"] for d in document["domains"]] == (["marketing", "sales"] if domains is None else domains)
    text = mesh("manifest", "-C", small, *args).stdout
    assert ("\nplatform\n" in text) is platform
    assert ("\ndomain sales  domains/sales.yaml:1\n" in text) is (
        "sales" in (domains or ["sales"]) and scope != "platform"
    )


def test_an_unknown_scope_gets_a_suggestion(mesh: Mesh, small: Path) -> None:
    ran = mesh("manifest", "-C", small, "--scope", "sale")
    assert (ran.code, ran.stderr) == (2, "mesh: there is no domain 'sale'; did you mean 'sales'?\n")


def test_every_grant_is_said_with_the_line_that_asks_for_it(mesh: Mesh, small: Path) -> None:
    text = mesh("manifest", "-C", small, "--scope", "sales").stdout
    lines = [" ".join(line.split()) for line in text.splitlines()]
    role = "arn:aws:iam::111122223333:role/acme-dev"
    assert f"filter orders_v1.masked SELECT {role}-marketing contracts/sales/orders.yaml:11" in lines
    assert (
        f"table orders_v1 ALTER, DELETE, DESCRIBE, INSERT, SELECT {role}-sales-producer domains/sales.yaml:1" in lines
    )
    assert "filter masked: shows order_id" in lines
