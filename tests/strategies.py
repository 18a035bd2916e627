"""Meshes made up by hypothesis: valid ones, as the loader would have read them from files."""

from __future__ import annotations

from hypothesis import strategies as st

from mesh_infra.spec.format_types import refused_types
from mesh_infra.spec.model import (
    TABLE_FORMATS,
    AccessEntry,
    Classification,
    Column,
    Consumed,
    Contract,
    Csv,
    DateProjection,
    Domain,
    EnumProjection,
    Environment,
    Format,
    IntegerProjection,
    Mesh,
    Permission,
    Projection,
    Role,
    Spec,
    Stacks,
    Status,
    producer_of,
)
from mesh_infra.spec.source import Source
from mesh_infra.spec.types import STRING, array_of, map_of, parse_type, struct_of

ACCOUNT = "111122223333"

CLASSIFICATIONS = {
    "internal": Classification(sensitive=False),
    "restricted": Classification(sensitive=True),
}

_DOMAINS = ("ops", "sales", "web_shop")
_MESH_ROLES = ("analyst", "auditor", "partner")
_DATASETS = ("orders", "parcels", "visits")
_PLAIN_TYPES = ("bigint", "boolean", "date", "decimal(10,2)", "json", "string", "timestamp", "varchar(20)")
_NESTED_TYPES = ("array<int>", "map<string,double>", "struct<a:string,b:array<int>>")


