"""From contracts to grants and filters: what a mesh promises its readers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh_infra.aws.lakeformation import FilterRef, Table
from mesh_infra.errors import UsageError
from mesh_infra.findings import Finding, Severity
from mesh_infra.manifest.build import Built, build_manifest
from mesh_infra.manifest.model import ManifestDataset
from mesh_infra.manifest.stacks import find_stack, how_to_destroy, stacks_of
from mesh_infra.spec.model import Classification, Spec
from tests.meshes import CONTRACT, DOMAIN, MESH, findings_of, read_spec
from tests.strategies import CLASSIFICATIONS, specs

ORDERS = "contracts/sales/orders.yaml"


def _dataset(root: Path, contract: str, files: dict[str, str] | None = None, env: str = "dev") -> ManifestDataset:
    spec = read_spec(root, {ORDERS: contract, **(files or {})})
    (dataset,) = (d for domain in build_manifest(spec, env).domains for d in domain.datasets)
    return dataset


def _errors(root: Path, files: dict[str, str]) -> list[Finding]:
    return [finding for finding in findings_of(root, files) if finding.severity is Severity.ERROR]


def _grants(dataset: ManifestDataset) -> dict[str, tuple[str, ...]]:
    return {grant.name.removeprefix("sales.orders_v1."): grant.grant.permissions for grant in dataset.grants}


@given(specs(), st.dictionaries(st.sampled_from(sorted(CLASSIFICATIONS)), st.booleans()))
def test_what_is_built_already_changes_nothing(spec: Spec, flipped: dict[str, bool]) -> None:
    classes = dict(spec.mesh.classifications) | {name: Classification(sensitive=to) for name, to in flipped.items()}
    head = Spec(spec.mesh.model_copy(update={"classifications": classes}), spec.domains, spec.contracts)
    for environment in spec.mesh.environments:
        built = Built()
        assert build_manifest(spec, environment, None, built) == build_manifest(spec, environment)
        assert build_manifest(head, environment, None, built) == build_manifest(head, environment)


def test_masked_readers_get_the_filter_and_nothing_else(tmp_path: Path) -> None:
    dataset = _dataset(tmp_path, CONTRACT)
    assert dataset.filter is not None
    assert dataset.filter.columns == ("order_id",)
    assert _grants(dataset) == {
        "marketing": ("SELECT",),
        "sales_producer": ("ALTER", "DELETE", "DESCRIBE", "INSERT", "SELECT"),
    }
    assert isinstance(dataset.grants[0].grant.resource, FilterRef)


def test_there_is_a_filter_even_where_nothing_is_sensitive_today(tmp_path: Path) -> None:
    dataset = _dataset(tmp_path, CONTRACT.replace("pii: true", "pii: false"))
    assert dataset.filter is not None
    assert dataset.filter.columns == ("order_id", "user_email")


@pytest.mark.parametrize(("status", "readers"), [("draft", False), ("deprecated", True), ("retired", False)])
def test_status_decides_who_has_grants(tmp_path: Path, status: str, readers: bool) -> None:
    dataset = _dataset(tmp_path, CONTRACT + f"status: {status}\n")
    assert ("marketing" in _grants(dataset)) == readers
    assert ("sales_producer" in _grants(dataset)) == (status != "retired")
    assert (dataset.filter is not None) == readers


def test_two_roles_with_one_principal_share_one_grant_the_widest(tmp_path: Path) -> None:
    shared = 'principals: ["arn:aws:iam::111122223333:role/analytics"]'
    roles = f"roles:\n  one: {{{shared}}}\n  two: {{{shared}}}\n"
    entries = "  - {role: one, permission: read}\n  - {role: two, permission: read_masked}\n"
    dataset = _dataset(tmp_path, CONTRACT + entries, {"mesh.yaml": MESH + roles})
    assert _grants(dataset)["role/analytics"] == ("DESCRIBE", "SELECT")
    (grant,) = (grant for grant in dataset.grants if grant.name.endswith("role/analytics"))
    assert grant.roles == ("one", "two")
    assert isinstance(grant.grant.resource, Table)
    assert [origin.line for origin in grant.origins] == [13, 14]


def test_a_grant_is_named_after_its_principal_alone(tmp_path: Path) -> None:
    before = _dataset(tmp_path / "before", CONTRACT)
    entries = CONTRACT.replace("access_policy:\n", "access_policy:\n  - {role: sales, permission: read}\n")
    after = _dataset(tmp_path / "after", entries)
    assert {grant.name: grant.grant for grant in before.grants}.items() <= {
        grant.name: grant.grant for grant in after.grants
    }.items()


def test_partition_keys_follow_the_columns_and_stand_in_the_filter(tmp_path: Path) -> None:
    contract = CONTRACT.replace("schema:\n", "partition_by: [day]\nschema:\n  - {name: day, type: date}\n")
    dataset = _dataset(tmp_path, contract)
    assert [(column.name, column.partition) for column in dataset.columns] == [
        ("order_id", False),
        ("user_email", False),
        ("day", True),
    ]
    assert dataset.filter is not None
    assert dataset.filter.columns == ("day", "order_id")


def test_a_sensitive_field_hides_the_whole_column(tmp_path: Path) -> None:
    nested = """\
  - name: payload
    type: struct
    fields:
      - {name: kind, type: string}
      - {name: secret_note, type: string, classification: secret}
