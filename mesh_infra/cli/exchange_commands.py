"""The commands that exchange contracts with other tools: what they are called with and what their help says."""

# ruff: noqa: PLC0415 - a command loads what it takes when it runs

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mesh_infra.cli import completion
from mesh_infra.cli.options import Command, Dataset, examples, help_alone
from mesh_infra.cli.root import OnlyCommands

commands = typer.Typer(rich_markup_mode=None)
export = typer.Typer(
    cls=OnlyCommands,
    help="Write contracts in the format of another tool.",
    epilog=examples("mesh export odcs sales_orders", "mesh export dbt --env dev --output mesh_sources.yml"),
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
)
export.callback()(help_alone)
import_ = typer.Typer(
    cls=OnlyCommands,
    help="Take over contracts that are written in another format.",
    epilog=examples("mesh import odcs orders.odcs.yaml --domain sales"),
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
)
import_.callback()(help_alone)

_Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write it there. Default: print it.", show_default=False),
]
_Force = Annotated[bool, typer.Option("--force", help="Replace files that are there already.")]


@export.command(
    "odcs",
    cls=Command,
    epilog=examples(
        "mesh export odcs sales_orders",
        "mesh export odcs sales_orders.v1 --api-version v3.2.0 --output orders.odcs.yaml",
    ),
)
def export_odcs(
    ctx: typer.Context,
    dataset: Dataset,
    api_version: Annotated[
        str | None,
        typer.Option(
            "--api-version",
            metavar="VERSION",
            help="Of the standard: v3.0.0 to v3.2.0. Default: the one that it was imported from, else v3.1.0.",
        ),
    ] = None,
    output: _Output = None,
    force: _Force = False,
) -> int:
    """Write a contract as the Open Data Contract Standard has it.

    In the mesh it could take the place of the contract's own file: it says the same. What has no field in the standard
    stands in its custom properties.
    """
    from mesh_infra.cli.odcs import export

    return export(ctx.obj, dataset, api_version, output, force=force)


_Datasets = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="DATASET",
        help="Their names. Default: every dataset that consumers can read, neither drafts nor retired ones.",
        show_default=False,
        autocompletion=completion.datasets,
    ),
]


@export.command(
    "jsonschema",
    cls=Command,
    epilog=examples(
        "mesh export jsonschema sales_orders", "mesh export jsonschema sales_orders.v1 --output orders.json"
    ),
)
def export_jsonschema(
    ctx: typer.Context,
    datasets: Annotated[
        list[str],
        typer.Argument(
            metavar="DATASET",
            help="Their names; of several the schemas are bundled in one document.",
            autocompletion=completion.datasets,
        ),
    ],
    output: _Output = None,
    force: _Force = False,
) -> int:
    """Write the JSON Schema of a record.

    What a row of the dataset looks like in JSON, for producers to validate against. It is the same in every
    environment.
    """
    from mesh_infra.cli.export import Asked, jsonschema

    return jsonschema(ctx.obj, Asked(tuple(datasets), output, force))


@export.command(
    "dbt",
    cls=Command,
    epilog=examples("mesh export dbt --env dev", "mesh export dbt --env dev --output models/mesh_sources.yml --force"),
)
def export_dbt(ctx: typer.Context, datasets: _Datasets = None, output: _Output = None, force: _Force = False) -> int:
    """Write datasets as dbt sources.

    A properties file with a source for each domain, for the models folder of a dbt project on Athena.
    """
    from mesh_infra.cli.export import Asked, dbt

    return dbt(ctx.obj, Asked(tuple(datasets or ()), output, force))


@export.command(
    "datahub",
    cls=Command,
    epilog=examples("mesh export datahub --env dev", "mesh export datahub --env dev --output mesh.json"),
)
def export_datahub(
    ctx: typer.Context, datasets: _Datasets = None, output: _Output = None, force: _Force = False
) -> int:
    """Write datasets as DataHub's metadata file.

    For 'datahub ingest mcps FILE', or for the source 'file' of a recipe.
    """
    from mesh_infra.cli.export import Asked, datahub

    return datahub(ctx.obj, Asked(tuple(datasets or ()), output, force))


@export.command(
    "openmetadata",
    cls=Command,
    epilog=examples("mesh export openmetadata --env dev", "mesh export openmetadata --env dev --service glue_prod"),
)
def export_openmetadata(
    ctx: typer.Context,
    datasets: _Datasets = None,
    service: Annotated[
        str | None,
        typer.Option(
            "--service", metavar="NAME", help="A database service that is there already. Default: one is made."
        ),
    ] = None,
    output: _Output = None,
    force: _Force = False,
) -> int:
    """Write datasets as requests to OpenMetadata.

    A list of PUT requests to its REST API, each with its path and body, in the order in which to send them.
    """
    from mesh_infra.cli.export import Asked, openmetadata

    return openmetadata(ctx.obj, Asked(tuple(datasets or ()), output, force), service)


@import_.command(
    "odcs",
    cls=Command,
    epilog=examples("mesh import odcs orders.odcs.yaml", "mesh import odcs orders.odcs.yaml --domain sales"),
)
def import_odcs(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A contract in the Open Data Contract Standard.")],
    domain: Annotated[
        str | None,
        typer.Option(
            "--domain",
            metavar="DOMAIN",
            help="The domain that it belongs to. Default: the one it names.",
            autocompletion=completion.domains,
        ),
    ] = None,
    force: _Force = False,
) -> int:
    """Write a contract of the Open Data Contract Standard as our own.

    One file for each of its tables. What our format has no place for is kept under 'odcs', and 'mesh export odcs'
    writes it back.
    """
    from mesh_infra.cli.odcs import import_

    return import_(ctx.obj, file, domain, force=force)


commands.add_typer(export, name="export")
commands.add_typer(import_, name="import")
