"""The group at the root of `mesh`, which knows the names of its commands and builds the one that is asked for.

typer builds all of them at once, which takes longer than most of them run.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_command_name, solve_typer_info_help

from mesh_infra.cli.parameters import as_written

if TYPE_CHECKING:
    # typer carries click inside, and names its types nowhere else.
    from typer._click.core import Command, Context, Parameter


class Outline(TyperCommand):
    """A command, or a group, as help, shell completion and suggestions know it: its name and its help."""

    def __init__(self, name: str, text: str, app: typer.Typer) -> None:
        super().__init__(name, help=text)
        self._app = app

    def built(self) -> Command:
        """What runs."""
        return get_command(self._app)


class OnlyCommands(TyperGroup):
    """A group that is nothing by itself but its commands."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Its options, which wait for no import."""
        return [as_written(param) for param in super().get_params(ctx)]


class Root(OnlyCommands):
    """A group of outlines."""

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """The command that ``args`` begin with, built, and the rest of them."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.built() if isinstance(command, Outline) else command, rest


def root(app: typer.Typer, *registered: typer.Typer) -> TyperGroup:
    """The group of ``app``, which is itself a ``Root``, with the commands and groups of the others."""
    group = get_command(app)
    if not isinstance(group, Root):
        raise TypeError("the root of a command line is a Root")
    for outline in (outline for one in registered for outline in _outlines(one)):
        group.add_command(outline)
    return group


def _outlines(app: typer.Typer) -> Iterator[Outline]:
    for info in app.registered_commands:
        if info.callback is None:
            continue
        alone = typer.Typer(rich_markup_mode=None, add_completion=False)
        alone.registered_commands.append(info)
        name = info.name or get_command_name(info.callback.__name__)
        yield Outline(name, info.help or inspect.getdoc(info.callback) or "", alone)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            yield Outline(group.name or "", solve_typer_info_help(group), group.typer_instance)
