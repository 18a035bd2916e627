"""The commands of the local AWS: what they are called with and what their help says."""

# ruff: noqa: PLC0415 - a command loads what it takes when it runs

from __future__ import annotations

from typing import Annotated

import typer

from mesh_infra.cli.options import Command, examples, help_alone
from mesh_infra.cli.root import OnlyCommands

commands = typer.Typer(rich_markup_mode=None)
local = typer.Typer(
    cls=OnlyCommands,
    help="A local AWS, and the real Pulumi CLI on it.",
    epilog=examples("mesh local start", "mesh local exec -- pulumi up --yes", "mesh local stop"),
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
)
local.callback()(help_alone)


@local.command(cls=Command, epilog=examples("mesh local start"))
def start(ctx: typer.Context) -> int:
    """Start the local AWS in the background.

    It is empty, but for the roles that a deployment takes.
    """
    from mesh_infra.cli.local import start as run

    return run(ctx.obj)


@local.command(cls=Command, epilog=examples("mesh local stop"))
def stop(ctx: typer.Context) -> int:
    """Stop the local AWS. What was deployed there is gone, and so is its Pulumi state."""
    from mesh_infra.cli.local import stop as run

    return run(ctx.obj)


@local.command(cls=Command, epilog=examples("mesh local status", "mesh local status --format json"))
def status(ctx: typer.Context) -> int:
    """Say whether the local AWS runs.

    Exit code 1 where it does not.
    """
    from mesh_infra.cli.local import status as run

    return run(ctx.obj)


@local.command(cls=Command, epilog=examples("mesh local env", "mesh local env --format json"))
def env(ctx: typer.Context) -> int:
    """Print the local AWS's environment variables.

    For a shell: eval "$(mesh local env)". The local AWS is started where it does not run.
    """
    from mesh_infra.cli.local import env as run

    return run(ctx.obj)


@local.command(
    "exec",
    cls=Command,
    context_settings={"allow_interspersed_args": False},
    epilog=examples("mesh local exec -- pulumi preview", "mesh local exec -- pulumi up --yes"),
)
def exec_(
    ctx: typer.Context,
    command: Annotated[
        list[str], typer.Argument(metavar="CMD", help="The command and its arguments.", show_default=False)
    ],
    provider: Annotated[
        str,
        typer.Option(
            "--provider",
            metavar="stand-in|real",
            help="The pulumi-aws plugin: the one that comes with mesh-infra, or the real one where it is installed.",
        ),
    ] = "stand-in",
) -> int:
    """Run a command against the local AWS.

    In the mesh's root, with the environment of 'mesh local env'; its exit code is passed on. The local AWS is started
    where it does not run.
    """
    from mesh_infra.cli.local import exec_ as run

    return run(ctx.obj, command, provider)


commands.add_typer(local, name="local")
