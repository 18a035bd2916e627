"""What holds for any two meshes: access changes are what the evaluator says of both sides, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_infra.access import Access, evaluate
from mesh_infra.aws.lakeformation import Table
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.lake import lake_state
from mesh_infra.manifest.model import Manifest
from mesh_infra.review.access import access_changes, matrix
from mesh_infra.review.model import AccessChange, Impact
from mesh_infra.spec.model import Environment, Spec
from tests.strategies import specs

DEPLOYER = "arn:aws:iam::111122223333:role/mesh-deployer"

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


@st.composite
def _entangled(draw: st.DrawFn, spec: Spec) -> Spec:
    """The mesh with IAM roles that it makes itself in the places where others are named, too."""
    platform = _lake(spec)[0].platform
    assert platform is not None
    made = st.sampled_from([role.principals[0] for role in platform.roles if role.iam_role] or [DEPLOYER])
    some = st.lists(made, max_size=2, unique=True).map(tuple)
    settings_ = spec.mesh.environments["dev"]
    environment = settings_.model_copy(
        update={
            "deployer": draw(st.one_of(st.just(settings_.deployer), st.just(settings_.deployer), made)),
            "lake_formation_admins": (*settings_.lake_formation_admins, *draw(st.one_of(st.just(()), some))),
            "break_glass": (*settings_.break_glass, *draw(st.one_of(st.just(()), some))),
        }
    )
    roles = {
        name: role.model_copy(update={"principals": {"dev": (*role.principals.get("dev", ()), *arns)}})
        if (arns := draw(some))
        else role
        for name, role in spec.mesh.roles.items()
    }
    mesh = spec.mesh.model_copy(update={"environments": {"dev": environment}, "roles": roles})
    return Spec(mesh=mesh, domains=spec.domains, contracts=spec.contracts)


@st.composite
def entangled_pairs(draw: st.DrawFn) -> tuple[Spec, Spec]:
    """Two meshes whose roles are each other; often the same contracts on both sides."""
    base = draw(specs())
    head = draw(st.one_of(st.just(base), specs()))
    return draw(_entangled(base)), draw(_entangled(head))


class _Rights:
    """What one side says of a principal, by its ARN alone: who it is called, and what it reads."""

    def __init__(self, spec: Spec) -> None:
        manifest, self.access = _lake(spec)
        assert manifest.platform is not None
        environment: Environment = spec.mesh.environments["dev"]
        self.everywhere = {
            "mesh-deployer": {environment.deployer},
            "lake-formation-admin": {*environment.lake_formation_admins},
            "break-glass": {*environment.break_glass},
        }
        self.roles = {role.name: set(role.principals) for role in manifest.platform.roles}
        self.domains = {domain.name for domain in manifest.domains}
        self.vending = {domain.registration.role_arn for domain in manifest.domains}
        self.tables = {
            (domain.name, dataset.id): Table(domain.account, dataset.database, dataset.table)
            for domain in manifest.domains
            for dataset in domain.datasets
        }

    def names(self, arn: str) -> set[str]:
        return {arn} | {name for name, arns in (self.roles | self.everywhere).items() if arn in arns}

    def stands(self, arn: str, domain: str) -> bool:
        """Whether it reads whatever there is in the domain."""
        whole = any(arn in arns for arns in self.everywhere.values())
        return whole or (domain in self.domains and arn in self.roles[f"{domain}_producer"])

    def reads(self, key: tuple[str, str]) -> dict[str, frozenset[str]]:
        access = self.access.tables[self.tables[key]] if key in self.tables else None
        return {arn: frozenset(found.columns) for arn, found in access.readers.items()} if access else {}


@given(entangled_pairs())
@settings(max_examples=60, deadline=None)
def test_nobody_gains_a_column_without_a_word(pair: tuple[Spec, Spec]) -> None:
    before, after = map(_Rights, pair)
    said: dict[tuple[str, str], dict[str, set[str]]] = {}
    for change in access_changes(*pair):
        by_role = said.setdefault((change.domain, f"{change.dataset}.v{_major(change)}"), {})
        by_role.setdefault(change.role, set()).update(change.gained)
    for key in after.tables:
        had = before.reads(key)
        for arn, columns in after.reads(key).items():
            standing = before.stands(arn, key[0]) and after.stands(arn, key[0])
            if arn in after.vending or standing:
                continue
            named = said.get(key, {})
            told = set().union(*(named.get(name, set()) for name in after.names(arn)))
            assert columns - had.get(arn, frozenset()) <= told, (key, arn)


@given(entangled_pairs())
@settings(max_examples=30, deadline=None)
def test_of_roles_that_are_each_other_too_the_way_back_mirrors_the_way_there(pair: tuple[Spec, Spec]) -> None:
    there, back = access_changes(*pair), access_changes(*reversed(pair))
    assert {(c.role, c.domain, c.dataset, _major(c), frozenset(c.gained), frozenset(c.lost)) for c in there} == {
        (c.role, c.domain, c.dataset, _major(c), frozenset(c.lost), frozenset(c.gained)) for c in back
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


@given(specs().flatmap(_entangled))
@settings(max_examples=25, deadline=None)
def test_the_matrix_says_what_the_evaluator_says(spec: Spec) -> None:
    manifest, access = _lake(spec)
    assert manifest.platform is not None
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
    by_role = {(row.role, arn, tables[row.domain, row.dataset, row.version]) for row in rows for arn in row.principals}
    assert {
        (role.name, arn, table)
        for role in manifest.platform.roles
        for arn in role.principals
        for table in tables.values()
        if access.reads(arn, table)
    } <= by_role
