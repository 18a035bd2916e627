"""`mesh diff`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from mesh_infra.cache import user_cache
from mesh_infra.cli.call import Call, Format
from mesh_infra.cli.output import BAD, DOUBTFUL, HEADING, Line
from mesh_infra.cli.repository import folder_of
from mesh_infra.errors import UsageError
from mesh_infra.findings import has_errors
from mesh_infra.review.build import review
from mesh_infra.review.compare import Sharing, compare
from mesh_infra.review.model import Impact, Review
from mesh_infra.review.preview import Preview, read_preview, with_previews
from mesh_infra.review.render.as_json import render_json
from mesh_infra.review.render.github import render_github
from mesh_infra.review.render.markdown import render_markdown
from mesh_infra.review.render.parts import reaches
from mesh_infra.review.render.sarif import render_sarif
from mesh_infra.review.render.text import render_text
from mesh_infra.review.sides import read_sides
from mesh_infra.spec.problems import quoted
from mesh_infra.survey import processors

_STYLES = {"critical": BAD, "breaking": BAD, "high": BAD, "medium": DOUBTFUL}
"""Of the word that a line begins with."""


def run(call: Call, base: str | None, head: str | None, fail_on: Impact | None, previews: Iterable[Path]) -> int:
    """Print the review of the change from BASE to HEAD; 1 where there are errors, or the limit is reached."""
    root = call.root()
    seen = [_read(call.base / path) for path in previews]
    with call.output.working("comparing"):
        found = _compared(root, base, head, seen)
    _write(call, found, folder_of(root))
    return 1 if has_errors(found.findings) or (fail_on and reaches(found, fail_on)) else 0


def _read(path: Path) -> Preview:
    try:
        return read_preview(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        raise UsageError(f"{quoted(str(path))} cannot be read: {reason}") from None


def _compared(root: Path, base: str | None, head: str | None, previews: list[Preview]) -> Review:
    """The review with what the engine says; without that where a side cannot be understood, which its findings say."""
    if not previews:
        return compare(root, base, head, user_cache(root), Sharing(processors()))
    before, after = read_sides(root, base, head, user_cache(root))
    found = review(before, after)
    if before.spec is None or after.spec is None:
        return found
    return replace(found, infrastructure=with_previews(found.infrastructure, previews, before.spec, after.spec))


def _write(call: Call, found: Review, folder: str) -> None:
    renderers: dict[Format, Callable[[], str]] = {
        Format.MARKDOWN: lambda: render_markdown(found),
        Format.JSON: lambda: render_json(found),
        Format.SARIF: lambda: render_sarif(found, folder),
        Format.GITHUB: lambda: render_github(found, folder),
    }
    if call.format in renderers:
        call.output.text(renderers[call.format]())
    else:
        call.output.lines(map(_styled, render_text(found).splitlines()))


def _styled(line: str) -> Line:
    """A line of the review as text, so that what matters stands out on a terminal."""
    if not line.startswith(" "):
        return ((line, HEADING),)
    indent, word, rest = line[:2], *line[2:].partition(" ")[::2]
    return (indent, (word, _STYLES[word]), f" {rest}") if word in _STYLES else (line,)
