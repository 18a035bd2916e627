"""Workgroups."""

from __future__ import annotations

import pytest

from tests.local.aws.account import ACCOUNT, Account, Json, refused

RESULTS = {"OutputLocation": "s3://acme-results/analyst/", "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}}


@pytest.fixture
def workgroup(account: Account) -> str:
    account["athena"].create_work_group(
        Name="analyst",
        Description="Analysts",
        Configuration={
            "ResultConfiguration": RESULTS,
            "EnforceWorkGroupConfiguration": True,
            "BytesScannedCutoffPerQuery": 10**9,
        },
    )
    return "analyst"


def found(account: Account, name: str) -> Json:
    answer: Json = account["athena"].get_work_group(WorkGroup=name)["WorkGroup"]
    return answer


def test_an_update_changes_what_it_names(workgroup: str, account: Account) -> None:
    before = found(account, workgroup)
    account["athena"].update_work_group(
        WorkGroup=workgroup,
        State="DISABLED",
        ConfigurationUpdates={
            "PublishCloudWatchMetricsEnabled": True,
            "ResultConfigurationUpdates": {"OutputLocation": "s3://elsewhere/"},
        },
    )
    after = found(account, workgroup)
    assert (after["State"], after["Description"]) == ("DISABLED", "Analysts")
    assert after["Configuration"] == {
        **before["Configuration"],
        "PublishCloudWatchMetricsEnabled": True,
        "ResultConfiguration": {**RESULTS, "OutputLocation": "s3://elsewhere/"},
    }
    account["athena"].update_work_group(WorkGroup=workgroup, Description="Others", State="ENABLED")
    assert found(account, workgroup)["Description"] == "Others"


def test_an_update_can_take_things_away(workgroup: str, account: Account) -> None:
    account["athena"].update_work_group(
        WorkGroup=workgroup,
        ConfigurationUpdates={
            "RemoveBytesScannedCutoffPerQuery": True,
            "ResultConfigurationUpdates": {"RemoveEncryptionConfiguration": True, "RemoveOutputLocation": False},
        },
    )
    configuration = found(account, workgroup)["Configuration"]
    assert "BytesScannedCutoffPerQuery" not in configuration
    assert configuration["ResultConfiguration"] == {"OutputLocation": RESULTS["OutputLocation"]}


def test_what_is_not_there_is_not_found(account: Account) -> None:
    athena = account["athena"]
    for action in (athena.get_work_group, athena.update_work_group, athena.delete_work_group):
        with refused("InvalidRequestException", "WorkGroup gone is not found."):
            action(WorkGroup="gone")


def test_a_workgroup_with_queries_goes_only_with_them(workgroup: str, account: Account) -> None:
    athena = account["athena"]
    query = athena.create_named_query(Name="q", Database="sales", QueryString="SELECT 1", WorkGroup=workgroup)
    athena.create_prepared_statement(StatementName="s", WorkGroup=workgroup, QueryStatement="SELECT 1")
    with refused("InvalidRequestException", "WorkGroup analyst is not empty"):
        athena.delete_work_group(WorkGroup=workgroup)
    athena.delete_work_group(WorkGroup=workgroup, RecursiveDeleteOption=True)
    with refused("InvalidRequestException"):
        found(account, workgroup)
    assert query["NamedQueryId"] not in athena.list_named_queries(WorkGroup=workgroup)["NamedQueryIds"]


def test_the_primary_workgroup_stays(account: Account) -> None:
    with refused("InvalidRequestException", "primary"):
        account["athena"].delete_work_group(WorkGroup="primary")


def test_a_workgroup_without_tags_has_none(workgroup: str, account: Account) -> None:
    athena, arn = account["athena"], f"arn:aws:athena:eu-west-1:{ACCOUNT}:workgroup/{workgroup}"
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == []
    tags = [{"Key": "mesh:domain", "Value": "sales"}]
    athena.tag_resource(ResourceARN=arn, Tags=tags)
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == tags
    athena.delete_work_group(WorkGroup=workgroup)
    with refused("InvalidRequestException", "is not found"):
        athena.list_tags_for_resource(ResourceARN=arn)
    athena.create_work_group(Name=workgroup)
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == []
