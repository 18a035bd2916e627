"""One stack through Pulumi's Automation API: the user's own CLI, backend and program, in the folder of the mesh.

Every command names its stack, and none selects one: stacks are at work side by side in one folder, and which of them
is selected there is the user's choice.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pulumi.automation import CommandError, LocalWorkspace, PulumiCommand
from pulumi.automation import Stack as PulumiStack
from pulumi.automation.errors import InvalidVersionError

from mesh_infra.deployment.model import Operation, Outcome, Result, Tell
from mesh_infra.deployment.watch import Watch
from mesh_infra.errors import MeshError, UsageError
from mesh_infra.manifest.stacks import Stack

LOGS = Path(".mesh", "logs")
"""Where the output of the last ``up`` and ``preview`` of each stack is kept, below the root of the mesh."""


class Automation:
    """Runs ``operation`` on stacks of the mesh at ``root``, with the environment variables of this process.

    Raises ``UsageError`` where there is no Pulumi CLI, or one that the Automation API does not take.
    """

    def __init__(self, root: Path, operation: Operation) -> None:
        self._root = root.absolute()
        self._operation = operation
        try:
            self._workspace = _Workspace(str(self._root), pulumi_command=PulumiCommand())
        except FileNotFoundError:
            raise UsageError("there is no 'pulumi' on the PATH", "install the Pulumi CLI") from None
        except InvalidVersionError as error:
            raise UsageError(str(error), "install another Pulumi CLI") from None

    def existing(self) -> tuple[str, ...]:
        """The stacks of this project that have resources; raises ``MeshError`` where the backend does not say."""
        try:
            found = self._workspace.list_stacks()
        except CommandError as error:
            raise MeshError(f"Pulumi cannot list its stacks: {'; '.join(_said(error))}") from None
        # In Pulumi Cloud a name may come with its organisation.
        return tuple(stack.name.rpartition("/")[2] for stack in found if stack.resource_count != 0)

    def __call__(self, stack: Stack, tell: Tell) -> Outcome:
        """Run the operation on ``stack``, which is made, empty, where it does not exist yet."""
        log = LOGS / self._operation / f"{stack.name}.log"
        watch = Watch(stack, tell)
        started = time.monotonic()
        tell(stack, "starting")
        try:
            with _log(self._root / log) as write:
                self._run(stack, watch, write)
            result = Result.DONE
        except CommandError as error:
            result = Result.FAILED
            # What stopped the command before its engine ran, such as a lock, is not among the events.
            watch.errors += [] if watch.errors else _said(error)
        tell(stack, result)
        seconds = time.monotonic() - started
        return Outcome(stack, result, watch.changes, seconds, tuple(watch.errors), log.as_posix())

    def _run(self, stack: Stack, watch: Watch, write: Callable[[str], None]) -> None:
        pulumi = PulumiStack.create_or_select(stack.name, self._workspace)
        match self._operation:
            case Operation.UP:
                if stack.scope is None:
                    _foresee(pulumi, watch, write)
                pulumi.up(
                    on_event=watch,
                    on_output=write,
                    on_error=write,
                    color="never",
                    show_secrets=False,
                    suppress_progress=True,
                )
            case Operation.PREVIEW:
                pulumi.preview(on_event=watch, on_output=write, on_error=write, color="never", diff=True)


def _foresee(pulumi: PulumiStack, watch: Watch, write: Callable[[str], None]) -> None:
    """Preview a stack that holds every domain; raises ``CommandError`` where the deployment would be stopped half-way.

    A domain that is gone takes protected resources along: a deployment deletes what comes before them and fails then,
    the preview fails at once. (`pulumi up` previews, too; the Automation API leaves it out.)
    """
    foreseen = Watch(watch.stack, lambda *_: None)
    try:
        pulumi.preview(on_event=foreseen, on_output=write, on_error=write, color="never")
    except CommandError:
        watch.errors += foreseen.errors
        raise


class _Workspace(LocalWorkspace):
    """Finds and makes stacks without selecting them; safe to share between threads, as it keeps nothing."""

    def select_stack(self, stack_name: str) -> None:
        self._quietly("stack", "--show-name", "--stack", stack_name)

    def create_stack(self, stack_name: str) -> None:
        self._quietly("stack", "init", "--no-select", stack_name)

    def _quietly(self, *arguments: str) -> None:
        self.pulumi_command.run(list(arguments), self.work_dir, self.env_vars)


@contextmanager
def _log(path: Path) -> Iterator[Callable[[str], None]]:
    """A function that adds a line to a new file at ``path``, which this user alone can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:

        def write(line: str) -> None:
            file.write(f"{line}\n")

        yield write


def _said(error: CommandError) -> list[str]:
    """What the CLI wrote on standard error; the Automation API has that nowhere but in the exception's text."""
    text = str(error).partition("\n stderr: ")[2]
    return [line.strip().removeprefix("error: ") for line in text.splitlines() if line.strip()]
