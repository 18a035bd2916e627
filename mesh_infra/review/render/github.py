"""A review as workflow commands of GitHub Actions, which show beside the lines that they are about.

GitHub Docs, "Workflow commands for GitHub Actions", "Setting an error message". The runner decodes ``%25``, ``%0D`` and
``%0A`` everywhere, ``%3A`` and ``%2C`` in properties (actions/toolkit, packages/core/src/command.ts). Of each kind ten
are shown for a step: the worst come first, and what hurts nobody is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mesh_infra.findings import Finding, printable
from mesh_infra.review.model import Review
from mesh_infra.review.render.notices import Level, Notice, of_findings, of_review

_COMMANDS: dict[Level, str] = {"error": "error", "warning": "warning", "note": "notice"}


def render_github(review: Review, folder: str = "") -> str:
    """A command for each finding and each change that matters; ``folder``: where the mesh lies in the repository."""
    return _commands(of_review(review), folder)


def render_github_findings(findings: Iterable[Finding], folder: str = "") -> str:
    """A command for each finding; ``folder``: where the mesh lies in the repository."""
    return _commands(of_findings(findings), folder)


def _commands(notices: Iterable[Notice], folder: str) -> str:
    return "".join(f"{_command(notice, folder)}\n" for notice in notices)


def _command(notice: Notice, folder: str) -> str:
    properties = ",".join(f"{name}={_property(value)}" for name, value in _properties(notice, folder))
    return f"::{_COMMANDS[notice.level]} {properties}::{_data(notice.message)}"


def _properties(notice: Notice, folder: str) -> Iterator[tuple[str, str]]:
    yield "file", notice.path_in(folder)
    if notice.line:
        yield "line", str(notice.line)
    if notice.column:
        yield "col", str(notice.column)
    yield "title", notice.rule


def _data(text: str) -> str:
    # A file's name may hold a line end, as may text in YAML: printable() leaves none.
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
