"""Options that every command takes, before its name or after it: ``mesh --env dev list`` is ``mesh list --env dev``."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

from mesh_infra.cli import completion
from mesh_infra.cli.call import ENVIRONMENT_VARIABLE, Call, Format
from mesh_infra.cli.output import Output
from mesh_infra.cli.parameters import as_written
from mesh_infra.spec.problems import quoted
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
    str | None,
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
        autocompletion=completion.environments,
    ),
]
OutputFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="text|json",
        help="How to write the result. Default: text.",
        autocompletion=completion.formats,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Leave out notes, summaries and progress.")]
Version = Annotated[
    bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
]

Dataset = Annotated[
    str,
    typer.Argument(
        metavar="DATASET",
        help="Its name; with its domain or its version where that is needed.",
        autocompletion=completion.datasets,
    ),
]
"""An argument of several commands, as is the next."""

Role = Annotated[
    str,
    typer.Argument(
        metavar="ROLE",
        help="A role of mesh.yaml or of a domain; every domain is one.",
        autocompletion=completion.roles,
    ),
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
    ctx.obj = {
        "directory": directory,
        "environment": environment,
        "format_": format_,
        "format_in": ctx,
        "quiet": quiet,
    }


def help_alone(ctx: typer.Context) -> None:
    """Where no command is named, show which there are: wrong usage, but a question too."""
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help(), err=True)
        raise typer.Exit(2)


class _Shared:
    """What takes the shared options after its name too, where they win over what stands before it.

    ``of_one``: it is about one environment. What is about all of them takes no ``--env``.
    """

    formats: ClassVar[tuple[Format, ...]] = (Format.TEXT, Format.JSON)
    of_one: ClassVar[bool] = True

    def with_shared(self, ctx: Context, own: list[Parameter], count: int) -> list[Parameter]:
        """The parameters of a command, of which the first ``count`` are its own, and the shared ones after those."""
        shared = [self._own(param) for param in ctx.find_root().command.params if param.name in self._shared]
        # --help stays last.
        return [as_written(param) for param in (*own[:count], *shared, *own[count:])]

    @property
    def _shared(self) -> tuple[str, ...]:
        return tuple(name for name in _SHARED if self.of_one or name != "environment")

    def _own(self, param: Parameter) -> Parameter:
        """A shared option as this command takes it."""
        if param.name != "format_":
            return param
        own = copy(param)
        own.metavar = "|".join(self.formats)
        return own

    def options(self, ctx: Context) -> dict[str, Any]:
        """The shared options in effect; takes them out of the command's own arguments."""
        after = {name: ctx.params.pop(name) for name in self._shared}
        given = {name: value for name, value in after.items() if value}
        where = {"format_in": ctx} if "format_" in given else {}
        return {**ctx.obj, **given, **where}

    def call(self, options: dict[str, Any]) -> Call:
        """What the command is called with; raises ``BadParameter`` for a format or an option that it does not know."""
        if options["environment"] and not self.of_one:
            message = "this command is about every environment, leave it out."
            raise typer.BadParameter(message, ctx=options["format_in"], param_hint="'--env'")
        chosen = options["format_"] or Format.TEXT
        if chosen not in self.formats:
            known = ", ".join(f"'{name}'" for name in self.formats)
            message = f"{quoted(chosen)} is not one of {known}."
            raise typer.BadParameter(message, ctx=options["format_in"], param_hint="'--format'")
        return Call(
            directory=None if options["directory"] is None else Path(options["directory"]),
            environment=options["environment"],
            format=Format(chosen),
            quiet=options["quiet"],
            output=Output(quiet=options["quiet"]),
        )


class Command(_Shared, TyperCommand):
    """A command that takes the shared options; its context's object is a ``Call``."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Its own parameters, then the shared ones."""
        return self.with_shared(ctx, super().get_params(ctx), len(self.params))

    def invoke(self, ctx: Context) -> Any:  # noqa: ANN401 - whatever the command returns
        """Run it with a ``Call`` as the context's object."""
        ctx.obj = self.call(self.options(ctx))
        return super().invoke(ctx)


class Group(_Shared, TyperGroup):
    """A command that is one by itself and has others below it: both take the shared options.

    ``call_of`` makes its ``Call``, where no other command is named.
    """

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Its own parameters, then the shared ones."""
        return self.with_shared(ctx, super().get_params(ctx), len(self.params))

    def invoke(self, ctx: Context) -> Any:  # noqa: ANN401 - whatever the command returns
        """Run it, or hand the options on to the command below it."""
        ctx.obj = self.options(ctx)
        return super().invoke(ctx)


def call_of(ctx: typer.Context) -> Call:
    """What a ``Group`` is called with by itself."""
    command: Any = ctx.command
    made: Call = command.call(ctx.obj)
    return made


def command_with(*formats: Format, of_one: bool = True) -> type[Command]:
    """A command that knows these formats, text among them, which is the default; ``of_one``: environment."""
    return type("Command", (Command,), {"formats": formats, "of_one": of_one})


def group_with(*formats: Format) -> type[Group]:
    """A group that knows these formats, text among them, which is the default."""
    return type("Group", (Group,), {"formats": formats})


def examples(*lines: str) -> str:
    """The end of a help text."""
    # \b keeps typer from running the lines together.
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
