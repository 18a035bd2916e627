"""Which stacks are deployed, and what waits for what."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh_infra.deployment.model import Operation
from mesh_infra.deployment.order import choose, left_over, refuse_left_over, steps_of
from mesh_infra.errors import MeshError, UsageError
from mesh_infra.manifest.stacks import Stack
from mesh_infra.spec.model import Spec
from tests.meshes import MESH, read_spec

PER_DOMAIN = {"mesh.yaml": MESH.replace("classifications:", "    stacks: per-domain\nclassifications:")}


@pytest.fixture
def spec(tmp_path: Path) -> Spec:
    return read_spec(tmp_path, PER_DOMAIN)


def names(stacks: tuple[Stack, ...]) -> list[str]:
    return [stack.name for stack in stacks]


@pytest.mark.parametrize("environment", ["dev", "local"])
def test_without_a_choice_it_is_all_of_them(spec: Spec, environment: str) -> None:
    expected = [f"{environment}.{scope}" for scope in ("platform", "marketing", "sales")]
    assert names(choose(spec, environment, ())) == expected


def test_domains_and_the_platform_are_chosen_by_name(spec: Spec) -> None:
    assert names(choose(spec, "dev", ("sales", "platform"))) == ["dev.platform", "dev.sales"]


def test_a_domain_that_is_not_there_is_wrong_usage(spec: Spec) -> None:
    with pytest.raises(UsageError, match=r"there is no domain 'sale'; did you mean 'sales'"):
        choose(spec, "dev", ("sale",))
    with pytest.raises(UsageError, match=r"if its file was removed on purpose: 'pulumi state unprotect --all"):
        choose(spec, "dev", ("hr",))


def test_one_stack_has_no_parts(tmp_path: Path) -> None:
    spec = read_spec(tmp_path)
    assert names(choose(spec, "dev", ())) == ["dev"]
    with pytest.raises(UsageError, match="'dev' is one stack"):
        choose(spec, "dev", ("sales",))


def test_the_local_environment_is_laid_out_as_all_others_are(tmp_path: Path) -> None:
    other = MESH.split("classifications:")[0].partition("  dev:\n")[2].replace("acme-dev", "acme-prod")
    mixed = PER_DOMAIN["mesh.yaml"].replace("classifications:", f"  prod:\n{other}classifications:")
    spec = read_spec(tmp_path, {"mesh.yaml": mixed})
    assert names(choose(spec, "dev", ()))[0] == "dev.platform"
    assert names(choose(spec, "local", ())) == ["local"]


def test_an_up_has_the_platform_first_and_a_preview_waits_for_nothing(spec: Spec) -> None:
    stacks = choose(spec, "dev", ())
    platform, *domains = stacks
    assert steps_of(stacks, Operation.UP) == ((platform,), tuple(domains))
    assert steps_of(stacks, Operation.PREVIEW) == (stacks,)
    assert steps_of(domains, Operation.UP) == (tuple(domains),)


def test_what_the_mesh_has_no_use_for_is_left_over(spec: Spec) -> None:
    existing = ["dev.hr", "dev", "dev.sales", "dev.platform", "prod.hr", "development.hr", "other"]
    assert left_over(existing, spec, "dev") == ("dev", "dev.hr")
    assert left_over(existing, spec, "local") == ()


def test_a_domain_that_is_gone_is_taken_down_before_the_platform_loses_its_roles(spec: Spec) -> None:
    stacks = choose(spec, "local", ())
    with pytest.raises(MeshError, match=r"first: 'mesh local exec -- pulumi destroy --stack local.hr'"):
        refuse_left_over(stacks, ("local.hr",))
    refuse_left_over(choose(spec, "local", ("sales",)), ("local.hr",))
    refuse_left_over(stacks, ())
