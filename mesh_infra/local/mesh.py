"""A mesh on its local AWS: what an account has before the first deployment, and the environment of its deployer.

A fresh local AWS is empty. On AWS the deployer's role, the roles that a mesh refers to and Lake Formation's settings
are there before anybody deploys; here they are made, as often as somebody asks, where they are not there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session as BotocoreSession

from mesh_infra.errors import LocalError, MeshInvalid
from mesh_infra.local import server
from mesh_infra.local.pulumi import Provider, ensure_home, ensure_stacks, environment, find_or_install
from mesh_infra.local.server import LocalAws
from mesh_infra.manifest.build import PLATFORM, build_manifest
from mesh_infra.manifest.environments import LOCAL, LOCAL_ACCOUNT, local_environment
from mesh_infra.manifest.model import Manifest
from mesh_infra.manifest.names import Names
from mesh_infra.manifest.roles import resolve_roles, trusted_by
from mesh_infra.manifest.stacks import stacks_of
from mesh_infra.resources.account import missing_settings, read_account, write_settings
from mesh_infra.spec.files import MeshFile, read_files
from mesh_infra.spec.model import Domain, Mesh, Spec
from mesh_infra.spec.organisation import read_domain, read_mesh
from mesh_infra.spec.reader import Reader
from mesh_infra.spec.yaml import load_mapping

ADMIN_ROLE = "mesh-local-admin"
"""Who bootstraps the local account; the deployer does not appoint itself."""

_SESSION_NAME = "mesh"

Tell = Callable[[str], None]
"""Is told in one line what takes its time."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A local AWS that is ready for a deployment, and the environment variables of whoever deploys to it."""

    aws: LocalAws
    environment: Mapping[str, str]


def start(root: Path, tell: Tell) -> LocalAws:
    """The local AWS of the mesh at ``root``, running, ready for its deployer, with a Pulumi CLI to deploy by.

    Raises ``UsageError`` where there is no mesh, ``LocalError`` where the server or the CLI cannot be had.
    """
    spec = _organisation(root)
    find_or_install(tell)
    tell("starting the local AWS")
    aws = server.start(root)
    _furnish(aws.endpoint, spec)
    return aws


def prepare(root: Path, tell: Tell, provider: Provider = Provider.STAND_IN) -> Prepared:
    """As ``start``, with the environment in which commands run against it: the deployer's credentials, its stack.

    Raises what ``start`` raises, and ``UsageError`` where the mesh is no Pulumi project.
    """
    spec = _organisation(root)
    cli = find_or_install(tell)
    tell("starting the local AWS")
    aws = server.start(root)
    credentials = _furnish(aws.endpoint, spec)
    region = local_environment(spec.mesh).region
    stacks = [stack.name for stack in stacks_of(spec, LOCAL)]
    ours = {"MESH_ENV": LOCAL, "PULUMI_STACK": stacks[0]}
    variables = environment(root, aws.endpoint, cli, credentials, region) | ours
    tell("preparing Pulumi")
    ensure_home(root, provider)
    ensure_stacks(root, variables, stacks)
    return Prepared(aws, variables)


def _organisation(root: Path) -> Spec:
    """The mesh and its domains, as far as they can be read, without contracts.

    Commands such as ``pulumi destroy`` must work while a file has an error.
    Raises ``MeshInvalid`` where mesh.yaml cannot be read at all.
    """
    files = read_files(root)
    if files.mesh is None:
        raise MeshInvalid(tuple(files.findings))
    mesh_reader = Reader(files.mesh, "mesh")
    mesh = read_mesh(mesh_reader, load_mapping(files.mesh)[0] or {})
    if mesh_reader.findings:
        return Spec(Mesh(organization=mesh.organization, environments={}, source=files.mesh), (), ())
    domains = (_domain(file, mesh) for file in files.domains)
    return Spec(mesh, tuple(domain for domain in domains if domain is not None), ())


