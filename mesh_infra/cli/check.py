"""`mesh check`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

from mesh_infra.checks import check_mesh
from mesh_infra.cli.call import Call, Format
from mesh_infra.cli.findings import finding_line, summary
from mesh_infra.cli.repository import folder_of
from mesh_infra.cli.words import count
from mesh_infra.findings import has_errors
from mesh_infra.review.render.github import render_github_findings
from mesh_infra.review.render.sarif import render_sarif_findings
from mesh_infra.spec.load import select
from mesh_infra.spec.model import Spec


def run(call: Call, paths: tuple[Path, ...], as_of: date | None = None) -> int:
    """Print the findings about ``paths`` (none: about everything); 1 where there are errors among them.

    ``as_of`` is the day on which accepted findings are judged; default: today, in UTC.
    """
    root = call.root()
    spec, findings = check_mesh(root, as_of)
    findings = select(findings, root, [call.base / path for path in paths])
    match call.format:
        case Format.JSON:
            call.output.json({"findings": [asdict(finding) for finding in findings]})
        case Format.SARIF:
            call.output.text(render_sarif_findings(findings, folder_of(root)))
        case Format.GITHUB:
            call.output.text(render_github_findings(findings, folder_of(root)))
        case _:
            call.output.lines(finding_line(finding) for finding in findings)
            call.output.note(summary(findings) if findings else _none(spec, paths))
    return 1 if has_errors(findings) else 0


def _none(spec: Spec | None, paths: tuple[Path, ...]) -> str:
    if paths or spec is None:
        return f"no findings in {', '.join(str(path) for path in paths)}"
    return f"{count(len(spec.domains), 'domain')}, {count(len(spec.contracts), 'contract')}: no findings"
