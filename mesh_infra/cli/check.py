"""`mesh check`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from mesh_infra.checks import check_mesh
from mesh_infra.cli.call import Call
from mesh_infra.cli.findings import finding_line, summary
from mesh_infra.cli.words import count
from mesh_infra.findings import has_errors
from mesh_infra.spec.load import select


def run(call: Call, paths: tuple[Path, ...]) -> int:
    """Print the findings about ``paths`` (none: about everything); 1 where there are errors among them."""
    root = call.root()
    spec, findings = check_mesh(root)
    findings = select(findings, root, [call.base / path for path in paths])
    if call.json:
        call.output.json({"findings": [asdict(finding) for finding in findings]})
    else:
        call.output.lines(finding_line(finding) for finding in findings)
        if findings:
            call.output.note(summary(findings))
        elif paths or spec is None:
            call.output.note(f"no findings in {', '.join(str(path) for path in paths)}")
        else:
            size = f"{count(len(spec.domains), 'domain')}, {count(len(spec.contracts), 'contract')}"
            call.output.note(f"{size}: no findings")
    return 1 if has_errors(findings) else 0