def _arn(role: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{role}"


# Consumers and producers have principals of their own: one that is producer and masked reader is no valid mesh.
_CONSUMERS = (_arn("sso-data"), _arn("sso-finance"), "arn:aws:iam::444455556666:role/partner")
_PRODUCERS = (_arn("etl"), _arn("loader"))

_personal = st.sampled_from((None, False, True))
_classes = st.sampled_from((None, None, "internal", "restricted"))


def _parts(name: str) -> st.SearchStrategy[Column]:
    """A field, an element, a key or a value."""
    return st.builds(Column, name=st.just(name), type=st.just(STRING), pii=_personal, classification=_classes)


def _plain(name: str) -> st.SearchStrategy[Column]:
    return st.builds(
        Column,
        name=st.just(name),
        type=st.sampled_from(_PLAIN_TYPES).map(parse_type),
        required=st.booleans(),
        pii=_personal,
        classification=_classes,
    )


def _nested(name: str) -> st.SearchStrategy[Column]:
    """A column with a nested type, as text or with its parts written as YAML."""
    text = st.builds(Column, name=st.just(name), type=st.sampled_from(_NESTED_TYPES).map(parse_type), pii=_personal)
    struct = st.lists(st.sampled_from(("a", "b", "c")), min_size=1, unique=True).flatmap(
        lambda names: st.tuples(*(_parts(field) for field in names)).map(
            lambda fields: Column(name=name, type=struct_of([(f.name, f.type) for f in fields]), fields=fields)
        )
    )
    array = _parts("items").map(lambda items: Column(name=name, type=array_of(items.type), items=items))
    mapping = st.tuples(_parts("key"), _parts("value")).map(
        lambda parts: Column(name=name, type=map_of(parts[0].type, parts[1].type), key=parts[0], value=parts[1])
    )
    return st.one_of(text, struct, array, mapping)


@st.composite
def columns(draw: st.DrawFn) -> tuple[Column, ...]:
    """A schema: the first column hides nothing, so that everybody can be shown something."""
    count = draw(st.integers(1, 5))
    first = Column(name="id", type=STRING, required=True, pii=False)
    return (first, *(draw(st.one_of(_plain(f"c{index}"), _nested(f"c{index}"))) for index in range(count)))


PROJECTIONS: dict[str, tuple[Projection, ...]] = {
    "date": (
        DateProjection(type="date", range=("2024-01-01", "NOW")),
        DateProjection(type="date", range=("NOW-1YEAR", "NOW")),
    ),
    "bigint": (
        IntegerProjection(type="integer", range=(0, 9)),
        IntegerProjection(type="integer", range=(0, 23), digits=2),
    ),
    "string": (EnumProjection(type="enum", values=("eu",)), EnumProjection(type="enum", values=("eu", "us"))),
}
"""Some for each type of column that partitions can be projected of."""

_SETTINGS = (None, Csv(), Csv(delimiter="\t", header=True), Csv(delimiter=";", quote='"'))


def formats_for(contract: Contract) -> st.SearchStrategy[Contract]:
    """The contract in each of the formats that have all of its types, csv with settings of many kinds."""
    plain = [contract.model_copy(update={"format": format_}) for format_ in Format if format_ is not Format.CSV]
    masked = any(entry.permission is Permission.READ_MASKED for entry in contract.access_policy)
    settings = [one for one in _SETTINGS if not masked or (one and one.quote)]  # else the rule masked-csv may be broken
    csv = [contract.model_copy(update={"format": Format.CSV, "csv": one}) for one in settings]
    return st.sampled_from([one for one in (*plain, *csv) if not list(refused_types(one))])


@st.composite
def projected(draw: st.DrawFn, contract: Contract) -> Contract:
    """The contract, maybe with its partitions projected where that can be."""
    columns = {column.name: column for column in contract.columns}
    kinds = [columns[name].type.name for name in contract.partition_by]
    masked = any(entry.permission is Permission.READ_MASKED for entry in contract.access_policy)
    possible = not masked and contract.format not in TABLE_FORMATS and all(kind in PROJECTIONS for kind in kinds)
    if not possible or not draw(st.booleans()):
        return contract
    projection = {
        name: draw(st.sampled_from(PROJECTIONS[kind])) for name, kind in zip(contract.partition_by, kinds, strict=True)
    }
    return contract.model_copy(update={"projection": projection})


@st.composite
def contracts(draw: st.DrawFn, domain: str, dataset: str, major: int, readers: tuple[str, ...]) -> Contract:
    """A contract that roles of ``readers`` may read."""
    schema = draw(columns())
    keys = [c.name for c in schema[1:] if c.type.primitive and not c.is_sensitive(CLASSIFICATIONS)]
    roles = draw(st.lists(st.sampled_from(readers), unique=True, max_size=6))
    version = draw(st.sampled_from((f"v{major}", f"{major}.2.0")))
    contract = Contract(
        domain=domain,
        dataset=dataset,
        version=version,
        owner=f"team-{domain}@company.com",
        status=draw(st.sampled_from((Status.ACTIVE, Status.ACTIVE, Status.DEPRECATED, Status.DRAFT, Status.RETIRED))),
        columns=schema,
        partition_by=tuple(draw(st.lists(st.sampled_from(keys), unique=True, max_size=2))) if keys else (),
        retention_days=draw(st.sampled_from((None, 30, 2555))),
        access_policy=tuple(
            AccessEntry(role=role, permission=draw(st.sampled_from((Permission.READ, Permission.READ_MASKED))))
            for role in roles
        ),
        source=Source(f"contracts/{domain}/{dataset}.v{major}.yaml", ""),
    )
    return draw(projected(draw(formats_for(contract))))


def _roles(arns: tuple[str, ...]) -> st.SearchStrategy[Role]:
    """A role that we make, or one or two of ``arns`` in all environments or in ``dev`` alone."""
    principals = st.lists(st.sampled_from(arns), min_size=1, max_size=2, unique=True).map(tuple)
    referenced = st.tuples(st.sampled_from(("*", "dev")), principals).map(lambda pair: dict((pair,)))
    return st.builds(Role, principals=st.one_of(st.just({}), referenced, referenced))


_consumer = _roles(_CONSUMERS)
_producer = _roles(_PRODUCERS)


@st.composite
def _domains(draw: st.DrawFn, domain: str) -> Domain:
    """A domain, with its implicit roles as they are or declared again, and maybe one more."""
    declarable = {
        domain: _consumer,
        producer_of(domain): _producer,
        f"{domain}_lead": _consumer,
    }
    names = draw(st.lists(st.sampled_from(sorted(declarable)), unique=True))
    return Domain(
        domain=domain,
        owner=f"team-{domain}@company.com",
        roles={name: draw(declarable[name]) for name in names},
        source=Source(f"domains/{domain}.yaml", ""),
    )


@st.composite
def _meshes(draw: st.DrawFn) -> Mesh:
    return Mesh(
        organization="acme",
        environments={
            "dev": Environment(
                prefix="acme-mesh-dev",
                account=ACCOUNT,
                region="eu-west-1",
                deployer=_arn("mesh-deployer"),
                lake_formation_admins=draw(st.sampled_from(((), (_arn("lake-admin"),)))),
                break_glass=draw(st.sampled_from(((), (_arn("incident-response"),)))),
                stacks=draw(st.sampled_from(Stacks)),
            )
        },
        roles={name: draw(_consumer) for name in draw(st.lists(st.sampled_from(_MESH_ROLES), min_size=1, unique=True))},
        classifications=CLASSIFICATIONS,
        source=Source("mesh.yaml", ""),
    )


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    """A whole mesh, without an error: domains, their contracts in one or two majors, and roles that share principals.

    Its environments are ``dev`` and, as in every mesh, ``local``.
    """
    mesh = draw(_meshes())
    names = sorted(draw(st.lists(st.sampled_from(_DOMAINS), min_size=1, unique=True)))
    domains = tuple(draw(_domains(name)) for name in names)
    readers = (*mesh.roles, *names, *(f"{d.domain}_lead" for d in domains if f"{d.domain}_lead" in d.roles))
    made: list[Contract] = []
    for domain in names:
        for noun in sorted(draw(st.lists(st.sampled_from(_DATASETS), max_size=2, unique=True))):
            for major in draw(st.sampled_from(((1,), (2,), (1, 2)))):
                contract = draw(contracts(domain, f"{domain}_{noun}", major, readers))
                sources = draw(st.lists(st.sampled_from(sorted({c.dataset for c in made})), max_size=1)) if made else []
                consumes = tuple(Consumed(dataset=name) for name in sources if name != contract.dataset)
                made.append(contract.model_copy(update={"consumes": consumes}))
    return Spec(mesh=mesh, domains=domains, contracts=tuple(made))
