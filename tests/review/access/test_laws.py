"""What holds for any two meshes: access changes are what the evaluator says of both sides, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings

from mesh_infra.access import Access, evaluate
from mesh_infra.aws.lakeformation import Table
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.lake import lake_state
from mesh_infra.manifest.model import Manifest
from mesh_infra.review.access import access_changes, matrix
from mesh_infra.review.model import AccessChange, Impact
from mesh_infra.spec.model import Spec
from tests.strategies import specs

Reads = Mapping[tuple[str, str, str], frozenset[str]]
"""By principal, dataset and table: the columns in clear."""


def _lake(spec: Spec) -> tuple[Manifest, Access]:
    manifest = build_manifest(spec, "dev")
    return manifest, evaluate(lake_state(manifest))


def _consumers(spec: Spec) -> Reads:
    """What the principals of consumers read, as far as they are nothing else."""
    manifest, access = _lake(spec)
    assert manifest.platform is not None
    whole = {manifest.deployer, *manifest.lake_formation_admins, *spec.mesh.environments["dev"].break_glass}
    whole |= {arn for role in manifest.platform.roles if role.kind == "producer" for arn in role.principals}
    consumers = {arn for role in manifest.platform.roles if role.kind == "consumer" for arn in role.principals}
    return {
        (arn, f"{domain.name}.{dataset.dataset}", dataset.table): access.reads(
            arn, Table(domain.account, dataset.database, dataset.table)
        )
        for domain in manifest.domains
        for dataset in domain.datasets
        for arn in consumers - whole
    }


@given(specs())
@settings(max_examples=25, deadline=None)
def test_nothing_changes_between_a_mesh_and_itself(spec: Spec) -> None:
    assert access_changes(spec, spec) == ()


@given(specs(), specs())
@settings(max_examples=30, deadline=None)
def test_what_is_gained_there_is_lost_on_the_way_back(one: Spec, other: Spec) -> None:
    there, back = access_changes(one, other), access_changes(other, one)
    assert {(c.role, c.domain, c.dataset, _major(c), frozenset(c.gained), frozenset(c.lost)) for c in there} == {
        (c.role, c.domain, c.dataset, _major(c), frozenset(c.lost), frozenset(c.gained)) for c in back
    }


def _major(change: AccessChange) -> str:
    return change.version.removeprefix("v").partition(".")[0]


@given(specs(), specs())
@settings(max_examples=40, deadline=None)
def test_consumers_gain_and_lose_what_the_evaluator_says(base: Spec, head: Spec) -> None:
    before, after = _consumers(base), _consumers(head)
    gained: set[tuple[str, str]] = set()
    lost: set[tuple[str, str]] = set()
    for arn, dataset, table in {*before, *after}:
        had = before.get((arn, dataset, table), frozenset())
        has = after.get((arn, dataset, table), frozenset())
        gained |= {(f"{dataset}.{table}", column) for column in has - had}
        lost |= {(f"{dataset}.{table}", column) for column in had - has}
    changes = [c for c in access_changes(base, head) if not c.role.endswith("_producer") and "-" not in c.role]
    reported_gains, reported_losses = set(), set()
    for change in changes:
        name = f"{change.domain}.{change.dataset}.{change.dataset}_v{_major(change)}"
        reported_gains |= {(name, column) for column in change.gained}
        reported_losses |= {(name, column) for column in change.lost}
    assert (reported_gains, reported_losses) == (gained, lost)


@given(specs(), specs())
@settings(max_examples=30, deadline=None)
def test_nobody_sees_sensitive_data_that_he_did_not_without_it_being_critical(base: Spec, head: Spec) -> None:
    for change in access_changes(base, head):
        assert set(change.sensitive) <= set(change.gained)
        assert bool(change.gained) or change.severity is Impact.INFO
        if change.sensitive and not change.role.endswith("_producer") and "-" not in change.role:
            assert change.severity is Impact.CRITICAL


@given(specs())
@settings(max_examples=25, deadline=None)
def test_the_matrix_says_what_the_evaluator_says(spec: Spec) -> None:
    manifest, access = _lake(spec)
    tables = {
        (domain.name, dataset.dataset, dataset.version): Table(domain.account, dataset.database, dataset.table)
        for domain in manifest.domains
        for dataset in domain.datasets
    }
    rows = matrix(spec, "dev")
    for row in rows:
        visible = {column.name for column in row.columns if column.visible}
        assert row.principals
        for arn in row.principals:
            assert visible == access.reads(arn, tables[row.domain, row.dataset, row.version])
    listed = {(arn, tables[row.domain, row.dataset, row.version]) for row in rows for arn in row.principals}
    vending = {domain.registration.role_arn for domain in manifest.domains}
    readers = {(arn, table) for table, found in access.tables.items() for arn in found.readers if arn not in vending}
    assert readers <= listed
