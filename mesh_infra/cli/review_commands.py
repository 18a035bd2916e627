"""The commands that compare two states of a mesh, or say who sees what: their arguments and their help."""

# ruff: noqa: PLC0415 - a command loads what it takes when it runs

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mesh_infra.cli import completion
from mesh_infra.cli.call import Format
from mesh_infra.cli.options import call_of, command_with, examples, group_with
from mesh_infra.review.model import Impact

commands = typer.Typer(rich_markup_mode=None)
access = typer.Typer(
    cls=group_with(Format.TEXT, Format.JSON, Format.MARKDOWN),
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    epilog=examples(
        "mesh access --dataset sales_orders",
        "mesh access --role marketing --column customer_email",
        "mesh access --env dev --format markdown",
        "mesh access why marketing sales_orders.customer_email",
    ),
)

Base = Annotated[
    str | None,
    typer.Argument(
        metavar="BASE",
        help="A revision: a branch, a tag or a commit. Default: where HEAD and the main branch parted.",
        show_default=False,
    ),
]
Head = Annotated[
    str | None,
    typer.Argument(metavar="HEAD", help="A revision. Default: the files as they are.", show_default=False),
]


@commands.command(
    cls=command_with(Format.TEXT, Format.MARKDOWN, Format.JSON, Format.SARIF, Format.GITHUB, of_one=False),
    epilog=examples(
        "mesh diff", "mesh diff HEAD", "mesh diff main HEAD --format markdown", "mesh diff HEAD --fail-on critical"
    ),
)
def diff(
    ctx: typer.Context,
    base: Base = None,
    head: Head = None,
    fail_on: Annotated[
        Impact | None,
        typer.Option(
            "--fail-on",
            help="Exit code 1 from this severity upwards. Losing data counts as critical, and so does what cannot be "
            "compared.",
        ),
    ] = None,
    preview: Annotated[
        list[Path] | None,
        typer.Option(
            "--preview",
            metavar="FILE",
            help="What 'pulumi preview --json' printed: taken in place of what is predicted for its stack. "
            "Can be given for several stacks.",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Show what a change does to the mesh.

    To contracts, to access, to infrastructure. Both sides are read from git; nothing asks AWS. Exit code 1 where HEAD
    has errors, or the change does what it may not.
    """
    from mesh_infra.cli.diff import run

    return run(ctx.obj, base, head, fail_on, tuple(preview or ()))


@commands.command(
    cls=command_with(Format.TEXT, Format.JSON, Format.GITHUB_MATRIX, of_one=False),
    epilog=examples(
        "mesh affected",
        "mesh affected HEAD~1 HEAD --format json",
        "mesh affected HEAD~1 --also-from HEAD",
        "mesh affected --all --format json",
    ),
)
def affected(
    ctx: typer.Context,
    base: Base = None,
    head: Head = None,
    every: Annotated[
        bool,
        typer.Option("--all", help="Every stack, changed or not; with BASE also those that only BASE has, to destroy."),
    ] = False,
    also_from: Annotated[
        list[str] | None,
        typer.Option(
            "--also-from",
            metavar="REVISION",
            help="Another BASE, such as a commit whose deployment failed halfway. Can be given several times.",
            show_default=False,
        ),
    ] = None,
) -> int:
    """List the stacks that a change touches, in deploy order.

    What has the same step can be deployed side by side. The format github-matrix is an array with a matrix for each
    step.
    """
    from mesh_infra.cli.affected import run

    return run(ctx.obj, base, head, also_from or (), every=every)


@commands.command(
    cls=command_with(Format.TEXT, Format.JSON, of_one=False),
    epilog=examples("mesh codeowners", "mesh codeowners --write"),
)
def codeowners(
    ctx: typer.Context,
    write: Annotated[bool, typer.Option("--write", help="Write the file in place of printing it.")] = False,
) -> int:
    """Print CODEOWNERS: who must approve which file.

    Made from 'github' in mesh.yaml and in the files of domains; what stands outside its section is kept.
    """
    from mesh_infra.cli.codeowners import run

    return run(ctx.obj, write=write)


@access.callback()
def who(
    ctx: typer.Context,
    role: Annotated[
        str | None,
        typer.Option("--role", metavar="ROLE", help="Only this role.", autocompletion=completion.roles),
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Option(
            "--dataset",
            metavar="DATASET",
            help="Only this dataset; with its domain or version if needed.",
            autocompletion=completion.datasets,
        ),
    ] = None,
    column: Annotated[str | None, typer.Option("--column", metavar="COLUMN", help="Only this column.")] = None,
) -> int:
    """Show who sees which column.

    As Lake Formation will decide it once the files are deployed as they stand, administrators and break-glass roles
    included. Nothing asks AWS.
    """
    if ctx.invoked_subcommand is not None:
        return 0
    from mesh_infra.cli.access import run

    return run(call_of(ctx), role, dataset, column)


@access.command(
    cls=command_with(Format.TEXT, Format.JSON, Format.MARKDOWN),
    epilog=examples(
        "mesh access why marketing sales_orders.customer_email",
        "mesh access why finance sales.sales_orders.v1.customer_email --format json",
    ),
)
def why(
    ctx: typer.Context,
    role: Annotated[
        str,
        typer.Argument(
            metavar="ROLE",
            help="A role of the mesh, or 'mesh-deployer' and the like.",
            autocompletion=completion.roles,
        ),
    ],
    column: Annotated[str, typer.Argument(metavar="DATASET.COLUMN", help="The dataset, and a column of it.")],
) -> int:
    """Explain why a role sees a column, or does not.

    The chain from the role to the data, each link with the line of YAML that it comes from.
    """
    from mesh_infra.cli.access import run_why

    return run_why(ctx.obj, role, column)


commands.add_typer(access, name="access")
