"""`mesh bootstrap`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict

import boto3
import typer
from botocore.exceptions import BotoCoreError

from mesh_infra.cli.call import Call
from mesh_infra.cli.output import DOUBTFUL, GOOD, Line
from mesh_infra.cli.table import Column, table, wrapped
from mesh_infra.errors import AccountNotReady, UsageError
from mesh_infra.manifest.model import Manifest
from mesh_infra.resources.account import AccountState, SettingChange, missing_settings, read_account, write_settings
from mesh_infra.resources.estate import OpenDatabase, open_databases

_COLUMNS = (Column("setting"), Column("now", below=True), Column("wanted", below=True))

_DEFAULTS_WARNING = (
    "Clearing the default permissions changes what crawlers and jobs of this account make from now on: Lake Formation "
    "alone then says who reads their new databases and tables, where IAM said it before. Grant their readers what they "
    "need first."
)


def run(call: Call, *, yes: bool) -> int:
    """Show what the environment's account lacks and, once confirmed, write it.

    Returns 1 where the answer is no. Raises ``UsageError`` where there is nobody to ask.
    """
    manifest = call.manifest(call.spec())
    session = _session(manifest.region)
    state = read_account(session, manifest)
    changes = missing_settings(state, manifest)
    databases = open_databases(session, manifest.account)
    if not call.json:
        call.output.lines(_text(manifest, state, changes, databases, call.output.width))
    nobody_to_ask = call.json or not sys.stdin.isatty()
    written = bool(changes) and (yes or (not nobody_to_ask and typer.confirm("Write these settings?", err=True)))
    if written:
        write_settings(session, state, manifest)
        call.output.note(("written", GOOD), f": '{manifest.environment}' is ready for its deployer")
    if call.json:
        call.output.json(_document(manifest, state, changes, databases, written=written))
    if not changes or written:
        return 0
    if nobody_to_ask:
        raise UsageError("nothing was written: there is nobody to ask", "read what would change, then give --yes")
    return 1


def _session(region: str) -> boto3.Session:
    try:
        return boto3.Session(region_name=region)
    except BotoCoreError as error:
        raise AccountNotReady(f"the AWS credentials cannot be used: {error}") from None


def _text(
    manifest: Manifest,
    state: AccountState,
    changes: tuple[SettingChange, ...],
    databases: tuple[OpenDatabase, ...],
    width: int | None,
) -> Iterator[Line]:
    yield (f"account {state.account}, {manifest.region}, environment {manifest.environment}, as {state.caller}",)
    yield ()
    if changes:
        yield from table(_COLUMNS, [(change.setting, change.now, change.wanted) for change in changes], width)
    else:
        yield ("nothing to change: Lake Formation is set up",)
    warnings = []
    if any(
        state.settings.get(field) for field in ("CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions")
    ):
        warnings.append(_DEFAULTS_WARNING)
    if databases:
        warnings.append(
            "These databases stay as they are, open to everybody whom IAM lets in (IAMAllowedPrincipals); "
            "revoke that where they should be governed:"
        )
    for warning in warnings:
        yield ()
        yield from (((line, DOUBTFUL),) for line in wrapped(warning, width))
    for database in databases:
        what = [words for words, open_ in _openings(database) if open_]
        yield (f"  {database.name} ({' and '.join(what)})",)


def _openings(database: OpenDatabase) -> tuple[tuple[str, bool], ...]:
    return ("the database itself", database.itself), ("tables made in it", database.new_tables)


def _document(
    manifest: Manifest,
    state: AccountState,
    changes: tuple[SettingChange, ...],
    databases: tuple[OpenDatabase, ...],
    *,
    written: bool,
) -> dict[str, object]:
    return {
        "environment": manifest.environment,
        "account": state.account,
        "caller": state.caller,
        "changes": [asdict(change) for change in changes],
        "open_databases": [asdict(database) for database in databases],
        "written": written,
    }
