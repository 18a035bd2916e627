"""Options and arguments that take a word as it is written, and leave all else to typer.

typer converts every value through pydantic, even one that is not given. To import pydantic takes longer than all else
of a small command, and each press of the Tab key would wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from typer.core import TyperArgument, TyperOption

if TYPE_CHECKING:
    # typer carries click inside, and names its types nowhere else.
    from typer._click.core import Context, Parameter


def as_written(param: Parameter) -> Parameter:
    """The parameter, with pydantic imported only for a value that is given and is no plain text."""
    own = copy(param)
    if isinstance(param, TyperOption):
        own.__class__ = _Option
    elif isinstance(param, TyperArgument):
        own.__class__ = _Argument
    return own


@dataclass(frozen=True, slots=True)
class _Conversion:
    """What typer asks a parameter for: it stands before typer's own, which is made when it is needed."""

    typers: Callable[[], Any]

    def coerce(self, value: object, param: Any, ctx: Context) -> object:  # noqa: ANN401 - typer names no type for it
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if isinstance(value, str) and param.type_descriptor.annotation is str:
            return value
        return self.typers().coerce(value, param=param, ctx=ctx)


class _Option(TyperOption):
    def get_runtime_param(self) -> Any:  # noqa: ANN401 - typer's type of it is private
        return _Conversion(super().get_runtime_param)


class _Argument(TyperArgument):
    def get_runtime_param(self) -> Any:  # noqa: ANN401 - typer's type of it is private
        return _Conversion(super().get_runtime_param)
