"""(spec, environment, scope) → Manifest: pure, without AWS, Pulumi or a clock."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from mesh_infra.aws import lakeformation as lf
from mesh_infra.aws import policies
from mesh_infra.aws.names import bucket_arn
from mesh_infra.aws.policies import KeyArn, QueryResults
from mesh_infra.manifest.datasets import Columns, Surroundings, build_dataset, rebuild_dataset
from mesh_infra.manifest.environments import LOCAL, find_environment
from mesh_infra.manifest.model import (
    Expiry,
    Manifest,
    ManifestDataset,
    ManifestDomain,
    ManifestGrant,
    ManifestRole,
    Platform,
)
from mesh_infra.manifest.names import Names
from mesh_infra.manifest.origin import Origin
from mesh_infra.manifest.roles import ResolvedRole, principal_name, resolve_roles, trusted_by
from mesh_infra.spec.model import Contract, Domain, Spec, bare_contract, producer_of
from mesh_infra.spec.outline import Outline

RESULTS_RETENTION_DAYS = 30
"""How long query results are kept: they are copies of data that Lake Formation no longer guards."""

PLATFORM = "platform"
"""The scope, and the stack, that holds what the domains share; no domain can be called so."""


@dataclass(frozen=True, slots=True)
class Built:
    """What is built already, for the next manifest to share; contracts by their identity.

    ``columns`` are the same for all environments of both sides of a review, ``datasets`` for one environment with its
    names and roles, whatever is sensitive.
    """

    columns: Columns = field(default_factory=dict)
    datasets: dict[int, tuple[Contract, ManifestDataset]] = field(default_factory=dict)


def build_manifest(
    spec: Spec, environment: str, scope: str | Collection[str] | None = None, built: Built | None = None
) -> Manifest:
    """The manifest of ``environment``.

    ``scope`` None is the whole of it, ``"platform"`` what the domains share, a domain's name that domain alone; or
    several of these. Raises ``UsageError`` where the environment is unknown; ``scope`` must exist. What stands in
    ``built`` is not built again, and what is built is added to it. A dataset that ``spec`` knows in outline has no
    columns here, and what is said of the domain as a whole counts it.
    """
    built = built or Built()
    parts = {scope} if isinstance(scope, str) else scope
    settings = find_environment(spec.mesh, environment)
    names = Names(settings)
    roles = resolve_roles(spec, environment, names)
    around = Surroundings(
        names=names,
        roles=roles,
        made={names.account.role(role.iam_role): role.name for role in roles.values()},
        classifications=spec.mesh.classifications,
        columns=built.columns,
    )
    contracts: dict[str, list[Contract]] = {}
    known = (*spec.contracts, *map(bare_contract, _others(spec, parts)))
    for contract in sorted(known, key=lambda contract: contract.key):
        contracts.setdefault(contract.domain, []).append(contract)
    return Manifest(
        organization=spec.mesh.organization,
        environment=environment,
        account=settings.account,
        region=settings.region,
        prefix=settings.prefix,
        deployer=settings.deployer,
        lake_formation_admins=tuple(sorted({settings.deployer, *settings.lake_formation_admins})),
        stacks=settings.stacks.value,
        disposable=environment == LOCAL,
        tags={"mesh:environment": environment, "mesh:organization": spec.mesh.organization},
        platform=_platform(environment, around) if parts is None or PLATFORM in parts else None,
        domains=tuple(
            _domain(
                domain, [_dataset(contract, around, built) for contract in contracts.get(domain.domain, ())], around
            )
            for domain in spec.domains
            if parts is None or domain.domain in parts
        ),
    )


def _others(spec: Spec, parts: Collection[str] | None) -> Iterator[Outline]:
    """The datasets of some domains that are known in outline: the domain's own resources hang on them too."""
    return (outline for outline in spec.others if parts is None or outline.domain in parts)


def _platform(environment: str, around: Surroundings) -> Platform:
    names = around.names
    return Platform(
        results_bucket=names.results_bucket(),
        results_bucket_policy=policies.results_bucket_policy(names.account, names.results_bucket()),
        results_key_alias=names.results_key_alias(),
        results_key_policy=policies.results_key_policy(names.account),
        results_retention_days=RESULTS_RETENTION_DAYS,
        roles=tuple(_role(role, environment, names) for role in around.roles.values()),
    )


