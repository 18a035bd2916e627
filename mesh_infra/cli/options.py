"""Options that every command takes, before its name or after it: ``mesh --env dev list`` is ``mesh list --env dev``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from mesh_infra.cli.call import ENVIRONMENT_VARIABLE, Call, Format
from mesh_infra.cli.output import Output
from mesh_infra.version import __version__

if TYPE_CHECKING:
    # typer carries click inside, and names its types nowhere else.
    from typer._click.core import Context, Parameter

_SHARED = ("directory", "environment", "format_", "quiet")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mesh-infra {__version__}")
        raise typer.Exit


Directory = Annotated[
    Path | None,
    typer.Option(
        "-C",
        "--directory",
        metavar="DIR",
        help="The root of the mesh, which other paths are then relative to. "
        "Default: the nearest directory with a mesh.yaml, from here upwards.",
    ),
]
Environment = Annotated[
    str | None,
    typer.Option(
        "--env",
        metavar="NAME",
        help=f"The environment, one of mesh.yaml or 'local'. Default: {ENVIRONMENT_VARIABLE}, "
        "else the only one of mesh.yaml.",
    ),
]
OutputFormat = Annotated[
    Format | None, typer.Option("--format", metavar="text|json", help="How to write the result. Default: text.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Leave out notes, summaries and progress.")]
Version = Annotated[
    bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
]


def shared_options(
    ctx: typer.Context,
    *,
    directory: Directory = None,
    environment: Environment = None,
    format_: OutputFormat = None,
    quiet: Quiet = False,
    version: Version = False,  # noqa: ARG001 - its callback does it
) -> None:
    """Keep what stands before the command's name."""
    help_alone(ctx)
    ctx.obj = {"directory": directory, "environment": environment, "format_": format_, "quiet": quiet}


def help_alone(ctx: typer.Context) -> None:
    """Where no command is named, show which there are: wrong usage, but a question too."""
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help(), err=True)
        raise typer.Exit(2)


class Command(TyperCommand):
    """A command that takes the shared options after its name too; what stands there wins."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Its own parameters, then the shared ones."""
        shared = [param for param in ctx.find_root().command.params if param.name in _SHARED]
        own = super().get_params(ctx)
        # --help stays last.
        return [*own[: len(self.params)], *shared, *own[len(self.params) :]]

    def invoke(self, ctx: Context) -> Any:  # noqa: ANN401 - whatever the command returns
        """Run it with a ``Call`` as the context's object."""
        after = {name: ctx.params.pop(name) for name in _SHARED}
        ctx.obj = _call({**ctx.obj, **{name: value for name, value in after.items() if value}})
        return super().invoke(ctx)


def _call(options: dict[str, Any]) -> Call:
    return Call(
        directory=options["directory"],
        environment=options["environment"],
        format=options["format_"] or Format.TEXT,
        quiet=options["quiet"],
        output=Output(quiet=options["quiet"]),
    )
