"""The provider's own configuration: where it speaks to, as whom, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from mesh_infra.aws.resources.check import UNKNOWN
from mesh_infra.local.provider.wire import Value, Values
from tests.local.provider.engine import CONFIG, Engine, connected, struct

ROLE = "aws:iam/role:Role"
TRUST = '{"Version": "2012-10-17", "Statement": []}'


def refusal(endpoint: str, **config: Value) -> str:
    with connected({"AWS_ENDPOINT_URL": endpoint}) as engine, pytest.raises(grpc.RpcError) as refused:
        engine.configure(**{**CONFIG, **config})
    return str(refused.value.details())


@pytest.mark.parametrize(
    "elsewhere",
    [
        "",
        "https://s3.eu-west-1.amazonaws.com",
        "http://127.0.0.1.example.com:4566",
        "http://10.0.0.1:4566",
        "http://localhost@example.com",
        "ftp://127.0.0.1",
        "http://[::1",
    ],
)
def test_it_speaks_to_this_machine_alone(elsewhere: str) -> None:
    assert refusal(elsewhere) == (
        f"the local provider speaks to this machine alone, and AWS_ENDPOINT_URL is '{elsewhere}'; "
        "run Pulumi by 'mesh local exec', which sets it"
    )


def test_a_local_aws_that_does_not_run() -> None:
    assert refusal("http://127.0.0.1:9") == (
        "asking the local AWS for its account: the local AWS at http://127.0.0.1:9 does not answer; "
        "see 'mesh local status'"
    )


def test_a_proxy_in_the_environment_is_not_used(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with connected({"AWS_ENDPOINT_URL": endpoint}) as engine:
        engine.stub.Handshake(provider_pb2.ProviderHandshakeRequest())  # gRPC, too, would take the proxy to connect
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        engine.configure(**CONFIG)
        assert engine.invoke("aws:index/getRegion:getRegion")["region"] == "eu-west-1"


@pytest.mark.usefixtures("engine")  # nothing that an earlier test made is there
def test_files_and_profiles_of_the_real_aws_are_not_read(
    endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text("[default]\nuse_fips_endpoint = true\nendpoint_url = https://example.com\nca_bundle = /nowhere\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_USE_DUALSTACK_ENDPOINT", "true")
    with connected({"AWS_ENDPOINT_URL": endpoint}) as engine:
        engine.configure(**CONFIG)
        assert engine.import_("aws:s3/bucket:Bucket", "acme-checkout") is None


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"allowedAccountIds": '["111122223333"]'}, "AWS account ID not allowed: 123456789012"),
        ({"forbiddenAccountIds": ["123456789012"]}, "AWS account ID not allowed: 123456789012"),
        ({"regoin": "eu-west-1"}, "'aws:regoin' is not a key of the aws provider; did you mean 'aws:region'?"),
        ({"allowedAccountIds": "123456789012"}, "'aws:allowedAccountIds' must be a list of texts, not '123456789012'"),
        ({"maxRetries": "many"}, "'aws:maxRetries' must be a number, not 'many'"),
        ({"skipRegionValidation": "yes"}, "'aws:skipRegionValidation' must be true or false, not 'yes'"),
        ({"defaultTags": "[]"}, "'aws:defaultTags' must be an object, not '[]'"),
        (
            {"defaultTags": '{"tags": {"a": 1}}'},
            "'aws:defaultTags' must hold 'tags', a map of text to text, not '{\"tags\": {\"a\": 1}}'",
        ),
        (
            {"endpoints": '[{"s3": "https://example.com"}]'},
            "'aws:endpoints' cannot be used: the local provider speaks to AWS_ENDPOINT_URL alone",
        ),
        (
            {"ignoreTags": '{"keys": ["a"]}'},
            "'aws:ignoreTags' cannot be used: the local provider does not know how to ignore tags",
        ),
        ({"region": UNKNOWN}, "no region is configured; set 'aws:region'"),
    ],
)
def test_what_it_refuses(endpoint: str, config: Values, message: str) -> None:
    assert refusal(endpoint, **config) == message


@pytest.mark.parametrize(
    "config",
    [
        {"allowedAccountIds": '["123456789012"]'},
        {"allowedAccountIds": ["111122223333", "123456789012"], "forbiddenAccountIds": "[]"},
        {"accessKey": "other", "secretKey": "other", "token": "other"},
        {"profile": "production", "assumeRoles": '[{"roleArn": "arn:aws:iam::1:role/x"}]', "maxRetries": "3"},
        {"version": "7.51.1", "pluginDownloadURL": "x", "skipRegionValidation": "true"},
    ],
)
def test_what_it_accepts(endpoint: str, config: Values) -> None:
    with connected({"AWS_ENDPOINT_URL": endpoint}) as engine:
        engine.configure(**{**CONFIG, **config})
        assert engine.invoke("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "123456789012"


def test_the_engine_learns_of_wrong_keys_before_it_configures() -> None:
    request = provider_pb2.CheckRequest(news=struct({"regio": "x", "region": "eu-west-1", "profile": UNKNOWN}))
    with connected({}) as engine:
        response = engine.stub.CheckConfig(request)
    assert response.inputs == request.news
    assert [(failure.property, failure.reason) for failure in response.failures] == [
        ("regio", "'aws:regio' is not a key of the aws provider; did you mean 'aws:region'?")
    ]


def test_a_change_of_configuration_replaces_nothing() -> None:
    request = provider_pb2.DiffRequest(
        old_inputs=struct({"region": "eu-west-1"}), news=struct({"region": "eu-west-2", "profile": "x"})
    )
    with connected({}) as engine:
        response = engine.stub.DiffConfig(request)
        same = engine.stub.DiffConfig(provider_pb2.DiffRequest(old_inputs=request.news, news=request.news))
    assert response.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert list(response.diffs) == ["profile", "region"]
    assert not response.replaces
    assert same.changes == provider_pb2.DiffResponse.DIFF_NONE


def test_default_tags_are_merged_and_sent(endpoint: str, engine: Engine) -> None:
    tagged = {"name": "acme-analyst", "assumeRolePolicy": TRUST, "tags": {"team": "sales", "mesh:organization": "own"}}
    state = engine.create(ROLE, tagged)
    assert state.outputs["tagsAll"] == {"team": "sales", "mesh:organization": "own"}
    with connected({"AWS_ENDPOINT_URL": endpoint}) as other:
        other.configure(region="eu-west-1", defaultTags='{"tags": {"team": "all", "stage": "dev"}}')
        assert other.diff(state, tagged).detailed == {"tagsAll.stage": "add"}
        changed = other.update(state, tagged)
        assert changed.outputs["tagsAll"] == {"team": "sales", "mesh:organization": "own", "stage": "dev"}
        assert changed.outputs["tags"] == tagged["tags"]
        assert other.refresh(changed) == changed


def test_tags_that_are_not_known_yet(engine: Engine) -> None:
    inputs = {"name": "acme-analyst", "assumeRolePolicy": TRUST, "tags": {"key": UNKNOWN}}
    assert engine.preview_create(ROLE, inputs)["tagsAll"] == UNKNOWN


def test_another_region_replaces_what_lives_in_one(endpoint: str, engine: Engine) -> None:
    bucket = engine.create("aws:s3/bucket:Bucket", {"bucket": "acme-checkout"})
    role = engine.create(ROLE, {"name": "acme-analyst", "assumeRolePolicy": TRUST})
    with connected({"AWS_ENDPOINT_URL": endpoint}) as moved:
        moved.configure(**{**CONFIG, "region": "eu-west-2"})
        assert moved.diff(bucket, {"bucket": "acme-checkout"}).detailed == {"region": "update_replace"}
        assert moved.diff(role, {"name": "acme-analyst", "assumeRolePolicy": TRUST}).detailed == {}
        assert moved.refresh(bucket) == bucket


def test_the_data_sources(engine: Engine) -> None:
    assert engine.invoke("aws:index/getCallerIdentity:getCallerIdentity")["id"] == "123456789012"
    assert engine.invoke("aws:index/getPartition:getPartition") == {
        "dnsSuffix": "amazonaws.com",
        "id": "aws",
        "partition": "aws",
        "reverseDnsPrefix": "com.amazonaws",
    }
    region = engine.invoke("aws:index/getRegion:getRegion", region="us-east-1")
    assert (region["id"], region["endpoint"]) == ("us-east-1", "ec2.us-east-1.amazonaws.com")
    with pytest.raises(grpc.RpcError) as refused:
        engine.invoke("aws:ec2/getAmi:getAmi")
    assert "'aws:ec2/getAmi:getAmi' is not supported by the local provider; it knows " in refused.value.details()


def test_before_it_is_configured() -> None:
    with connected({}) as engine, pytest.raises(grpc.RpcError) as refused:
        engine.invoke("aws:index/getRegion:getRegion")
    assert refused.value.details() == "the provider is not configured"
