"""mesh.yaml says where, Pulumi's configuration how: what is passed on, and what is refused."""

from __future__ import annotations

import pytest

from mesh_infra.checks import check_mesh
from mesh_infra.errors import UsageError
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.model import Manifest
from mesh_infra.resources.provider import read_config
from mesh_infra.resources.register import provider_option_names
from tests.engine.harness import REPOSITORY


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    spec, findings = check_mesh(REPOSITORY)
    assert spec is not None, findings
    return build_manifest(spec, "dev")


def _options(manifest: Manifest, config: dict[str, str]) -> dict[str, object]:
    return read_config(provider_option_names(), config.get).provider_options(manifest)


def test_the_mesh_says_account_region_and_tags(manifest: Manifest) -> None:
    assert _options(manifest, {}) == {
        "region": "eu-west-1",
        "allowedAccountIds": ["111122223333"],
        "defaultTags": {"tags": {"mesh:environment": "dev", "mesh:organization": "acme"}},
    }


def test_every_other_option_is_passed_on(manifest: Manifest) -> None:
    config = {
        "aws:profile": "mesh",
        "aws:skipMetadataApiCheck": "true",
        "aws:assumeRoles": '[{"roleArn": "arn:aws:iam::111122223333:role/mesh-deployer"}]',
        "aws:defaultTags": '{"tags": {"cost-centre": "42"}}',
        "aws:region": "eu-west-1",
    }
    options = _options(manifest, config)
    assert options["profile"] == "mesh"
    assert options["skipMetadataApiCheck"] is True
    assert options["assumeRoles"] == [{"roleArn": "arn:aws:iam::111122223333:role/mesh-deployer"}]
    assert options["defaultTags"] == {
        "tags": {"cost-centre": "42", "mesh:environment": "dev", "mesh:organization": "acme"}
    }


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("aws:region", "us-east-1", 'aws:region is "us-east-1", mesh.yaml says "eu-west-1"'),
        ("aws:allowedAccountIds", '["999988887777"]', 'aws:allowedAccountIds is ["999988887777"]'),
        ("aws:forbiddenAccountIds", '["111122223333"]', "the account of this environment"),
        ("aws:defaultTags", '{"tags": {"mesh:environment": "x"}}', "aws:defaultTags sets mesh:environment to 'x'"),
        ("aws:assumeRoles", "[{", "aws:assumeRoles is no valid JSON"),
    ],
)
def test_what_contradicts_the_mesh_is_refused(manifest: Manifest, option: str, value: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        _options(manifest, {option: value})
    assert said in str(refused.value)


def test_a_way_that_our_own_calls_cannot_follow_is_refused(manifest: Manifest) -> None:
    config = read_config(provider_option_names(), {"aws:endpoints": '[{"s3": "http://localhost"}]'}.get)
    with pytest.raises(UsageError, match=r"aws:endpoints cannot be used"):
        config.session(manifest.region)
