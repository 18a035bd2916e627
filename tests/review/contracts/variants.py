"""Meshes made up by hypothesis that are variants of each other: few names, so that much is on both sides."""

from __future__ import annotations

from hypothesis import strategies as st

from mesh_infra.spec.model import (
    AccessEntry,
    Classification,
    Column,
    Consumed,
    Contract,
    Domain,
    Environment,
    Mesh,
    Permission,
    Sla,
    Spec,
    Status,
)
from mesh_infra.spec.source import Source
from mesh_infra.spec.types import STRING, parse_type, struct_of
from tests.strategies import formats_for, projected

_NAMES = ("amount", "email", "email_address", "net_amount", "note")
_TYPES = (
    "int",
    "bigint",
    "string",
    "varchar(10)",
    "decimal(10,2)",
    "decimal(12,2)",
    "uuid",
    "array<int>",
    "array<bigint>",
)

_flags = st.sampled_from((False, False, True))
_classes = st.sampled_from((None, None, "internal", "restricted"))
_texts = st.sampled_from(("", "In EUR", "Where it goes"))


@st.composite
def _parts(draw: st.DrawFn, name: str) -> Column:
    return Column(
        name=name,
        type=parse_type(draw(st.sampled_from(_TYPES)) if draw(_flags) else "string"),
        description=draw(_texts),
        required=draw(_flags),
        pii=draw(st.sampled_from((None, False, True))),
        classification=draw(_classes),
        tags=draw(st.sampled_from(((), ("text",)))),
    )


@st.composite
def _columns(draw: st.DrawFn, name: str) -> Column:
    part = draw(_parts(name))
    return part.model_copy(update={"unique": draw(_flags), "primary_key": draw(_flags)})


@st.composite
def _structs(draw: st.DrawFn) -> Column:
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=1, unique=True))
    fields = tuple(draw(_parts(name)) for name in names)
    return Column(name="customer", type=struct_of([(field.name, field.type) for field in fields]), fields=fields)


@st.composite
def _schemas(draw: st.DrawFn) -> tuple[Column, ...]:
    names = draw(st.permutations(_NAMES)) if draw(_flags) else _NAMES
    columns = [draw(_columns(name)) for name in names if draw(st.booleans())]
    if draw(st.booleans()):
        columns.insert(draw(st.integers(0, len(columns))), draw(_structs()))
    return (Column(name="id", type=STRING, required=True), *columns)


_SLAS = (Sla(), Sla(freshness="1 hour"), Sla(freshness="60 minutes"), Sla(freshness="2 days", quality="99%"))


@st.composite
def _contracts(draw: st.DrawFn, domain: str, dataset: str, major: int) -> Contract:
    columns = draw(_schemas())
    keys = [column.name for column in columns[1:] if column.type.primitive]
    roles = draw(st.lists(st.sampled_from(("analyst", "auditor")), unique=True))
    contract = Contract(
        domain=domain,
        dataset=dataset,
        version=draw(st.sampled_from((f"v{major}", f"{major}.0.0", f"{major}.1.0", f"{major}.1.0-rc.1"))),
        owner=draw(st.sampled_from(("team-a@company.com", "team-b@company.com"))),
        status=draw(st.sampled_from((Status.ACTIVE, Status.ACTIVE, Status.DRAFT, Status.RETIRED, Status.DEPRECATED))),
        title=draw(_texts),
        description=draw(_texts),
        columns=columns,
        partition_by=tuple(draw(st.lists(st.sampled_from(keys), unique=True, max_size=2))) if keys else (),
        retention_days=draw(st.sampled_from((None, 30, 365))),
        access_policy=tuple(
            AccessEntry(role=role, permission=draw(st.sampled_from(Permission)), purpose=draw(_texts)) for role in roles
        ),
        consumes=draw(st.sampled_from(((), (Consumed(dataset="parcels"),)))) if dataset == "orders" else (),
        sla=draw(st.sampled_from(_SLAS)),
        tags=draw(st.sampled_from(((), ("core",)))),
        billing=draw(st.sampled_from(({}, {"cost_center": "s1"}))),
        api_endpoint=draw(_texts),
        source=Source(f"contracts/{domain}/{dataset}.v{major}.yaml", ""),
    )
    return draw(projected(draw(formats_for(contract))))


@st.composite
def variants(draw: st.DrawFn) -> Spec:
    """A mesh of two domains and one to three contracts; any two of them are BASE and HEAD of a change."""
    keys = st.tuples(st.sampled_from(("sales", "web")), st.sampled_from(("orders", "parcels")), st.sampled_from((1, 2)))
    mesh = Mesh(
        organization="acme",
        environments={
            "dev": Environment(
                prefix="acme",
                account="111122223333",
                region="eu-west-1",
                deployer="arn:aws:iam::111122223333:role/deployer",
            )
        },
        classifications={
            "internal": Classification(sensitive=draw(st.booleans())),
            "restricted": Classification(sensitive=True),
        },
        source=Source("mesh.yaml", ""),
    )
    domains = tuple(
        Domain(domain=name, owner="team-a@company.com", source=Source(f"domains/{name}.yaml", ""))
        for name in ("sales", "web")
    )
    found = {("sales", "orders", 1), *draw(st.lists(keys, max_size=2))}
    return Spec(mesh, domains, tuple(draw(_contracts(*key)) for key in sorted(found)))
