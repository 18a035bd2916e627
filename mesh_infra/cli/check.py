"""`mesh check`."""

# ruff: noqa: PLC0415 - what was found before is said again without the code that finds it

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

from mesh_infra.cache import user_cache
from mesh_infra.cli.call import Call, Format
from mesh_infra.cli.findings import finding_line, summary
from mesh_infra.cli.words import count
from mesh_infra.findings import has_errors
from mesh_infra.host import today
from mesh_infra.spec.selection import select
from mesh_infra.verdict import Checked, keep, key_of, recall


def run(call: Call, paths: tuple[Path, ...], as_of: date | None = None) -> int:
    """Print the findings about ``paths`` (none: about everything); 1 where there are errors among them.

    ``as_of`` is the day on which accepted findings are judged; default: today, in UTC.
    """
    root = call.root()
    checked = _checked(root, as_of or today())
    findings = select(checked.findings, root, [call.base / path for path in paths])
    match call.format:
        case Format.JSON:
            call.output.json({"findings": [asdict(finding) for finding in findings]})
        case Format.SARIF:
            from mesh_infra.cli.repository import folder_of
            from mesh_infra.review.render.sarif import render_sarif_findings

            call.output.text(render_sarif_findings(findings, folder_of(root)))
        case Format.GITHUB:
            from mesh_infra.cli.repository import folder_of
            from mesh_infra.review.render.github import render_github_findings

            call.output.text(render_github_findings(findings, folder_of(root)))
        case _:
            call.output.lines(finding_line(finding) for finding in findings)
            call.output.note(summary(findings) if findings else _none(checked, paths))
    return 1 if has_errors(findings) else 0


def _checked(root: Path, as_of: date) -> Checked:
    cache, key = user_cache(root), key_of(root, as_of)
    known = recall(key, cache)
    if known is not None:
        return known
    from mesh_infra.checks import check_only
    from mesh_infra.survey import processors

    checked = check_only(root, as_of, cache, processors())
    keep(key, key_of(root, as_of), checked, cache)
    return checked


def _none(checked: Checked, paths: tuple[Path, ...]) -> str:
    if paths or checked.domains is None or checked.contracts is None:
        return f"no findings in {', '.join(str(path) for path in paths)}"
    return f"{count(checked.domains, 'domain')}, {count(checked.contracts, 'contract')}: no findings"
