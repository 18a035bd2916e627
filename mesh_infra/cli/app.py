"""The commands of `mesh`: what they are called with and what their help says.

What they do stands in a module each, imported when the command runs: `mesh --help` must not wait for pydantic or boto3.
"""

# ruff: noqa: PLC0415 - a command loads what it takes when it runs

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mesh_infra.cli.options import Command, help_alone, shared_options


def _examples(*lines: str) -> str:
    # \b keeps typer from running the lines together.
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


app = typer.Typer(
    help="A data mesh on AWS, from a repository of domain and contract YAML.",
    epilog=_examples("mesh check", "mesh show sales_orders --env dev", "mesh local exec -- pulumi up --yes"),
    add_completion=False,
    invoke_without_command=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
local = typer.Typer(
    help="A local AWS, and the real Pulumi CLI on it.",
    epilog=_examples("mesh local start", "mesh local exec -- pulumi up --yes", "mesh local stop"),
    invoke_without_command=True,
    rich_markup_mode=None,
)


app.callback()(shared_options)
local.callback()(help_alone)


@app.command(
    cls=Command, epilog=_examples("mesh check", "mesh check contracts/sales mesh.yaml", "mesh check --format json")
)
def check(
    ctx: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Report only what is wrong in these files and directories.", show_default=False),
    ] = None,
) -> int:
    """Check the files of the mesh, and its rules.

    Everything that is wrong is said in one run, as path:line:column. Exit code 1 where there are errors.
    """
    from mesh_infra.cli.check import run

    return run(ctx.obj, tuple(paths or ()))


@app.command("list", cls=Command, epilog=_examples("mesh list", "mesh list --env local --format json"))
def list_(ctx: typer.Context) -> int:
    """List the datasets, and who reads them."""
    from mesh_infra.cli.datasets import run

    return run(ctx.obj)


@app.command(
    cls=Command,
    epilog=_examples(
        "mesh show sales_orders",
        "mesh show sales.sales_orders --role marketing",
        "mesh show sales_orders.v1 --env local --format json",
    ),
)
def show(
    ctx: typer.Context,
    dataset: Annotated[
        str, typer.Argument(metavar="DATASET", help="Its name; with its domain or its version where that is needed.")
    ],
    role: Annotated[
        str | None,
        typer.Option("--role", metavar="ROLE", help="Say how this role queries it. Default: the first that may."),
    ] = None,
) -> int:
    """Show a dataset, and how to query it.

    Its contract, its table and location, who may read which columns, and for one role what to assume and what to run.
    """
    from mesh_infra.cli.show import run

    return run(ctx.obj, dataset, role)


@app.command(
    cls=Command,
    epilog=_examples(
        "mesh manifest --env dev", "mesh manifest --scope sales", "mesh manifest --scope platform --format json"
    ),
)
def manifest(
    ctx: typer.Context,
    scope: Annotated[
        str | None,
        typer.Option(
            "--scope",
            metavar="NAME",
            help="Only this domain, or 'platform' for what the domains share. Default: all of it.",
        ),
    ] = None,
) -> int:
    """Print what an environment has on AWS.

    Every name, column and grant, each with the line of YAML that asks for it, and in JSON the policies too: what
    'pulumi up' provisions.
    """
    from mesh_infra.cli.manifest import run

    return run(ctx.obj, scope)


@app.command(cls=Command, epilog=_examples("mesh bootstrap --env dev", "mesh bootstrap --env dev --yes"))
def bootstrap(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write the settings without asking.")] = False,
) -> int:
    """Set up Lake Formation in an AWS account.

    Once, before the first deployment. It reads the settings with the AWS credentials that the shell has, shows what it
    would change, and asks before it writes. Run it as a data lake administrator, or as an administrator of the account
    where there is none yet.
    """
    from mesh_infra.cli.bootstrap import run

    return run(ctx.obj, yes=yes)


@app.command(cls=Command, epilog=_examples("mesh recover --env dev", "mesh local exec -- mesh recover --yes"))
def recover(
    ctx: typer.Context,
    stack: Annotated[
        str | None, typer.Option("--stack", metavar="NAME", help="The Pulumi stack. Default: the selected one.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask whether the deployment has really ended.")
    ] = False,
) -> int:
    """Recover a stack whose 'pulumi up' died.

    Runs 'pulumi cancel', asks AWS which of the interrupted creations happened, takes those over into the state, forgets
    the others, and runs 'pulumi refresh'. Then 'pulumi up' goes on from there. It takes the deployer's credentials.
    """
    from mesh_infra.cli.recover import run

    return run(ctx.obj, stack, yes=yes)


@app.command(cls=Command, epilog=_examples("mesh doctor", "mesh doctor --format json"))
def doctor(ctx: typer.Context) -> int:
    """Say what the local AWS has and lacks.

    What is missing comes with its remedy. Exit code 1 where something is.
    """
    from mesh_infra.cli.doctor import run

    return run(ctx.obj)


@local.command(cls=Command, epilog=_examples("mesh local start"))
def start(ctx: typer.Context) -> int:
    """Start the local AWS in the background.

    It is empty, but for the roles that a deployment takes.
    """
    from mesh_infra.cli.local import start as run

    return run(ctx.obj)


@local.command(cls=Command, epilog=_examples("mesh local stop"))
def stop(ctx: typer.Context) -> int:
    """Stop the local AWS. What was deployed there is gone, and so is its Pulumi state."""
    from mesh_infra.cli.local import stop as run

    return run(ctx.obj)


@local.command(cls=Command, epilog=_examples("mesh local status", "mesh local status --format json"))
def status(ctx: typer.Context) -> int:
    """Say whether the local AWS runs.

    Exit code 1 where it does not.
    """
    from mesh_infra.cli.local import status as run

    return run(ctx.obj)


@local.command(cls=Command, epilog=_examples("mesh local env", "mesh local env --format json"))
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
    epilog=_examples("mesh local exec -- pulumi preview", "mesh local exec -- pulumi up --yes"),
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


app.add_typer(local, name="local")