def _domain(file: MeshFile, mesh: Mesh) -> Domain | None:
    data = load_mapping(file.source)[0] if file.source else None
    if file.source is None or data is None:
        return None
    reader = Reader(file.source, "domain")
    domain = read_domain(reader, data, file.stem, mesh)
    return None if reader.findings else domain


def _furnish(endpoint: str, spec: Spec) -> dict[str, str]:
    """Make what the account lacks, and return the deployer's credentials as environment variables."""
    settings = local_environment(spec.mesh)
    root = _LocalSession(endpoint, settings.region, {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"})
    admin = Names(settings).account.role(ADMIN_ROLE)
    try:
        for arn in sorted({admin, settings.deployer, *_referenced(spec)}):
            _make_principal(root, arn)
        admin_session = _LocalSession(endpoint, settings.region, _assume(root, admin))
        _set_up(admin_session, build_manifest(Spec(spec.mesh, (), ()), LOCAL, PLATFORM))
        return _assume(root, settings.deployer)
    except (BotoCoreError, ClientError) as error:
        raise LocalError(f"the local AWS cannot be set up: {error}", "'mesh local stop' ends it") from error


def _referenced(spec: Spec) -> Iterator[str]:
    """The principals of the local account that must exist before a deployment: those of roles, and those they trust.

    IAM refuses a trust policy that names a role or user which is not there, Lake Formation a grant to one.
    """
    names = Names(local_environment(spec.mesh))
    roles = resolve_roles(spec, LOCAL, names).values()
    ours = {names.account.role(role.iam_role) for role in roles if role.made}
    for role in roles:
        arns = trusted_by(role.role, LOCAL, names.account).aws if role.made else role.principals
        for arn in arns:
            _, _, _, _, account, resource = arn.split(":", 5)
            if account == LOCAL_ACCOUNT and resource != "root" and arn not in ours:
                yield arn


def _make_principal(session: boto3.Session, arn: str) -> None:
    """An IAM role or user by its ARN (IAM, "IAM identifiers": the path stands between the type and the name)."""
    kind, _, rest = arn.split(":", 5)[5].partition("/")
    path, _, name = rest.rpartition("/")
    path = f"/{path}/" if path else "/"
    iam = session.client("iam")
    with suppress(iam.exceptions.EntityAlreadyExistsException):
        if kind == "user":
            iam.create_user(UserName=name, Path=path)
        else:
            iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=json.dumps(_trust(arn)))


def _trust(arn: str) -> Mapping[str, Any]:
    partition, account = arn.split(":")[1], arn.split(":")[4]
    root = f"arn:{partition}:iam::{account}:root"
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"}],
    }


def _set_up(session: boto3.Session, manifest: Manifest) -> None:
    state = read_account(session, manifest)
    if missing_settings(state, manifest):
        write_settings(session, state, manifest)


def _assume(session: boto3.Session, role: str) -> dict[str, str]:
    answer = session.client("sts").assume_role(RoleArn=role, RoleSessionName=_SESSION_NAME)["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": answer["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": answer["SecretAccessKey"],
        "AWS_SESSION_TOKEN": answer["SessionToken"],
    }


class _LocalSession(boto3.Session):  # type: ignore[misc] # boto3 ships no types
    """A session that reaches the local AWS alone: the user's profiles, files and proxies do not count."""

    def __init__(self, endpoint: str, region: str, credentials: Mapping[str, str]) -> None:
        nothing = (None, None, os.devnull, None)
        variables = {"profile": (None, None, None, None), "config_file": nothing, "credentials_file": nothing}
        super().__init__(
            botocore_session=BotocoreSession(variables),
            region_name=region,
            aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=credentials.get("AWS_SESSION_TOKEN"),
        )
        self._endpoint = endpoint

    def client(self, service_name: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        """A client of the local AWS."""
        config = Config(proxies={}, retries={"total_max_attempts": 2, "mode": "standard"})
        return super().client(service_name, endpoint_url=self._endpoint, config=config)
