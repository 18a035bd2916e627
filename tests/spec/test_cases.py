"""Meshes in folders, laid over one that is right: what loading says about each, word for word.

``UPDATE_CASES=1 pytest tests/spec/test_cases.py`` writes the expected files anew; read their diff.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from mesh_infra.spec.document import Yaml
from mesh_infra.spec.load import load
from mesh_infra.spec.model import Contract, Domain, Mesh

CASES = Path(__file__).parent.parent / "cases" / "spec"


def expect(file: Path, found: str) -> None:
    if os.environ.get("UPDATE_CASES"):
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


def laid_over_base(case: Path, target: Path) -> Path:
    for layer in (CASES / "base", case):
        shutil.copytree(layer, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.*"))
    return target


@pytest.mark.parametrize("case", sorted((CASES / "wrong").iterdir()), ids=lambda case: case.name)
def test_wrong(case: Path, tmp_path: Path) -> None:
    spec, findings = load(laid_over_base(case, tmp_path))
    assert spec is None
    expect(case / "expected.txt", "".join(f"{finding}\n" for finding in findings))


@pytest.mark.parametrize("case", sorted((CASES / "good").iterdir()), ids=lambda case: case.name)
def test_good(case: Path, tmp_path: Path) -> None:
    spec, findings = load(laid_over_base(case, tmp_path))
    assert findings == ()
    assert spec is not None
    base = {path.relative_to(CASES / "base").as_posix() for path in (CASES / "base").rglob("*.yaml")}
    own = {path.relative_to(case).as_posix() for path in case.rglob("*.yaml")}
    models: tuple[Mesh | Domain | Contract, ...] = (spec.mesh, *spec.domains, *spec.contracts)
    said = {m.source.path: m.model_dump(mode="json", exclude_defaults=True) for m in models}
    assert base <= said.keys()
    shown = {path: with_types_as_text(model) for path, model in said.items() if path in own}
    expect(case / "expected.json", json.dumps(shown, indent=2, sort_keys=True) + "\n")


def with_types_as_text(value: Yaml) -> Yaml:
    """The dump with each parsed type as Glue's text."""
    match value:
        case {"glue": glue, **_rest}:
            return glue
        case dict():
            return {key: with_types_as_text(inner) for key, inner in value.items()}
        case list():
            return [with_types_as_text(inner) for inner in value]
        case _:
            return value
