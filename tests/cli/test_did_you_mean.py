"""Whatever is called by a name on the command line: one that is nearly right gets the right one in the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Mesh
from tests.meshes import MESH, write_mesh

PER_DOMAIN = MESH.replace("    region: eu-west-1\n", "    region: eu-west-1\n    stacks: per-domain\n")


@pytest.mark.parametrize(
    ("args", "meant"),
    [
        (("chekc",), "did you mean 'check'?"),
        (("local", "strat"), "did you mean 'start', 'status'?"),
        (("check", "--formt", "json"), "Possible options: --format"),
        (("--format", "jsn", "list"), "did you mean 'json'?"),
        (("diff", "--format", "markdwon"), "did you mean 'markdown'?"),
        (("diff", "--fail-on", "critcal"), "did you mean 'critical'?"),
        (("check", "--format", "sariff"), "did you mean 'sarif'?"),
        (("--env", "devv", "list"), "did you mean 'dev'?"),
        (("list", "--env", "locl"), "did you mean 'local'?"),
        (("show", "order"), "did you mean 'orders'?"),
        (("show", "orders", "--role", "marketng"), "did you mean 'marketing'?"),
        (("access", "--role", "marketng"), "did you mean 'marketing'?"),
        (("access", "--dataset", "sales.order"), "did you mean 'sales.orders'?"),
        (("access", "--column", "user_emial"), "did you mean 'user_email'?"),
        (("access", "why", "marketng", "orders.order_id"), "did you mean 'marketing'?"),
        (("access", "why", "marketing", "orders.oder_id"), "did you mean 'order_id'?"),
        (("rules", "pii-untaged"), "did you mean 'pii-untagged'?"),
        (("rules", "--accepted", "pii-untaged"), "did you mean 'pii-untagged'?"),
        (("schema", "contrat"), "did you mean 'contract'?"),
        (("manifest", "--scope", "platfrom"), "did you mean 'platform'?"),
        (("preview", "--domains", "sales,marketng"), "did you mean 'marketing'?"),
        (("new", "contract", "sale", "returns", "--column", "id:string"), "did you mean 'sales'?"),
        (("new", "contract", "sales", "returns", "--column", "id:strng"), "did you mean 'string'?"),
        (
            ("new", "contract", "sales", "returns", "--column", "email:string", "--pii", "emial"),
            "did you mean 'email'?",
        ),
        (("grant", "marketng", "orders"), "did you mean 'marketing'?"),
        (("grant", "marketing", "ordes"), "did you mean 'orders'?"),
        (("revoke", "marketing", "ordes"), "did you mean 'orders'?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_the_name_that_was_meant(args: tuple[str, ...], meant: str, mesh: Mesh, tmp_path: Path) -> None:
    ran = mesh("-C", write_mesh(tmp_path, {"mesh.yaml": PER_DOMAIN}), *args)
    assert ran.code == 2
    assert meant in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_a_word_like_none_is_not_guessed_at(mesh: Mesh) -> None:
    ran = mesh("--format", "x", "list")
    assert (ran.code, ran.stderr) == (
        2,
        "mesh: Invalid value for '--format': 'x' is not one of 'text', 'json'; see 'mesh --help'\n",
    )
