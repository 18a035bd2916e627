"""One contract checked by us, against `datacontract lint` of the same contract in the Open Data Contract Standard.

datacontract-cli is heavy and no dependency of ours: it gets a virtual environment of its own, which is kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

from mesh_infra.checks import check_mesh
from mesh_infra.findings import has_errors
from tests.bench import generate, measure
from tests.bench.measure import Figure

VERSION = "1.2.8"

RUNS = 10
"""The best of these; of ours, which take a hundredth of the time, it is ten times as many."""

_ENVIRONMENT = Path(__file__).parents[2] / ".mesh" / "bench" / f"datacontract-cli-{VERSION}"

_TIMED = """\
import json, sys, time
from datacontract.data_contract import DataContract

_, path, runs = sys.argv
taken = []
for _ in range(int(runs)):
    began = time.perf_counter()
    run = DataContract(data_contract_file=path).lint()
    taken.append(time.perf_counter() - began)
print(json.dumps({"result": run.result.value, "seconds": min(taken)}))
"""

_HEAD = """\
apiVersion: v3.0.2
kind: DataContract
id: dataset_00000
name: dataset_00000
version: 1.0.0
status: active
domain: domain_000
description:
  purpose: One row for each event of dataset_00000
team:
  - username: team-domain_000@company.com
    role: owner
slaProperties:
  - property: frequency
    value: 1
    unit: h
    element: dataset_00000.event_id
  - property: retention
    value: 730
    unit: d
    element: dataset_00000.event_id
roles:
  - role: analyst
    access: read_masked
    description: Reporting
  - role: domain_000
    access: read
schema:
  - name: dataset_00000
    physicalName: dataset_00000_v1
    physicalType: table
    logicalType: object
    properties:
      - name: event_id
        logicalType: integer
        physicalType: bigint
        required: true
        primaryKey: true
        primaryKeyPosition: 1
        description: Unique in the dataset
      - name: user_email
        logicalType: string
        physicalType: string
        classification: restricted
        tags: [pii]
        description: "Who caused it: hidden from masked readers"
      - name: channel
        logicalType: string
        physicalType: string
        classification: internal
        description: Where it happened
"""

_COLUMN = """\
      - name: attribute_{number:02d}
        logicalType: {logical}
        physicalType: {physical}
        description: Attribute {number} of the event
"""

_LOGICAL = {
    "string": "string",
    "bigint": "integer",
    "double": "number",
    "decimal(12,2)": "number",
    "date": "date",
    "timestamp": "date",
    "boolean": "boolean",
}


def one_contract(folder: Path, _size: int) -> Iterator[Figure]:
    """A mesh of one contract, its mesh.yaml and its domain on our side; imports on neither side."""
    root = generate.generate(folder / "lint", 1)
    contract = folder / "dataset_00000.odcs.yaml"
    contract.write_text(_odcs(), encoding="utf-8")
    script = folder / "timed.py"
    script.write_text(_TIMED, encoding="utf-8")
    linted = _lint(script, contract)
    ours = measure.best(lambda: _check(root), 10 * RUNS)
    yield Figure(
        "a mesh of one contract of 30 columns checked, in a process that runs already",
        ours,
        f"datacontract-cli {VERSION} lint of the same contract in ODCS v3.0.2, likewise",
        linted,
        0.01,
        f"{linted / ours:,.0f} times faster",
    )


def _check(root: Path) -> None:
    _, findings = check_mesh(root)
    if has_errors(findings):
        raise RuntimeError(f"the generated mesh has errors: {findings[:3]}")


def _lint(script: Path, contract: Path) -> float:
    python = _ENVIRONMENT / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    ready = _ENVIRONMENT / ".ready"  # written last: an interrupted installation is done again
    if not ready.exists():
        venv.create(_ENVIRONMENT, with_pip=True, clear=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, f"datacontract-cli=={VERSION}"], check=True)
        ready.touch()
    done = subprocess.run([python, script, contract, str(RUNS)], stdout=subprocess.PIPE, text=True, check=True)
    said = json.loads(done.stdout.splitlines()[-1])
    if said["result"] != "passed":
        raise RuntimeError(f"datacontract lint: {said['result']}")
    return float(said["seconds"])


def _odcs() -> str:
    types = (generate.TYPES[n % len(generate.TYPES)] for n in range(generate.COLUMNS - 3))
    columns = [
        _COLUMN.format(number=number, logical=_LOGICAL.get(physical, "array"), physical=f'"{physical}"')
        for number, physical in enumerate(types)
    ]
    return _HEAD + "".join(columns)
