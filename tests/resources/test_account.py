"""Lake Formation's settings, read, merged and written back, against a fresh account as AWS makes it."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from mesh_infra.errors import AccountNotReady
from mesh_infra.local.aws import extend
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.model import Manifest
from mesh_infra.resources.account import check_account, is_role, missing_settings, read_account, write_settings
from mesh_infra.resources.narrow import narrow_filter
from tests.meshes import read_spec


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    extend()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    session = boto3.Session("test", "test", region_name="eu-west-1")
    session.client("sts")
    # moto keeps its state for the whole process.
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")).close()  # noqa: S310 - loopback
    yield session
    server.stop()


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    return build_manifest(read_spec(tmp_path), "local")


def _deployer(session: boto3.Session) -> boto3.Session:
    session.client("iam").create_role(RoleName="mesh-deployer", AssumeRolePolicyDocument="{}")
    credentials = session.client("sts").assume_role(
        RoleArn="arn:aws:iam::123456789012:role/mesh-deployer", RoleSessionName="test"
    )["Credentials"]
    return boto3.Session(
        credentials["AccessKeyId"],
        credentials["SecretAccessKey"],
        credentials["SessionToken"],
        region_name="eu-west-1",
    )


def test_a_fresh_account_is_refused_bootstrapped_and_then_ready(session: boto3.Session, manifest: Manifest) -> None:
    deployer = _deployer(session)
    with pytest.raises(AccountNotReady, match="run 'mesh bootstrap --env local'"):
        check_account(deployer, manifest)
    state = read_account(session, manifest)
    assert {change.setting for change in missing_settings(state, manifest)} == {
        "data lake administrators",
        "default permissions of new databases",
        "default permissions of new tables",
        "cross-account version",
        "who may create databases",
    }
    write_settings(session, state, manifest)
    check_account(deployer, manifest)
    assert missing_settings(read_account(session, manifest), manifest) == ()


def test_every_other_setting_goes_back_as_it_was(session: boto3.Session, manifest: Manifest) -> None:
    iam = session.client("iam")
    for name in ("mesh-deployer", "somebody-else", "reader"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    client = session.client("lakeformation")
    before: dict[str, Any] = client.get_data_lake_settings()["DataLakeSettings"]
    before["DataLakeAdmins"] = [{"DataLakePrincipalIdentifier": "arn:aws:iam::123456789012:role/somebody-else"}]
    before["ReadOnlyAdmins"] = [{"DataLakePrincipalIdentifier": "arn:aws:iam::123456789012:role/reader"}]
    before["TrustedResourceOwners"] = ["999988887777"]
    before["AllowExternalDataFiltering"] = True
    before["Parameters"] = {**before.get("Parameters", {}), "CROSS_ACCOUNT_VERSION": "4", "SET_CONTEXT": "TRUE"}
    client.put_data_lake_settings(DataLakeSettings=before)
    write_settings(session, read_account(session, manifest), manifest)
    after = client.get_data_lake_settings()["DataLakeSettings"]
    assert [admin["DataLakePrincipalIdentifier"].rsplit("/")[-1] for admin in after["DataLakeAdmins"]] == [
        "somebody-else",
        "mesh-deployer",
    ]
    changed = ("DataLakeAdmins", "CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions")
    assert {k: v for k, v in after.items() if k not in changed} == {k: v for k, v in before.items() if k not in changed}
    assert not after["CreateDatabaseDefaultPermissions"]
    assert not after["CreateTableDefaultPermissions"]


def test_nobody_but_the_deployer_deploys(session: boto3.Session, manifest: Manifest) -> None:
    _deployer(session)
    write_settings(session, read_account(session, manifest), manifest)
    with pytest.raises(AccountNotReady, match="but the deployer of 'local' is"):
        check_account(session, manifest)
    # A preview may be anybody's who can read.
    check_account(session, manifest, deploying=False)


def test_another_account_is_refused(session: boto3.Session, manifest: Manifest) -> None:
    with pytest.raises(AccountNotReady, match="belong to account 123456789012, the environment 'dev' is account 1111"):
        check_account(session, replace(manifest, environment="dev", account="111122223333"))


def test_too_many_administrators_are_refused_before_anything_is_written(
    session: boto3.Session, manifest: Manifest
) -> None:
    admins = tuple(f"arn:aws:iam::123456789012:role/admin-{number}" for number in range(31))
    many = replace(manifest, lake_formation_admins=admins)
    state = read_account(session, many)
    with pytest.raises(AccountNotReady, match="would have 31 data lake administrators"):
        write_settings(session, state, many)
    assert read_account(session, manifest).settings == state.settings


@pytest.mark.parametrize(
    ("caller", "principal", "same"),
    [
        ("arn:aws:sts::111122223333:assumed-role/deployer/me", "arn:aws:iam::111122223333:role/deployer", True),
        ("arn:aws:sts::111122223333:assumed-role/deployer/me", "arn:aws:iam::111122223333:role/team/deployer", True),
        ("arn:aws:sts::999988887777:assumed-role/deployer/me", "arn:aws:iam::111122223333:role/deployer", False),
        ("arn:aws:sts::111122223333:assumed-role/other/deployer", "arn:aws:iam::111122223333:role/deployer", False),
        ("arn:aws:iam::111122223333:user/deployer", "arn:aws:iam::111122223333:user/deployer", True),
        ("arn:aws:iam::111122223333:user/deployer", "arn:aws:iam::111122223333:role/deployer", False),
    ],
)
def test_whose_session_it_is(caller: str, principal: str, same: bool) -> None:
    assert is_role(caller, principal) == same


WANTED = {
    "tableCatalogId": "123456789012",
    "databaseName": "d",
    "tableName": "t",
    "name": "masked",
    "columnNames": ["a", "new"],
}


def _filter(session: boto3.Session, columns: list[str]) -> None:
    glue = session.client("glue")
    glue.create_database(DatabaseInput={"Name": "d"})
    names = [{"Name": name, "Type": "string"} for name in ("a", "b", "c")]
    glue.create_table(DatabaseName="d", TableInput={"Name": "t", "StorageDescriptor": {"Columns": names}})
    session.client("lakeformation").create_data_cells_filter(
        TableData={
            "TableCatalogId": "123456789012",
            "DatabaseName": "d",
            "TableName": "t",
            "Name": "masked",
            "ColumnNames": columns,
            "RowFilter": {"AllRowsWildcard": {}},
        }
    )


def _listed(session: boto3.Session) -> list[str]:
    found = session.client("lakeformation").list_data_cells_filter()["DataCellsFilters"]
    columns: list[str] = found[0]["ColumnNames"]
    return sorted(columns)


def test_narrowing_takes_away_and_adds_nothing(session: boto3.Session) -> None:
    _filter(session, ["a", "b"])
    assert narrow_filter(session.client("lakeformation"), WANTED) is True
    assert _listed(session) == ["a"]
    assert narrow_filter(session.client("lakeformation"), WANTED) is False


def test_narrowing_to_nothing_is_refused(session: boto3.Session) -> None:
    _filter(session, ["b", "c"])
    with pytest.raises(AccountNotReady, match="would keep none of its columns"):
        narrow_filter(session.client("lakeformation"), WANTED)
    assert _listed(session) == ["b", "c"]


def test_a_filter_that_is_not_there_needs_no_narrowing(session: boto3.Session) -> None:
    assert narrow_filter(session.client("lakeformation"), WANTED) is False
