"""The commands of `mesh`: what they are called with and what their help says.

What they do stands in a module each, imported when the command runs: `mesh --help` must not wait for pydantic or boto3.
"""

# ruff: noqa: PLC0415 - a command loads what it takes when it runs

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from mesh_infra.cli import authoring_commands, completion, exchange_commands, local_commands, review_commands
from mesh_infra.cli.call import Format
from mesh_infra.cli.options import Command, Dataset, command_with, examples, shared_options
from mesh_infra.cli.root import Root, root
from mesh_infra.errors import UsageError
from mesh_infra.spec.problems import quoted

app = typer.Typer(
    cls=Root,
    help="A data mesh on AWS, from a repository of domain and contract YAML.",
    epilog=examples("mesh check", "mesh show sales_orders --env dev", "mesh local exec -- pulumi up --yes"),
    invoke_without_command=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
commands = typer.Typer(rich_markup_mode=None)
app.callback()(shared_options)


AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="The day on which accepted findings are judged, such as 2031-12-31. Default: today, in UTC.",
    ),
]


def _day(written: str | None) -> date | None:
    """The day that ``--as-of`` names; raises ``UsageError`` where it is none."""
    if written is None:
        return None
    try:
        return datetime.strptime(written, "%Y-%m-%d").date()
    except ValueError:
        message = f"--as-of {quoted(written)} is no day"
        raise UsageError(message, "write year, month and day, such as 2031-12-31") from None


@commands.command(
    cls=command_with(Format.TEXT, Format.JSON, Format.SARIF, Format.GITHUB),
    epilog=examples(
        "mesh check",
        "mesh check contracts/sales mesh.yaml",
        "mesh check --as-of 2031-12-31",
        "mesh check --format sarif",
    ),
)
def check(
    ctx: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Report only what is wrong in these files and directories.", show_default=False),
    ] = None,
    as_of: AsOf = None,
) -> int:
    """Check the files of the mesh, and its rules.

    Everything that is wrong is said in one run, as path:line:column. Exit code 1 where there are errors.
    """
    from mesh_infra.cli.check import run

    return run(ctx.obj, tuple(paths or ()), _day(as_of))


@commands.command(
    cls=Command,
    epilog=examples(
        "mesh rules", "mesh rules pii-untagged", "mesh rules --accepted", "mesh rules pii-read --format json"
    ),
)
def rules(
    ctx: typer.Context,
    rule: Annotated[
        str | None,
        typer.Argument(metavar="[RULE]", help="Explain this one.", show_default=False, autocompletion=completion.rules),
    ] = None,
    accepted: Annotated[
        bool, typer.Option("--accepted", help="List the findings that contracts accept, and until when.")
    ] = False,
    as_of: AsOf = None,
) -> int:
    """List the rules that a mesh is checked by, or explain one.

    With the severities that mesh.yaml sets, and the organisation's own rules. Outside of a mesh: the built-in ones.
    """
    from mesh_infra.cli.rules import run, run_accepted

    if accepted:
        return run_accepted(ctx.obj, rule, _day(as_of))
    return run(ctx.obj, rule)


@commands.command("list", cls=Command, epilog=examples("mesh list", "mesh list --env local --format json"))
def list_(ctx: typer.Context) -> int:
    """List the datasets, and who reads them."""
    from mesh_infra.cli.datasets import run

    return run(ctx.obj)


@commands.command(
    cls=Command,
    epilog=examples(
        "mesh show sales_orders",
        "mesh show sales.sales_orders --role marketing",
        "mesh show sales_orders.v1 --env local --format json",
    ),
)
def show(
    ctx: typer.Context,
    dataset: Dataset,
    role: Annotated[
        str | None,
        typer.Option(
            "--role",
            metavar="ROLE",
            help="Say how this role queries it. Default: the first that may.",
            autocompletion=completion.roles,
        ),
    ] = None,
) -> int:
    """Show a dataset, and how to query it.

    Its contract, its table and location, who may read which columns, and for one role what to assume and what to run.
    """
    from mesh_infra.cli.show import run

    return run(ctx.obj, dataset, role)


@commands.command(
    cls=Command,
    epilog=examples(
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
            autocompletion=completion.scopes,
        ),
    ] = None,
) -> int:
    """Print what an environment has on AWS.

    Every name, column and grant, each with the line of YAML that asks for it, and in JSON the policies too: what
    'pulumi up' provisions.
    """
    from mesh_infra.cli.manifest import run

    return run(ctx.obj, scope)


@commands.command(cls=Command, epilog=examples("mesh bootstrap --env dev", "mesh bootstrap --env dev --yes"))
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


_Domains = Annotated[
    str | None,
    typer.Option(
        "--domains",
        metavar="A,B,…",
        help="Only these domains, where each has a stack of its own; 'platform' is what they share. Default: all.",
        autocompletion=completion.several_scopes,
    ),
]
_Parallel = Annotated[
    int | None,
    typer.Option(
        "--parallel", metavar="N", min=1, help="Stacks at work at a time. Default: one for each processor, 2 to 8."
    ),
]


@commands.command(cls=Command, epilog=examples("mesh preview --env dev", "mesh preview --domains sales,marketing"))
def preview(ctx: typer.Context, domains: _Domains = None, parallel: _Parallel = None) -> int:
    """Say what a deployment would change.

    Runs 'pulumi preview' on the stacks of the environment, several at a time. A stack that does not exist yet is made,
    empty. Exit code 1 where one of them fails; the others are previewed all the same.
    """
    from mesh_infra.cli.up import preview as run

    return run(ctx.obj, domains, parallel)


@commands.command(
    cls=Command,
    epilog=examples("mesh up --env local --yes", "mesh up --domains sales", "mesh up --yes --parallel 4 --format json"),
)
def up(
    ctx: typer.Context,
    domains: _Domains = None,
    parallel: _Parallel = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Deploy without a preview and without asking.")] = False,
) -> int:
    """Deploy an environment.

    Runs 'pulumi up' on its stacks: the platform first, then the domains, several at a time. It shows a preview and asks
    before it deploys. Exit code 1 where a stack fails; the other domains are deployed all the same.
    """
    from mesh_infra.cli.up import up as run

    return run(ctx.obj, domains, parallel, yes=yes)


@commands.command(cls=Command, epilog=examples("mesh recover --env dev", "mesh local exec -- mesh recover --yes"))
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


@commands.command(cls=Command, epilog=examples("mesh doctor", "mesh doctor --format json"))
def doctor(ctx: typer.Context) -> int:
    """Say what the local AWS has and lacks.

    What is missing comes with its remedy. Exit code 1 where something is.
    """
    from mesh_infra.cli.doctor import run

    return run(ctx.obj)


def mesh() -> TyperGroup:
    """The whole command line.

    A further command: ``@commands.command(cls=Command, …)`` above it, here or in the module of its kind, whose own
    ``commands`` are then named below. What it does stands in a module that it imports when it runs.
    """
    further = (review_commands, authoring_commands, exchange_commands, local_commands)
    return root(app, commands, *(module.commands for module in further))
