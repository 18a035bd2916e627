from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.cli.conftest import SAMPLE, Mesh
from tests.meshes import CONTRACT, MESH, write_mesh

ROLE = "arn:aws:iam::111122223333:role/acme-mesh-dev-marketing"
MASKED_SQL = (
    'SELECT "order_id", "customer_id", "net_amount", "ordered_at", "country" '
    'FROM "acme_mesh_dev_sales"."sales_orders_v1" LIMIT 10'
)


def lines_of(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_the_contract_the_table_and_the_location(mesh: Mesh) -> None:
    ran = mesh("show", "sales_orders", "-C", SAMPLE)
    assert ran.code == 0
    lines = lines_of(ran.stdout)
    for line in (
        "sales_orders.v1 Orders",
        "contract contracts/sales/sales_orders.yaml:1",
        "owner team-sales@company.com",
        "promises freshness 15 minutes, quality 99.9%",
        "table acme_mesh_dev_sales.sales_orders_v1",
        "location s3://acme-mesh-dev-sales-111122223333/sales_orders/v1/",
        "margin decimal(12,2) sensitive (restricted) In EUR, after cost of goods",
    ):
        assert line in lines


def test_who_reads_which_columns(mesh: Mesh) -> None:
    lines = lines_of(mesh("show", "sales_orders", "-C", SAMPLE).stdout)
    hidden = "customer_email, customer_phone, margin"
    assert f"marketing read_masked order_id, customer_id, net_amount, ordered_at, country {hidden}" in lines
    assert "finance read every column" in lines
    account = "arn:aws:iam::111122223333:role"
    assert f"sales_producer writes it and reads every column in clear ({account}/acme-mesh-dev-sales-producer)" in lines
    assert f"the deployer reads everything in clear ({account}/mesh-deployer)" in lines
    assert f"Lake Formation administrators read everything in clear ({account}/lake-admin)" in lines
    assert f"break-glass roles read the files, past Lake Formation ({account}/incident-response)" in lines


def test_how_a_role_queries_it(mesh: Mesh) -> None:
    lines = lines_of(mesh("show", "sales_orders", "-C", SAMPLE, "--role", "marketing").stdout)
    start = lines.index("How to query it")
    assert lines[start + 1 :] == [
        "as marketing (for data_analyst and finance: --role)",
        f"role {ROLE}",
        "workgroup acme-mesh-dev-marketing",
        f"SQL {MASKED_SQL}",
        "",
        f"aws configure set role_arn {ROLE} --profile acme-mesh-dev-marketing",
        "aws configure set source_profile default --profile acme-mesh-dev-marketing",
        "export AWS_PROFILE=acme-mesh-dev-marketing AWS_REGION=eu-west-1",
        f"id=$(aws athena start-query-execution --work-group acme-mesh-dev-marketing --query-string '{MASKED_SQL}' "
        "--query QueryExecutionId --output text)",
        'aws athena get-query-execution --query-execution-id "$id" --query QueryExecution.Status.State --output text',
        'aws athena get-query-results --query-execution-id "$id" --output table',
    ]


def test_the_commands_are_calls_that_athena_knows(mesh: Mesh) -> None:
    document = json.loads(mesh("show", "sales_orders", "-C", SAMPLE, "--format", "json").stdout)
    athena = boto3.client("athena", region_name="eu-west-1").meta
    calls = 0
    for command in document["readers"][0]["query"]["commands"]:
        words = shlex.split(command.removeprefix("id=$(").removesuffix(")"))
        if words[:2] == ["aws", "athena"]:
            operation = "".join(part.title() for part in words[2].split("-"))
            shape = athena.service_model.operation_model(operation).input_shape
            options = {"".join(part.title() for part in word[2:].split("-")) for word in words if word[:2] == "--"}
            assert options - {"Query", "Output"} <= set(shape.members)
            assert set(shape.required_members) <= options
            calls += 1
    assert calls == 3


def test_everything_as_json(mesh: Mesh) -> None:
    ran = mesh("show", "sales_orders", "-C", SAMPLE, "--format", "json")
    document = json.loads(ran.stdout)
    assert (document["domain"], document["environment"], document["region"]) == ("sales", "dev", "eu-west-1")
    assert document["dataset"]["table"] == "sales_orders_v1"
    assert document["retention"].startswith("2555 days for noncurrent versions alone")
    readers = {reader["role"]: reader for reader in document["readers"]}
    assert readers["marketing"]["hidden"] == ["customer_email", "customer_phone", "margin"]
    assert readers["marketing"]["principals"] == [ROLE]
    assert readers["marketing"]["query"]["sql"] == MASKED_SQL
    assert (readers["finance"]["hidden"], len(readers["finance"]["clear"])) == ([], 8)
    assert document["others"]["deployer"] == "arn:aws:iam::111122223333:role/mesh-deployer"


@pytest.mark.parametrize(
    ("dataset", "words"),
    [
        ("monthly_revenue", "retention 3650 days after it was written a file expires"),
        (
            "sales_orders",
            "retention 2555 days for noncurrent versions alone, which are files that were deleted or replaced: "
            "the data itself stays until its writer deletes it, because an age rule would break the table",
        ),
        ("checkout_orders_summary", "retention none: files stay until their writer deletes them"),
    ],
)
def test_retention_is_said_in_words(mesh: Mesh, dataset: str, words: str) -> None:
    assert words in lines_of(mesh("show", dataset, "-C", SAMPLE).stdout)


@pytest.mark.parametrize("name", ["sales_orders", "sales.sales_orders", "sales_orders.v1", "sales.sales_orders.v1"])
def test_a_dataset_has_several_names(mesh: Mesh, name: str) -> None:
    assert mesh("show", name, "-C", SAMPLE).stdout.startswith("sales_orders.v1  Orders\n")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sale_orders", "there is no dataset 'sale_orders'; did you mean 'sales_orders'?"),
        ("sales_orders.v2", "there is no dataset 'sales_orders.v2'; did you mean 'sales_orders.v1'?"),
        ("x", "there is no dataset 'x'; see 'mesh list'"),
        ("\x1b[2J", r"there is no dataset '\x1b[2J'; see 'mesh list'"),
    ],
)
def test_an_unknown_dataset_gets_a_suggestion(mesh: Mesh, name: str, message: str) -> None:
    ran = mesh("show", name, "-C", SAMPLE)
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"mesh: {message}\n")