def _role(role: ResolvedRole, environment: str, names: Names) -> ManifestRole:
    consumer = role.kind == "consumer"
    results = QueryResults(names.results_bucket(), f"{role.name}/", KeyArn(names.results_key_alias()))
    policy = trust = None
    if role.made:
        trust = policies.trust_policy(trusted_by(role.role, environment, names.account), names.account)
        policy = (
            policies.consumer_policy(names.account, names.database("*"), role.iam_role, results)
            if consumer
            else policies.producer_policy(names.account, names.database(role.domain))
        )
    return ManifestRole(
        name=role.name,
        kind=role.kind,
        domain=role.domain,
        description=role.role.description,
        principals=role.principals,
        iam_role=role.iam_role if role.made else "",
        trust_policy=trust,
        policy=policy,
        workgroup=role.iam_role if consumer else "",
        results=f"s3://{results.bucket}/{results.prefix}" if consumer else "",
        origin=role.origin,
    )


def _dataset(contract: Contract, around: Surroundings, built: Built) -> ManifestDataset:
    if id(contract) in built.datasets:
        return rebuild_dataset(built.datasets[id(contract)][1], contract, around)
    built.datasets[id(contract)] = (contract, build_dataset(contract, around))
    return built.datasets[id(contract)][1]


def _domain(domain: Domain, datasets: Sequence[ManifestDataset], around: Surroundings) -> ManifestDomain:
    names = around.names
    bucket = names.bucket(domain.domain)
    key = KeyArn(names.key_alias(domain.domain))
    registration_role = names.registration_role(domain.domain)
    registration = lf.Registration(bucket_arn(names.environment.region, bucket), names.account.role(registration_role))
    producer = around.roles[producer_of(domain.domain)]
    rescuers = tuple(sorted(names.environment.break_glass))
    writable = [dataset.prefix for dataset in datasets if dataset.status != "retired"]
    return ManifestDomain(
        name=domain.domain,
        owner=domain.owner,
        description=domain.description,
        account=names.environment.account,
        region=names.environment.region,
        bucket=bucket,
        bucket_policy=policies.domain_bucket_policy(
            names.account, bucket, sorted({registration.role_arn, *producer.principals, *rescuers})
        ),
        key_alias=key.alias,
        key_policy=policies.domain_key_policy(names.account, registration.role_arn, producer.principals, rescuers),
        database=names.database(domain.domain),
        registration=registration,
        registration_role=registration_role,
        registration_trust_policy=policies.registration_trust_policy(),
        registration_policy=policies.registration_policy(names.account, bucket, key),
        producer_data_policy=policies.producer_data_policy(names.account, bucket, writable, key)
        if producer.made and writable
        else None,
        producer_role=producer.iam_role,
        grants=_database_grants(domain.domain, datasets, around),
        expiring=tuple(
            Expiry(dataset.table, dataset.prefix, dataset.retention) for dataset in datasets if dataset.retention
        ),
        datasets=tuple(datasets),
        tags={**domain.tags, "mesh:domain": domain.domain, "mesh:owner": domain.owner},
        origin=Origin(domain.source.path, lambda: domain.source.value(("domain",)).line),
    )


def _database_grants(
    domain: str, datasets: Sequence[ManifestDataset], around: Surroundings
) -> tuple[ManifestGrant, ...]:
    """DESCRIBE on the database for everyone who may do anything with a table in it, once each."""
    database = lf.Database(around.names.environment.account, around.names.database(domain))
    found: dict[str, tuple[set[str], dict[Origin, None]]] = {}
    for dataset in datasets:
        for table_grant in dataset.grants:
            roles, origins = found.setdefault(table_grant.grant.principal, (set(), {}))
            roles.update(table_grant.roles)
            origins.update(dict.fromkeys(table_grant.origins))
    grants = [
        ManifestGrant(
            name=f"{domain}.{principal_name(principal, around.names.account, around.made)}",
            grant=lf.Grant(principal, database, lf.DATABASE_DESCRIBE),
            roles=tuple(sorted(roles)),
            origins=tuple(sorted(origins, key=lambda origin: origin.path)),
        )
        for principal, (roles, origins) in found.items()
    ]
    return tuple(sorted(grants, key=lambda grant: grant.name))
