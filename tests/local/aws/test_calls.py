"""The record of calls, and what is answered where there is no answer."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import boto3
import pytest
from botocore.config import Config

from mesh_infra.local.aws import HEALTH, extend
from tests.local.aws.account import DATABASE, REGION, TABLE, Account, Client, Json, refused


def client(service: str, endpoint: str) -> Client:
    session = boto3.Session("test", "test", region_name=REGION)
    return session.client(service, endpoint_url=endpoint, config=Config(retries={"total_max_attempts": 4}))


def recorded(calls_file: Path, after: int = 0) -> list[Json]:
    return [json.loads(line) for line in calls_file.read_text(encoding="utf-8").splitlines()][after:]


def test_each_call_is_one_line_in_order(account: Account, calls_file: Path) -> None:
    before = recorded(calls_file)
    account["glue"].create_database(DatabaseInput={"Name": "sales"})
    account["s3"].create_bucket(Bucket="acme-sales", CreateBucketConfiguration={"LocationConstraint": REGION})
    account["s3"].put_object(Bucket="acme-sales", Key="a b/c", Body=b'{"private": 1}')
    account["iam"].create_role(RoleName="analyst", AssumeRolePolicyDocument="{}")
    with refused("EntityNotFoundException"):
        account.held(Resource={"Database": {"Name": "gone"}})
    lines = recorded(calls_file, len(before))
    assert [line.pop("seq") for line in lines] == [len(before) + number for number in range(1, 6)]
    assert lines == [
        {
            "service": "glue",
            "action": "CreateDatabase",
            "status": 200,
            "body": {"DatabaseInput": {"Name": "sales"}},
        },
        {"service": "s3", "action": "CreateBucket", "status": 200, "path": "/acme-sales"},
        {"service": "s3", "action": "PutObject", "status": 200, "path": "/acme-sales/a b/c"},
        {"service": "iam", "action": "CreateRole", "status": 200},
        {
            "service": "lakeformation",
            "action": "ListPermissions",
            "status": 400,
            "body": {"Resource": {"Database": {"Name": "gone"}}},
        },
    ]


def test_no_credentials_are_recorded(endpoint: str, account: Account, calls_file: Path) -> None:
    mark = len(recorded(calls_file))
    client("secretsmanager", endpoint).create_secret(Name="database", SecretString="hunter2")
    client("iam", endpoint).create_user(UserName="ann")
    client("iam", endpoint).create_login_profile(UserName="ann", Password="hunter2")
    url = account["s3"].generate_presigned_url("get_object", Params={"Bucket": "acme-sales", "Key": "k"})
    with pytest.raises(OSError, match="404"):
        urlopen(url)  # noqa: S310 - this machine
    lines = recorded(calls_file, mark)
    assert [line["action"] for line in lines] == ["CreateSecret", "CreateUser", "CreateLoginProfile", "GetObject"]
    assert not any(word in json.dumps(lines) for word in ("hunter2", "Credential", "Signature", "test"))


def test_calls_at_the_same_time_are_answered_one_after_the_other(account: Account, calls_file: Path) -> None:
    mark = len(recorded(calls_file))
    threads = [
        Thread(target=account["glue"].create_database, kwargs={"DatabaseInput": {"Name": f"db{number}"}})
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = recorded(calls_file, mark)
    assert [line["seq"] for line in lines] == list(range(mark + 1, mark + 21))
    assert {line["body"]["DatabaseInput"]["Name"] for line in lines} == {f"db{number}" for number in range(20)}
    assert len(account["glue"].get_databases()["DatabaseList"]) == 20


@pytest.mark.parametrize(
    ("service", "action", "arguments"),
    [
        ("lakeformation", "search_tables_by_lf_tags", {"Expression": [{"TagKey": "a", "TagValues": ["b"]}]}),
        ("glue", "search_tables", {}),
        ("glue", "create_data_quality_ruleset", {"Name": "x", "Ruleset": 'Rules = [IsComplete "a"]'}),
        ("iam", "simulate_principal_policy", {"PolicySourceArn": "a" * 20, "ActionNames": ["s3:GetObject"]}),
        ("cloudwatch", "put_anomaly_detector", {"Namespace": "x", "MetricName": "y", "Stat": "Sum"}),
        ("route53", "list_cidr_collections", {}),
    ],
)
def test_what_moto_lacks_is_said_at_once(service: str, action: str, arguments: Json, endpoint: str) -> None:
    with refused("NotImplemented", "the local AWS does not know") as refusal:
        getattr(client(service, endpoint), action)(**arguments)
    assert (refusal.status, refusal.retries) == (501, 0)


def test_a_fault_of_moto_is_said_at_once(sales: Account) -> None:
    with refused("InternalFailure", "the local AWS failed in lakeformation:GetResourceLFTags: KeyError") as refusal:
        sales.lake.get_resource_lf_tags(Resource=TABLE)
    assert (refusal.status, refusal.retries) == (501, 0)


def test_a_server_says_which_one_it_is(endpoint: str, calls_file: Path) -> None:
    before = recorded(calls_file)
    with urlopen(endpoint + HEALTH) as answer:  # noqa: S310 - this machine
        assert json.load(answer) == {"identity": "me"}
    assert recorded(calls_file) == before


def test_to_extend_twice_changes_nothing(sales: Account) -> None:
    sales.grant(DATABASE, "DESCRIBE")
    extend()
    assert sales.held() == [("analyst", DATABASE, ["DESCRIBE"])]
