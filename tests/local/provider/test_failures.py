"""What does not go smoothly: half-made resources, buckets with content, types that nobody knows."""

from __future__ import annotations

import json
from collections.abc import Callable

import grpc
import pytest

from mesh_infra.local.provider.wire import Value
from tests.local.provider.conftest import Boto
from tests.local.provider.engine import Engine, State, incomplete, plain

BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"


def failure(call: Callable[[], object]) -> str:
    with pytest.raises(grpc.RpcError) as failed:
        call()
    assert "Traceback" not in failed.value.details()
    return str(failed.value.details())


def test_a_type_that_the_local_provider_does_not_know(engine: Engine) -> None:
    assert failure(lambda: engine.check("aws:sqs/queue:Queue", {})) == (
        "resources of type 'aws:sqs/queue:Queue' are not supported by the local provider"
    )


def test_a_key_that_was_made_but_not_completed_is_kept_and_mended(engine: Engine, boto: Boto) -> None:
    def policy(effect: str) -> str:
        statement = {"Effect": effect, "Principal": "*", "Action": "kms:DescribeKey", "Resource": "*"}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    with pytest.raises(grpc.RpcError) as failed:
        engine.create(KEY, {"enableKeyRotation": True, "policy": policy("Deny")})
    kept = incomplete(failed.value)
    assert failed.value.details().startswith(f"reading aws:kms/key:Key '{kept.id}': AccessDeniedException: ")
    assert list(kept.reasons) == [failed.value.details()]
    assert boto("kms").get_key_rotation_status(KeyId=kept.id)["KeyRotationEnabled"]
    state = State(KEY, kept.id, plain(kept.inputs), plain(kept.properties))
    mended = engine.update(state, {"enableKeyRotation": True, "policy": policy("Allow")})
    assert engine.refresh(mended) == mended


def test_an_update_without_a_change_sends_everything_again(engine: Engine, boto: Boto) -> None:
    # The engine asks for it after an incomplete creation, of which the state knows no details.
    state = engine.create(KEY, {"enableKeyRotation": True})
    boto("kms").disable_key_rotation(KeyId=state.id)
    assert engine.update(state, {"enableKeyRotation": True}) == state
    assert boto("kms").get_key_rotation_status(KeyId=state.id)["KeyRotationEnabled"]


@pytest.fixture
def full(engine: Engine, boto: Boto) -> Callable[..., State]:
    """A bucket with two versions of an object and a delete marker."""

    def make(**inputs: Value) -> State:
        state = engine.create(BUCKET, {"bucket": "acme-checkout", **inputs})
        versioning = {"bucket": "acme-checkout", "versioningConfiguration": {"status": "Enabled"}}
        engine.create("aws:s3/bucketVersioning:BucketVersioning", versioning)
        for body in (b"1", b"2"):
            boto("s3").put_object(Bucket="acme-checkout", Key="orders/1", Body=body)
        boto("s3").delete_object(Bucket="acme-checkout", Key="orders/1")
        return state

    return make


def test_a_bucket_with_content_stays(engine: Engine, full: Callable[..., State]) -> None:
    state = full()
    assert failure(lambda: engine.delete(state)).startswith(
        "deleting aws:s3/bucket:Bucket 'acme-checkout': BucketNotEmpty: "
    )
    assert engine.refresh(state) == state


def test_a_bucket_with_content_goes_by_force(engine: Engine, full: Callable[..., State]) -> None:
    state = full(forceDestroy=True)
    engine.delete(state)
    assert engine.refresh(state) is None


def test_a_bucket_name_that_aws_does_not_take_passes_the_plan_and_fails_in_the_creation(engine: Engine) -> None:
    assert engine.problems(BUCKET, {"bucket": "Acme_Checkout"}) == []
    assert failure(lambda: engine.create(BUCKET, {"bucket": "Acme_Checkout"})) == (
        "creating aws:s3/bucket:Bucket: bucket name 'Acme_Checkout' has characters that AWS does not take"
    )


def test_in_us_east_1_too_a_bucket_is_not_made_twice(engine: Engine) -> None:
    inputs = {"bucket": "acme-checkout", "region": "us-east-1"}
    engine.create(BUCKET, inputs)
    assert "BucketAlreadyOwnedByYou" in failure(lambda: engine.create(BUCKET, inputs))


def test_a_role_with_policies_goes_only_by_force(engine: Engine) -> None:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "123456789012"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    read = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
    role = engine.create("aws:iam/role:Role", {"name": "acme-analyst", "assumeRolePolicy": document})
    engine.create("aws:iam/rolePolicy:RolePolicy", {"role": "acme-analyst", "name": "read", "policy": read})
    assert "DeleteConflict" in failure(lambda: engine.delete(role))
    forced = engine.update(role, {"name": "acme-analyst", "assumeRolePolicy": document, "forceDetachPolicies": True})
    engine.delete(forced)
    assert engine.refresh(forced) is None


def test_an_update_of_what_is_gone_says_so(engine: Engine) -> None:
    state = engine.create(BUCKET, {"bucket": "acme-checkout"})
    engine.delete(state)
    assert failure(lambda: engine.update(state, {"bucket": "acme-checkout", "forceDestroy": True})) == (
        "updating aws:s3/bucket:Bucket 'acme-checkout': it does not exist any more; run 'pulumi refresh'"
    )


def test_an_id_that_is_none_of_the_type(engine: Engine) -> None:
    assert failure(lambda: engine.import_("aws:glue/catalogTable:CatalogTable", "orders")) == (
        "'orders' is no id of this type; expected catalog:database:name"
    )
