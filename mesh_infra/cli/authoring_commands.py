"""The commands that write the files of a mesh: what they are called with and what their help says."""

# ruff: noqa: PLC0415 - a command loads what it takes when it runs
# ruff: noqa: PLR0913, PLR0917 - typer makes an option of each argument

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mesh_infra.cli import completion
from mesh_infra.cli.options import Command, Dataset, Role, examples, help_alone
from mesh_infra.cli.root import OnlyCommands

commands = typer.Typer(rich_markup_mode=None)
new = typer.Typer(
    cls=OnlyCommands,
    help="Add a domain or a contract to the mesh.",
    epilog=examples("mesh new domain loyalty", "mesh new contract loyalty members --from members.parquet"),
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
)
new.callback()(help_alone)

_Force = Annotated[bool, typer.Option("--force", help="Replace files that are there already.")]
_Owner = Annotated[str | None, typer.Option("--owner", metavar="TEXT", help="Who answers for it, such as an address.")]
_Description = Annotated[str | None, typer.Option("--description", metavar="TEXT", help="What it holds.")]


@commands.command(
    cls=Command,
    epilog=examples(
        "mesh init acme-mesh --organization acme",
        "mesh init . --account 444455556666 --region eu-central-1 --domain checkout",
    ),
)
def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder; made where it is not there.")],
    organization: Annotated[
        str | None, typer.Option("--organization", metavar="NAME", help="Default: the name of the folder.")
    ] = None,
    account: Annotated[
        str, typer.Option("--account", metavar="ID", help="The AWS account of the environment 'dev'.")
    ] = "111122223333",
    region: Annotated[str, typer.Option("--region", metavar="REGION", help="Its region.")] = "eu-west-1",
    domain: Annotated[str, typer.Option("--domain", metavar="NAME", help="The first domain.")] = "sales",
    owner: _Owner = None,
    github: Annotated[
        str | None,
        typer.Option("--github", metavar="@TEAM", help="Who approves changes on GitHub; they go into CODEOWNERS."),
    ] = None,
    force: _Force = False,
) -> int:
    """Make the repository of a new mesh.

    One domain, one contract, and the Pulumi program: 'mesh check' and 'mesh local exec -- pulumi up' work in it at
    once. It needs no AWS account until it is deployed to one.
    """
    from mesh_infra.authoring.initialize import NewMesh, organization_of
    from mesh_infra.cli.init import run

    name = organization if organization is not None else organization_of(folder)
    asked = NewMesh(name, account, region, domain, owner or "", github or "")
    return run(ctx.obj, folder, asked, force=force)


@new.command(
    "domain",
    cls=Command,
    epilog=examples("mesh new domain loyalty --owner team-loyalty@company.com --description 'Points and rewards'"),
)
def new_domain(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Lower-case words, joined by '_'.")],
    owner: _Owner = None,
    description: _Description = None,
    force: _Force = False,
) -> int:
    """Add a domain.

    On a terminal it asks for what no option says.
    """
    from mesh_infra.cli.new import domain

    return domain(ctx.obj, name, owner, description, force=force)


@new.command(
    "contract",
    cls=Command,
    epilog=examples(
        "mesh new contract sales returns --column order_id:uuid --column email:string --pii email",
        "mesh new contract sales refunds --from refunds.parquet",
    ),
)
def new_contract(
    ctx: typer.Context,
    domain: Annotated[
        str,
        typer.Argument(metavar="DOMAIN", help="The domain that it belongs to.", autocompletion=completion.domains),
    ],
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="What the dataset is called.")],
    columns: Annotated[
        list[str] | None, typer.Option("--column", metavar="NAME:TYPE", help="A column; once for each.")
    ] = None,
    pii: Annotated[
        list[str] | None, typer.Option("--pii", metavar="NAME", help="A column that is personal data.")
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Take the columns from a .parquet, .orc, .csv or .json file."),
    ] = None,
    file_format: Annotated[
        str | None,
        typer.Option("--file-format", metavar="FORMAT", help="How its files are written, such as csv or iceberg."),
    ] = None,
    version: Annotated[str, typer.Option("--version", metavar="VERSION", help="v1, or 1.0.0.")] = "v1",
    owner: _Owner = None,
    description: _Description = None,
    force: _Force = False,
) -> int:
    """Add a contract to a domain.

    On a terminal it asks for what no option says. A column whose name is unmistakably personal gets 'pii: true'; where
    it may be, a comment asks. Nobody reads the dataset until 'mesh grant'.
    """
    from mesh_infra.cli.new import Asked, contract

    asked = Asked(tuple(columns or ()), tuple(pii or ()), source, version, owner, description, file_format)
    return contract(ctx.obj, domain, dataset, asked, force=force)


@commands.command(
    cls=Command,
    epilog=examples(
        "mesh grant support sales_orders --masked",
        "mesh grant support sales_orders --masked --purpose 'Answer complaints' --approved-by jo@company.com",
    ),
)
def grant(
    ctx: typer.Context,
    role: Role,
    dataset: Dataset,
    masked: Annotated[
        bool, typer.Option("--masked", help="Every column but the sensitive ones. Default: every column.")
    ] = False,
    purpose: Annotated[str | None, typer.Option("--purpose", metavar="TEXT", help="What they read it for.")] = None,
    approved_by: Annotated[str | None, typer.Option("--approved-by", metavar="TEXT", help="Who allowed it.")] = None,
) -> int:
    """Let a role read a dataset.

    Edits the contract in place and shows the change, which a pull request then carries. Where the role reads it
    already, this changes how.
    """
    from mesh_infra.cli.grant import grant as run

    return run(ctx.obj, role, dataset, masked=masked, purpose=purpose, approved_by=approved_by)


@commands.command(cls=Command, epilog=examples("mesh revoke marketing sales_orders"))
def revoke(ctx: typer.Context, role: Role, dataset: Dataset) -> int:
    """Take a dataset from a role.

    Edits the contract in place and shows the change.
    """
    from mesh_infra.cli.grant import revoke as run

    return run(ctx.obj, role, dataset)


@commands.command(cls=Command, epilog=examples("mesh schema contract", "mesh schema mesh"))
def schema(
    ctx: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(metavar="mesh|domain|contract", help="The kind of file.", autocompletion=completion.file_kinds),
    ],
) -> int:
    """Print the JSON Schema of a kind of file, for editors.

    A file points to it in its first line: # yaml-language-server: $schema=…
    """
    from mesh_infra.cli.schema import run

    return run(ctx.obj, kind)


commands.add_typer(new, name="new")
