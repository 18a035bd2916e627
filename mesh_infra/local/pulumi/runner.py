"""Runs one Pulumi program in this process: the second half of the language host.

The language host starts it by its path, with the interpreter of the program, which may be another than its own: it
therefore imports the Pulumi SDK and nothing of this package. It behaves as Pulumi's own ``pulumi-language-python-exec``
does: the program is run as ``__main__``, a `pulumi.RunError` shows its message and ends with status 1, any other
exception shows the program's part of the traceback and ends with status 32, which tells the host that the error has
been shown.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypedDict

ERROR_SHOWN = 32
"""The exit status that says: the user has been shown the error already."""

try:
    import pulumi
    from pulumi.runtime import (
        Settings,
        configure,
        get_config_env,
        get_config_secret_keys_env,
        run_in_stack,
        set_all_config,
    )
except ImportError as error:
    sys.exit(f"{sys.executable} cannot import the Pulumi SDK ({error}); install the project's requirements into it")


class Job(TypedDict):
    """What to run and for whom; the config comes in the environment, as secrets do not belong on a command line."""

    program: str
    directory: str
    root_directory: str
    project: str
    stack: str
    organization: str
    monitor: str
    engine: str
    parallel: int
    dry_run: bool


def main(job: Job) -> int:
    """Run the program of ``job`` and return the exit status."""
    set_all_config(get_config_env(), get_config_secret_keys_env())
    os.chdir(job["directory"])
    sys.argv = [job["program"]]
    # A program that fails leaves futures nobody waits for; asyncio would report each of them after the real error.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    executor = ThreadPoolExecutor(max_workers=4 * max(job["parallel"], 1))
    loop.set_default_executor(executor)
    try:
        configure(
            Settings(
                project=job["project"],
                stack=job["stack"],
                monitor=job["monitor"],
                engine=job["engine"],
                parallel=job["parallel"],
                dry_run=job["dry_run"],
                organization=job["organization"],
                root_directory=job["root_directory"],
            )
        )
        return _run(loop, Path(job["program"]))
    finally:
        executor.shutdown()
        loop.close()


def _run(loop: asyncio.AbstractEventLoop, program: Path) -> int:
    entry = program / "__main__.py" if program.is_dir() else program
    if not entry.is_file():
        pulumi.log.error(f"there is no program '{entry}'; add it, or name another with 'main' in Pulumi.yaml")
        return ERROR_SHOWN
    try:
        loop.run_until_complete(run_in_stack(lambda: _execute(program)))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return 1
    except Exception as error:  # noqa: BLE001 - whatever the program raises is shown to its author
        pulumi.log.error(f"Program failed with an unhandled exception:\n{_traceback(error, entry)}")
        return ERROR_SHOWN
    return 0


def _execute(program: Path) -> None:
    runpy.run_path(str(program), run_name="__main__")


def _traceback(error: Exception, entry: Path) -> str:
    """The traceback from the program's own first frame on: what stands before it is machinery."""
    frames = error.__traceback__
    while frames and Path(frames.tb_frame.f_code.co_filename) != entry:
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames or error.__traceback__))


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
