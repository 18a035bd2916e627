"""`mesh bootstrap` against the local AWS, which begins with the settings that a new AWS account has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.cli.conftest import Mesh, run_on_terminal
from tests.meshes import MESH, write_mesh

DEPLOYER = "arn:aws:iam::123456789012:role/mesh-deployer"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}
    ],
}


@pytest.fixture
def aws(new_aws: dict[str, str]) -> dict[str, str]:
    """The environment of a new account, in which there is but the deployer's role."""
    client("iam").create_role(RoleName="mesh-deployer", AssumeRolePolicyDocument=json.dumps(TRUST))
    return new_aws


def client(service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    return boto3.Session().client(service, region_name="eu-west-1")


def settings() -> dict[str, Any]:
    found: dict[str, Any] = client("lakeformation").get_data_lake_settings()["DataLakeSettings"]
    return found


def bootstrap(mesh: Mesh, root: Path, *args: str) -> Any:  # noqa: ANN401 - what `mesh` returns
    return mesh("bootstrap", "-C", root, "--env", "local", *args)


@pytest.mark.usefixtures("aws")
def test_what_would_change_is_shown_and_in_a_pipe_nothing_is_written(mesh: Mesh, small: Path) -> None:
    before = settings()
    ran = bootstrap(mesh, small)
    assert ran.code == 2
    rows = [" ".join(line.split()) for line in ran.stdout.splitlines()]
    assert rows[0].startswith("account 123456789012, eu-west-1, environment local, as arn:aws:sts::123456789012:")
    assert f"data lake administrators nobody {DEPLOYER}" in rows
    assert "default permissions of new tables IAM_ALLOWED_PRINCIPALS nobody" in rows
    assert "who may create databases everybody whom IAM lets whom Lake Formation lets" in rows
    assert "crawlers and jobs" in ran.stdout
    assert ran.stderr == (
        "mesh: nothing was written: there is nobody to ask; read what would change, then give --yes\n"
    )
    assert settings() == before


@pytest.mark.usefixtures("aws")
def test_the_settings_are_merged_and_a_second_time_there_is_nothing_to_do(mesh: Mesh, small: Path) -> None:
    lake_formation = client("lakeformation")
    other = client("iam").create_role(RoleName="other", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    lake_formation.put_data_lake_settings(
        DataLakeSettings={
            **settings(),
            "DataLakeAdmins": [{"DataLakePrincipalIdentifier": other}],
            "ExternalDataFilteringAllowList": [{"DataLakePrincipalIdentifier": "111122223333"}],
        }
    )
    ran = bootstrap(mesh, small, "--yes")
    assert ran.code == 0
    assert ran.stderr == "written: 'local' is ready for its deployer\n"
    now = settings()
    assert [admin["DataLakePrincipalIdentifier"] for admin in now["DataLakeAdmins"]] == [other, DEPLOYER]
    assert now["CreateDatabaseDefaultPermissions"] == now["CreateTableDefaultPermissions"] == []
    assert now["ExternalDataFilteringAllowList"] == [{"DataLakePrincipalIdentifier": "111122223333"}]
    assert lake_formation.list_permissions()["PrincipalResourcePermissions"] == []
    again = bootstrap(mesh, small)
    assert again.code == 0
    assert "nothing to change: Lake Formation is set up" in again.stdout
    assert "crawlers" not in again.stdout


@pytest.mark.usefixtures("aws")
def test_databases_that_stay_open_are_listed(mesh: Mesh, small: Path) -> None:
    glue = client("glue")
    glue.create_database(DatabaseInput={"Name": "legacy"})
    bootstrap(mesh, small, "--yes")
    glue.create_database(DatabaseInput={"Name": "governed"})
    ran = bootstrap(mesh, small)
    assert ran.code == 0
    assert "  legacy (the database itself and tables made in it)\n" in ran.stdout
    assert "governed" not in ran.stdout.replace("should be governed", "")
    assert json.loads(bootstrap(mesh, small, "--format", "json").stdout)["open_databases"] == [
        {"name": "legacy", "itself": True, "new_tables": True}
    ]


@pytest.mark.usefixtures("aws")
def test_as_json(mesh: Mesh, small: Path) -> None:
    refused = bootstrap(mesh, small, "--format", "json")
    assert refused.code == 2
    document = json.loads(refused.stdout)
    assert (document["account"], document["environment"], document["written"]) == ("123456789012", "local", False)
    assert {"setting": "data lake administrators", "now": "nobody", "wanted": DEPLOYER} in document["changes"]
    written = bootstrap(mesh, small, "--format", "json", "--yes")
    assert (written.code, json.loads(written.stdout)["written"]) == (0, True)


@pytest.mark.parametrize(("answer", "code", "admins"), [("y\n", 0, 1), ("n\n", 1, 0)])
def test_on_a_terminal_it_asks(aws: dict[str, str], small: Path, answer: str, code: int, admins: int) -> None:
    found, shown = run_on_terminal("bootstrap", "-C", small, "--env", "local", env=aws, typed=answer)
    assert "Write these settings? [y/N]: " in shown
    assert found == code
    assert len(settings()["DataLakeAdmins"]) == admins


@pytest.mark.usefixtures("aws")
def test_another_account_is_refused(mesh: Mesh, small: Path) -> None:
    ran = mesh("bootstrap", "-C", small, "--env", "dev", "--yes")
    assert ran.code == 1
    assert ran.stderr == (
        "mesh: these AWS credentials belong to account 123456789012, the environment 'dev' is account 111122223333; "
        "use the credentials of its deployer, or name the right stack\n"
    )
    assert settings()["DataLakeAdmins"] == []


def test_an_unknown_profile_is_one_line(mesh: Mesh, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    ran = bootstrap(mesh, small)
    assert ran.code == 1
    assert ran.stderr.startswith("mesh: the AWS credentials cannot be used: ")
    assert ran.stderr.count("\n") == 1


def test_of_several_environments_one_must_be_named(mesh: Mesh, tmp_path: Path) -> None:
    second = MESH.replace("  dev:", "  prod: {prefix: b, account: '444455556666', region: eu-west-1, "
                          "deployer: 'arn:aws:iam::444455556666:role/d'}\n  dev:")  # fmt: skip
    ran = mesh("bootstrap", "-C", write_mesh(tmp_path, {"mesh.yaml": second}))
    assert (ran.code, ran.stderr.startswith("mesh: mesh.yaml has several environments")) == (2, True)
