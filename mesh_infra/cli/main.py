"""The entry point of `mesh`: runs a command, says what went wrong in one line, and returns the exit code.

0 = fine; 1 = the mesh has errors, or the account or the machine is not ready; 2 = wrong usage, unreadable input, or a
defect of mesh-infra itself; 130 = interrupted. What `mesh local exec` runs passes its own code on.
"""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress

import typer

from mesh_infra.cli.app import mesh
from mesh_infra.cli.findings import finding_line
from mesh_infra.cli.output import Output
from mesh_infra.errors import MeshError, MeshInvalid

DEBUG = "MESH_DEBUG"
"""Environment variable that lets exceptions through with their traceback."""

_NO_CHOICE = re.compile(r"'([^']*)' is not one of ('.*')")

INTERRUPTED = 130
"""128 + SIGINT, as shells report it."""


def main(args: Sequence[str] | None = None) -> int:
    """Run `mesh` with ``args`` (default: those of the process) and return its exit code."""
    # What is read of a mesh is kept to the end: to search it for garbage at Python's pace doubles the time of a review.
    gc.set_threshold(100_000, 50, 100)
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks is no reason to fail.
        with suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr] # a stand-in may lack it
    try:
        code = _run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_gone()
    return code


def _run(args: Sequence[str] | None) -> int:
    output = Output()
    try:
        code = mesh().main(args=args, prog_name="mesh", standalone_mode=False)
    except typer.TyperException as error:
        output.error(_usage(error))
        return error.exit_code
    except MeshInvalid as error:
        for finding in error.findings:
            output.problem(*finding_line(finding))
        return error.exit_code
    except MeshError as error:
        output.error(str(error))
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except SystemExit as ended:  # typer's, once it has done what shell completion takes
        return ended.code if isinstance(ended.code, int) else 0
    except BrokenPipeError:
        raise
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        output.error(
            f"{type(error).__name__}: {error}; a defect of mesh-infra, please report it: {DEBUG}=1 shows where"
        )
        return 2
    return code if isinstance(code, int) else 0


def _interrupted() -> int:
    if sys.stderr.isatty():
        typer.echo(err=True)  # the shell's prompt begins on a line of its own
    return INTERRUPTED


def _usage(error: typer.TyperException) -> str:
    # pydantic, which typer converts values with, puts the first words there.
    message = error.format_message().rstrip(".").replace("Value error, ", "")
    # typer's hint is a sentence of its own; ours is a clause.
    message = message.replace(". Did you mean ", "; did you mean ") + _choice_meant(message)
    context = getattr(error, "ctx", None)
    if context is None or message.endswith("?"):
        return message
    return f"{message}; see '{context.command_path} --help'"


def _choice_meant(message: str) -> str:
    """What to add to typer's message about a value that is none of an option's choices."""
    found = _NO_CHOICE.search(message)
    if found is None:
        return ""
    from mesh_infra.spec.problems import nearest, quoted  # noqa: PLC0415 - only who mistypes waits for it

    near = nearest(found[1], frozenset(re.findall(r"'([^']+)'", found[2])))
    return "" if near is None else f"; did you mean {quoted(near)}?"


def _reader_gone() -> int:
    # Python flushes standard output once more at exit: it must have somewhere to go.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
