from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import SAMPLE, Mesh

PRINCIPAL = "arn:aws:iam::111122223333:role/acme-dev-marketing"


def test_who_sees_what(mesh: Mesh, small: Path) -> None:
    ran = mesh("-C", small, "access")
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "dataset          role            sees         sensitive in clear  hidden      by              says",
        "sales.orders v1  marketing       1 of 2                           user_email  grant           "
        "contracts/sales/orders.yaml:11",
        "sales.orders v1  sales_producer  all columns  user_email                      grant, files    "
        "domains/sales.yaml:1",
        "sales.orders v1  mesh-deployer   all columns  user_email                      admin, creator  mesh.yaml:7",
    ]


def test_as_json(mesh: Mesh, small: Path) -> None:
    document = json.loads(mesh("-C", small, "access", "--role", "marketing", "--format", "json").stdout)
    assert document == {
        "access": [
            {
                "role": "marketing",
                "principals": [PRINCIPAL],
                "dataset": "orders",
                "version": "v1",
                "columns": [
                    {"name": "order_id", "sensitive": False, "visible": True},
                    {"name": "user_email", "sensitive": True, "visible": False},
                ],
                "via": ["grant"],
                "path": "contracts/sales/orders.yaml",
                "line": 11,
            }
        ]
    }


def test_as_markdown(mesh: Mesh, small: Path) -> None:
    shown = mesh("-C", small, "access", "--column", "user_email", "--format", "markdown").stdout
    assert "| `marketing`, grant | no |  |" in shown
    assert "| `sales_producer`, grant, files | yes | `user_email` |" in shown


def test_nobody(mesh: Mesh, small: Path) -> None:
    ran = mesh("-C", small, "access", "--role", "sales")
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "nobody sees anything of it\n")


def test_why_not(mesh: Mesh, small: Path) -> None:
    ran = mesh("-C", small, "access", "why", "marketing", "orders.user_email")
    assert (ran.code, ran.stderr) == (0, "")
    assert [" ".join(line.split()) for line in ran.stdout.splitlines()] == [
        "marketing does not see sales.orders v1 user_email (sensitive)",
        "'marketing' is the IAM role 'acme-dev-marketing' domains/marketing.yaml:1",
        "'marketing' may read masked contracts/sales/orders.yaml:11",
        "the filter 'masked' does not list it contracts/sales/orders.yaml:11",
        "'user_email' is personal data contracts/sales/orders.yaml:9",
    ]


def test_why_nobody(mesh: Mesh, small: Path) -> None:
    ran = mesh("-C", small, "access", "why", "break-glass", "orders.user_email")
    assert (ran.code, ran.stderr) == (0, "")
    assert [" ".join(line.split()) for line in ran.stdout.splitlines()] == [
        "break-glass does not see sales.orders v1 user_email (sensitive)",
        "nobody is 'break-glass' in 'dev' mesh.yaml:3",
        "'user_email' is personal data contracts/sales/orders.yaml:9",
    ]
    as_json = mesh("-C", small, "access", "why", "break-glass", "orders.user_email", "--format", "json").stdout
    assert [(answer["visible"], answer["principals"]) for answer in json.loads(as_json)["why"]] == [(False, [])]


def test_why_in_other_formats(mesh: Mesh, small: Path) -> None:
    (answer,) = json.loads(
        mesh("-C", small, "--format", "json", "access", "why", "marketing", "orders.order_id").stdout
    )["why"]
    assert (answer["visible"], answer["sensitive"], answer["principals"]) == (True, False, [PRINCIPAL])
    shown = mesh("-C", small, "access", "why", "marketing", "sales.orders.v1.order_id", "--format", "markdown").stdout
    assert shown.startswith("`marketing` **sees** `order_id` of `sales.orders v1`:\n\n1. `domains/marketing.yaml:1` ")


def test_shared_options_stand_where_one_likes(mesh: Mesh, small: Path) -> None:
    before = mesh("-C", small, "--format", "json", "access", "--env", "dev", "why", "marketing", "orders.order_id")
    after = mesh("access", "why", "-C", small, "--env", "dev", "--format", "json", "marketing", "orders.order_id")
    assert before == after
    assert before.code == 0


def test_the_principals_of_a_role_can_be_treated_differently(mesh: Mesh, sample: Path) -> None:
    arns = [f"arn:aws:iam::111122223333:role/{name}" for name in ("auditor", "controller")]
    mesh_yaml = (sample / "mesh.yaml").read_text().replace(f'["{arns[0]}"]', json.dumps(arns))
    domain = f'  controllers: {{description: Of all, principals: {{dev: ["{arns[1]}"]}}}}\n'
    (sample / "mesh.yaml").write_text(mesh_yaml.replace("roles:", f"roles:\n{domain.rstrip()}", 1))
    contract = sample / "contracts/sales/sales_orders.yaml"
    entries = "  - {role: auditor, permission: read_masked}\n  - {role: controllers, permission: read}\n"
    contract.write_text(contract.read_text().rstrip("\n") + "\n" + entries)
    shown = mesh("-C", sample, "access", "why", "auditor", "sales_orders.customer_email").stdout
    assert "auditor does not see sales.sales_orders v1 customer_email (sensitive)\n  as arn:" in shown
    assert "\n\nauditor sees sales.sales_orders v1 customer_email (sensitive)\n  as arn:" in shown


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--role", "marketign"), "there is no role 'marketign'; did you mean 'marketing'?"),
        (("--dataset", "order"), "there is no dataset 'order'; did you mean 'orders'?"),
        (("--column", "user_mail"), "no dataset has a column 'user_mail'; did you mean 'user_email'?"),
        (("--format", "sarif"), "'sarif' is not one of 'text', 'json', 'markdown'; see 'mesh access --help'"),
        (
            ("why", "marketing", "orders"),
            "'orders' names no column; write DATASET.COLUMN, such as orders.order_id",
        ),
        (("why", "marketing", "orders.x"), "'orders' has no column 'x'; known: 'order_id' and 'user_email'"),
        (("why", "marketing"), "Missing argument 'DATASET.COLUMN'; see 'mesh access why --help'"),
        (("who",), "No such command 'who'"),
    ],
)
def test_wrong_usage(mesh: Mesh, small: Path, args: tuple[str, ...], message: str) -> None:
    ran = mesh("-C", small, "access", *args)
    assert (ran.code, ran.stdout) == (2, "")
    assert message in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_the_deployer_of_the_sample_mesh_sees_everything(mesh: Mesh) -> None:
    rows = json.loads(mesh("-C", SAMPLE, "access", "--role", "mesh-deployer", "--format", "json").stdout)["access"]
    assert len(rows) == 7
    assert all(column["visible"] for row in rows for column in row["columns"])
