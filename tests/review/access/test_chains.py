"""Who may become a reader by way of others is told, in whichever environment the others are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_infra.access import evaluate
from mesh_infra.aws.lakeformation import Table
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.lake import lake_state
from mesh_infra.manifest.names import Names
from mesh_infra.manifest.roles import ResolvedRole, resolve_roles, trusted_by
from mesh_infra.review.access import access_changes
from mesh_infra.review.model import AccessChange
from mesh_infra.spec.model import Environment, Role, Spec
from tests.meshes import CONTRACT, MESH, read_spec
from tests.strategies import specs

ELSEWHERE = "222233334444"
PROD = Environment(
    prefix="acme-mesh-prod",
    account=ELSEWHERE,
    region="eu-west-1",
    deployer=f"arn:aws:iam::{ELSEWHERE}:role/mesh-deployer",
)
STRANGER = "999988887777"
ENVIRONMENTS = ("dev", "prod")


def resolved(spec: Spec, environment: str) -> Mapping[str, ResolvedRole]:
    return resolve_roles(spec, environment, Names(spec.mesh.environments[environment]))


def made(spec: Spec, environment: str) -> dict[str, str]:
    """The ARNs of the roles that an environment makes, by name."""
    return {role.name: role.principals[0] for role in resolved(spec, environment).values() if role.made}


def with_roles(spec: Spec, roles: Mapping[str, Role]) -> Spec:
    return replace(spec, mesh=spec.mesh.model_copy(update={"roles": {**spec.mesh.roles, **roles}}))


@st.composite
def webs(draw: st.DrawFn) -> Spec:
    """A mesh of two environments with roles that trust, and are, roles of both."""
    spec = draw(specs())
    mesh = spec.mesh.model_copy(update={"environments": {**spec.mesh.environments, "prod": PROD}})
    spec = replace(spec, mesh=mesh)
    arns = sorted({arn for environment in ENVIRONMENTS for arn in made(spec, environment).values()} or {PROD.deployer})
    some = st.lists(st.sampled_from(arns), max_size=2, unique=True).map(tuple)
    roles = {}
    for name, role in spec.mesh.roles.items():
        trust = {environment: named for environment in ENVIRONMENTS if (named := draw(some))}
        principals = {**role.principals, "dev": (arn,)} if (arn := draw(st.sampled_from(["", "", *arns]))) else None
        roles[name] = role.model_copy(update={"trust": trust, "principals": principals or role.principals})
    return with_roles(spec, roles)


@st.composite
def widened(draw: st.DrawFn) -> tuple[Spec, Spec, str]:
    """A mesh, the same with a stranger let into one of its roles, and the role's ARN; the same mesh twice for none."""
    base = draw(webs())
    places = [(env, name) for env in ENVIRONMENTS for name in made(base, env) if name in base.mesh.roles]
    if not places:
        return base, base, ""
    environment, name = draw(st.sampled_from(places))
    role = base.mesh.roles[name]
    own = role.trust.get(environment, (base.mesh.environments[environment].account,))
    wider = role.model_copy(update={"trust": {**role.trust, environment: (*own, STRANGER)}})
    return base, with_roles(base, {name: wider}), made(base, environment)[name]


def may_become(spec: Spec, first: str) -> set[str]:
    """The roles that one may become who is ``first``, by their ARNs: by what trust policies name."""
    trusts = {
        role.principals[0]: trusted_by(role.role, env, Names(spec.mesh.environments[env]).account).aws
        for env in ENVIRONMENTS
        for role in resolved(spec, env).values()
        if role.made
    }
    found = {first}
    while more := {arn for arn, named in trusts.items() if not found.isdisjoint(named)} - found:
        found |= more
    return found


def reads(spec: Spec, environment: str) -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """Principal, dataset, version and columns, by the evaluator."""
    manifest = build_manifest(spec, environment)
    access = evaluate(lake_state(manifest))
    for domain in manifest.domains:
        for dataset in domain.datasets:
            readers = access.tables[Table(domain.account, dataset.database, dataset.table)].readers
            for arn, reader in readers.items():
                yield arn, dataset.dataset, dataset.version, frozenset(reader.columns)


@given(widened())
@settings(max_examples=80, deadline=None)
def test_a_stranger_who_may_become_a_reader_is_told(meshes: tuple[Spec, Spec, str]) -> None:
    base, head, opened = meshes
    told: dict[tuple[str, str], set[str]] = {}
    for change in access_changes(base, head):
        told.setdefault((change.dataset, change.version), set()).update(change.gained)
        assert STRANGER in change.message
    expected: dict[tuple[str, str], set[str]] = {}
    within = may_become(head, opened)
    for environment in ENVIRONMENTS:
        for arn, dataset, version, columns in reads(head, environment):
            if arn in within and columns:
                expected.setdefault((dataset, version), set()).update(columns)
    assert told == expected


@given(webs(), webs())
@settings(max_examples=30, deadline=None)
def test_the_way_back_mirrors_the_way_there(one: Spec, other: Spec) -> None:
    there, back = access_changes(one, other), access_changes(other, one)
    assert {(c.role, c.domain, c.dataset, _major(c), frozenset(c.gained), frozenset(c.lost)) for c in there} == {
        (c.role, c.domain, c.dataset, _major(c), frozenset(c.lost), frozenset(c.gained)) for c in back
    }


def _major(change: AccessChange) -> str:
    return change.version.removeprefix("v").partition(".")[0]


@given(webs())
@settings(max_examples=20, deadline=None)
def test_nothing_changes_between_a_web_and_itself(spec: Spec) -> None:
    assert access_changes(spec, spec) == ()


def test_of_many_ways_the_worst_are_told(tmp_path: Path) -> None:
    def web(linked: Collection[int]) -> str:
        """A mesh.yaml with twenty roles, of which some trust the next one."""
        arn = "arn:aws:iam::111122223333:role/acme-dev-r{:02d}"
        said = {number: f'trust: ["{arn.format(number + 1)}"]' for number in linked}
        return f"{MESH}roles:\n" + "".join(f"  r{n:02d}: {{{said.get(n, '')}}}\n" for n in range(20))

    contract = {"contracts/sales/orders.yaml": CONTRACT.replace("marketing", "r00")}
    base = read_spec(tmp_path / "base", {"mesh.yaml": web([n for n in range(19) if n != 5]), **contract})
    head = read_spec(tmp_path / "head", {"mesh.yaml": web(range(19)), **contract})
    (change,) = access_changes(base, head)
    assert change.message.count(";") < 20
    assert change.message.endswith("more reasons")
