"""The JSON Schemas of a mesh's files: current, true of what is right, and closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from mesh_infra.authoring.json_schema import FileKind, json_schema
from mesh_infra.authoring.schema_file import schema_text
from mesh_infra.authoring.schema_words import CALLED, WORDS, WRITTEN
from mesh_infra.spec.source import Source
from mesh_infra.spec.yaml import load_mapping
from tests.cli.conftest import SAMPLE, Mesh, mesh  # noqa: F401 - mesh is a fixture

CASES = SAMPLE / "tests" / "cases" / "spec"
VALIDATORS = {kind: Draft202012Validator(json_schema(kind)) for kind in FileKind}


def kind_of(path: str) -> FileKind:
    return {"domains": FileKind.DOMAIN, "contracts": FileKind.CONTRACT}.get(path.partition("/")[0], FileKind.MESH)


def problems(root: Path, path: str) -> list[str]:
    data, _ = load_mapping(Source(path, (root / path).read_text(encoding="utf-8-sig")))
    return [error.message for error in VALIDATORS[kind_of(path)].iter_errors(data)]


def files(root: Path) -> list[str]:
    patterns = ("mesh.yaml", "domains/*.yaml", "contracts/*/*.yaml")
    found = (file.relative_to(root) for pattern in patterns for file in sorted(root.glob(pattern)))
    ours = (path for path in found if not path.name.endswith(".odcs.yaml"))  # the standard has a schema of its own
    return [path.as_posix() for path in ours if not any(part.startswith((".", "#")) for part in path.parts)]


@pytest.mark.parametrize("kind", FileKind)
def test_the_committed_schema_is_current(kind: FileKind, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    committed = (SAMPLE / "schemas" / f"{kind}.json").read_text(encoding="utf-8")
    assert committed == schema_text(kind), f"run: mesh schema {kind} > schemas/{kind}.json"
    assert mesh("schema", kind).stdout == committed
    Draft202012Validator.check_schema(json_schema(kind))


RIGHT = [SAMPLE, CASES / "base", *sorted((CASES / "good").iterdir())]


@pytest.mark.parametrize("root", RIGHT, ids=lambda root: root.name)
def test_what_is_right_is_valid(root: Path) -> None:
    for path in files(root):
        assert problems(root, path) == [], path


def wrong_keys() -> list[tuple[Path, str]]:
    found = set()
    for case in sorted((CASES / "wrong").iterdir()):
        for line in (case / "expected.txt").read_text(encoding="utf-8").splitlines():
            if "unknown key" in line or " has no '" in line:
                path = line.partition(":")[0]
                found.add((case if (case / path).exists() else CASES / "base", path))
    return sorted(found)


@pytest.mark.parametrize(("root", "path"), wrong_keys(), ids=lambda part: getattr(part, "name", part))
def test_wrong_and_missing_keys_are_refused(root: Path, path: str) -> None:
    assert problems(root, path)


def test_every_field_is_described() -> None:
    for kind in FileKind:
        schema = json_schema(kind)
        for model in (schema, *schema.get("$defs", {}).values()):
            for name, field in model["properties"].items():
                assert field.get("description"), (kind, name)


def test_every_example_is_valid_and_every_word_is_used() -> None:
    said: set[str] = set()
    for kind in FileKind:
        schema = json_schema(kind)
        for model in (schema, *schema.get("$defs", {}).values()):
            for field in model["properties"].values():
                said.add(field["description"])
                items = field.get("items", field)
                for example in field.get("examples", []):
                    assert Draft202012Validator({**items, "$defs": schema.get("$defs", {})}).is_valid(example), example
    assert {words[0] for words in WORDS.values()} <= said
    assert {*WRITTEN, *CALLED} <= {*WORDS}


@pytest.mark.parametrize("type_", ["string", "INT", "Decimal(10, 2)", " array < struct<a:int> >", "map<string,int>"])
def test_types_as_the_parser_takes_them(type_: str) -> None:
    column = {"name": "a", "type": type_}
    contract = {"dataset": "a", "version": "v1", "owner": "a", "schema": [column]}
    assert VALIDATORS[FileKind.CONTRACT].is_valid(contract)
    assert not VALIDATORS[FileKind.CONTRACT].is_valid({**contract, "schema": [{"name": "a", "type": "strnig"}]})


def test_an_unknown_kind_is_wrong_usage(mesh: Mesh) -> None:  # noqa: F811 - the fixture
    ran = mesh("schema", "contracts")
    assert (ran.code, ran.stderr) == (2, "mesh: there is no kind of file 'contracts'; did you mean 'contract'?\n")