def test_of_two_major_versions_one_must_be_named(mesh: Mesh, tmp_path: Path) -> None:
    second = CONTRACT.replace("version: v1", "version: v2")
    root = write_mesh(tmp_path, {"contracts/sales/orders.v2.yaml": second})
    ran = mesh("show", "orders", "-C", root)
    assert (ran.code, ran.stderr) == (
        2,
        "mesh: 'orders' are 2 datasets; name one of them: sales.orders.v1, sales.orders.v2\n",
    )
    assert "table acme_dev_sales.orders_v2" in lines_of(mesh("show", "orders.v2", "-C", root).stdout)


def test_a_role_that_does_not_read_it_has_no_query(mesh: Mesh) -> None:
    ran = mesh("show", "tickets", "-C", SAMPLE, "--role", "finance")
    assert (ran.code, ran.stderr) == (
        2,
        "mesh: the role 'finance' does not read 'tickets.v1'; its readers are: 'marketing' and 'support'\n",
    )


@pytest.mark.parametrize(("status", "why"), [("draft", "it is a draft"), ("retired", "it is retired")])
def test_without_consumers_it_says_why(mesh: Mesh, tmp_path: Path, status: str, why: str) -> None:
    root = write_mesh(tmp_path, {"contracts/sales/orders.yaml": CONTRACT + f"status: {status}\n"})
    lines = lines_of(mesh("show", "orders", "-C", root).stdout)
    assert f"no consumers: {why}" in lines
    assert "nobody but those above can" in lines
    assert any(line.startswith("sales_producer writes it") for line in lines) is (status == "draft")


def test_a_role_that_exists_already_is_told_what_it_needs(mesh: Mesh) -> None:
    lines = lines_of(mesh("show", "monthly_revenue", "-C", SAMPLE, "--role", "auditor").stdout)
    assert "role arn:aws:iam::111122223333:role/auditor" in lines
    assert "this role exists already: its own policies must let it use the workgroup and its results" in lines


def test_a_user_assumes_no_role(mesh: Mesh, tmp_path: Path) -> None:
    user = "arn:aws:iam::111122223333:user/ada"
    root = write_mesh(tmp_path, {"mesh.yaml": f'{MESH}roles: {{ada: {{principals: ["{user}"]}}}}\n'})
    contract = root / "contracts/sales/orders.yaml"
    contract.write_text(CONTRACT.replace("role: marketing", "role: ada"), encoding="utf-8")
    lines = lines_of(mesh("show", "orders", "-C", root).stdout)
    assert f"user {user}" in lines
    assert not [line for line in lines if "role_arn" in line]
    assert "export AWS_REGION=eu-west-1" in lines


def test_a_masked_reader_that_reads_in_clear_through_another_role_is_named(mesh: Mesh, tmp_path: Path) -> None:
    person = '{principals: ["arn:aws:iam::111122223333:role/sso"]}'
    contract = CONTRACT.replace("role: marketing", "role: guarded") + "  - {role: open, permission: read}\n"
    files = {
        "mesh.yaml": f"{MESH}roles: {{guarded: {person}, open: {person}}}\n",
        "contracts/sales/orders.yaml": contract,
    }
    ran = mesh("show", "orders", "-C", write_mesh(tmp_path, files))
    assert "arn:aws:iam::111122223333:role/sso is guarded and open: it reads every column in clear" in lines_of(
        ran.stdout
    )


def test_in_the_local_environment_nothing_runs_queries(mesh: Mesh, small: Path) -> None:
    document: dict[str, Any] = json.loads(
        mesh("show", "orders", "-C", small, "--env", "local", "--format", "json").stdout
    )
    assert document["account"] == "123456789012"
    text = mesh("show", "orders", "-C", small, "--env", "local").stdout
    assert "the local AWS runs no queries" in text
    assert "the local AWS runs no queries" not in mesh("show", "orders", "-C", small).stdout