access_policy:
"""
    dataset = _dataset(tmp_path, CONTRACT.replace("access_policy:\n", nested))
    assert dataset.filter is not None
    assert "payload" not in dataset.filter.columns


def test_retention_of_a_delta_table_touches_no_live_file(tmp_path: Path) -> None:
    for format_, applies in (("parquet", "current"), ("json", "current"), ("delta", "noncurrent")):
        dataset = _dataset(tmp_path / format_, CONTRACT + f"retention_days: 30\nformat: {format_}\n")
        assert dataset.retention is not None
        assert (dataset.retention.days, dataset.retention.applies_to) == (30, applies)


def test_the_local_environment_makes_roles_that_other_environments_refer_to(tmp_path: Path) -> None:
    roles = 'roles:\n  auditor:\n    principals: {dev: ["arn:aws:iam::111122223333:role/auditor"]}\n'
    spec = read_spec(tmp_path, {"mesh.yaml": MESH + roles})
    for environment, made in (("dev", False), ("local", True)):
        platform = build_manifest(spec, environment).platform
        assert platform is not None
        (auditor,) = (role for role in platform.roles if role.name == "auditor")
        assert (auditor.policy is not None) == made
        assert auditor.workgroup


def test_names_that_collide_or_are_too_long_are_found_before_aws_does(tmp_path: Path) -> None:
    long_domain = "a" * 50
    found = findings_of(
        tmp_path,
        {
            "domains/results.yaml": DOMAIN.format(name="results"),
            f"domains/{long_domain}.yaml": DOMAIN.format(name=long_domain),
        },
    )
    taken = [str(finding) for finding in found if finding.rule == "name-taken"]
    assert any("the bucket name 'acme-dev-results-111122223333'" in text for text in taken)
    too_long = [finding for finding in found if finding.rule == "name-length"]
    assert {finding.path for finding in too_long} == {f"domains/{long_domain}.yaml"}
    assert any("AWS takes 63 (environment 'dev')" in finding.message for finding in too_long)


def test_a_domain_whose_producer_would_have_too_long_a_policy_is_found_before_iam_does(tmp_path: Path) -> None:
    many = {
        f"contracts/sales/orders_{n}.yaml": CONTRACT.replace("dataset: orders", f"dataset: orders_{n}")
        for n in range(200)
    }
    (finding,) = (
        finding
        for finding in findings_of(tmp_path, many)
        if finding.rule == "domain-size" and "'dev'" in finding.message
    )
    assert str(finding).startswith(
        "domains/sales.yaml:1:1: the domain 'sales' has 201 datasets: the policy of its producer"
    )
    assert finding.hint == "split the domain, or name an existing role under 'principals' of its producer"


def test_a_grant_to_an_administrator_is_refused(tmp_path: Path) -> None:
    roles = 'roles:\n  boss: {principals: ["arn:aws:iam::111122223333:role/mesh-deployer"]}\n'
    (finding,) = _errors(tmp_path, {"mesh.yaml": MESH + roles})
    assert finding.rule == "admin-principal"


def test_a_stack_is_an_environment_or_a_part_of_one(tmp_path: Path) -> None:
    mesh = MESH.replace("    region:", "    stacks: per-domain\n    region:")
    spec = read_spec(tmp_path, {"mesh.yaml": mesh})
    assert [stack.name for stack in stacks_of(spec, "dev")] == ["dev.platform", "dev.marketing", "dev.sales"]
    assert find_stack(spec, "dev.sales").scope == "sales"
    assert find_stack(spec, "local.sales").scope == "sales"
    for name, said in {
        "prod": "the environments are: 'dev' and 'local'",
        "dve.sales": "did you mean 'dev'?",
        "dev.slaes": "did you mean 'dev.sales'? if its file was removed on purpose",
        "dev": "select one of them, such as 'dev.platform'",
        "dev.gone": "if its file was removed on purpose: 'pulumi state unprotect --all --stack dev.gone' lets go",
        "local": "select one of them, such as 'local.platform'",
    }.items():
        with pytest.raises(UsageError, match=re.escape(said)):
            find_stack(spec, name)


def test_a_stack_is_unprotected_before_it_is_destroyed_where_anything_is_protected() -> None:
    commands = [
        f"pulumi {command} dev.hr" for command in ("state unprotect --all --stack", "destroy --stack", "stack rm")
    ]
    assert re.findall("'([^']+)'", how_to_destroy("dev.hr")) == commands
    local = [f"mesh local exec -- pulumi {command} local.hr" for command in ("destroy --stack", "stack rm")]
    assert re.findall("'([^']+)'", how_to_destroy("local.hr")) == local


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("mesh.yaml", "platform"),
        ("CODEOWNERS", "platform"),
        ("rules/acme.py", "platform"),
        ("domains/sales.yaml", "sales"),
        ("contracts/sales/orders.yaml", "sales"),
        ("contracts/marketing/orders.yaml", "marketing"),
    ],
)
def test_a_stack_is_told_what_concerns_it(path: str, scope: str, tmp_path: Path) -> None:
    mesh = MESH.replace("    region:", "    stacks: per-domain\n    region:")
    stacks = stacks_of(read_spec(tmp_path, {"mesh.yaml": mesh}), "dev")
    assert [stack.scope for stack in stacks if stack.concerns(path)] == [scope]
    (whole,) = stacks_of(read_spec(tmp_path / "whole"), "dev")
    assert whole.concerns(path)


def test_one_stack_has_no_parts(tmp_path: Path) -> None:
    spec = read_spec(tmp_path)
    whole = read_spec(tmp_path / "whole")
    assert find_stack(whole, "local").scope is None
    with pytest.raises(UsageError, match="'local' is one stack, it has no part 'sales'"):
        find_stack(spec, "local.sales")


def test_roles_that_trust_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    roles = """\
roles:
  one: {trust: {dev: ["arn:aws:iam::111122223333:role/acme-dev-two"]}}
  two: {trust: {dev: ["arn:aws:iam::111122223333:role/acme-dev-one"]}}
"""
    (finding,) = _errors(tmp_path, {"mesh.yaml": MESH + roles})
    assert finding.rule == "trust-circle"
    assert "the roles 'one', 'two' trust each other" in finding.message
