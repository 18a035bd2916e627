"""How a role queries a dataset: what to assume, the statement, and the commands that run it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from mesh_infra.manifest.model import ManifestDataset, ManifestRole

_ROWS = 10


@dataclass(frozen=True, slots=True)
class Query:
    """``assume``: the ARN to act as. ``commands`` are lines for a shell with the AWS CLI."""

    assume: str
    workgroup: str
    sql: str
    commands: tuple[str, ...]


def query_of(role: ManifestRole, dataset: ManifestDataset, columns: tuple[str, ...], region: str) -> Query:
    """A query of the columns that the role reads in clear; ``SELECT *`` would do for a person, not for a job."""
    assume = role.principals[0]
    table = f"{_quoted(dataset.database)}.{_quoted(dataset.table)}"
    sql = f"SELECT {', '.join(map(_quoted, columns))} FROM {table} LIMIT {_ROWS}"  # noqa: S608 - shown, not run
    return Query(assume, role.workgroup, sql, _commands(assume, role.workgroup, sql, region))


def _quoted(identifier: str) -> str:
    # Athena, "Reserved keywords": in SELECT statements identifiers stand in double quotes.
    return '"' + identifier.replace('"', '""') + '"'


def _commands(assume: str, workgroup: str, sql: str, region: str) -> tuple[str, ...]:
    setup: tuple[str, ...] = (f"export AWS_REGION={region}",)
    if ":role/" in assume:
        # AWS CLI, "Using an IAM role in the AWS CLI".
        setup = (
            f"aws configure set role_arn {shlex.quote(assume)} --profile {workgroup}",
            f"aws configure set source_profile default --profile {workgroup}",
            f"export AWS_PROFILE={workgroup} AWS_REGION={region}",
        )
    return (
        *setup,
        f"id=$(aws athena start-query-execution --work-group {workgroup} --query-string {shlex.quote(sql)}"
        " --query QueryExecutionId --output text)",
        'aws athena get-query-execution --query-execution-id "$id" --query QueryExecution.Status.State --output text',
        'aws athena get-query-results --query-execution-id "$id" --output table',
    )
