"""Every example in the help of the commands that write, and in the README of a new mesh, run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.authoring.test_infer import data_file
from tests.cli.conftest import Mesh, mesh, sample  # noqa: F401 - fixtures

COMMANDS = [("init",), ("grant",), ("revoke",), ("schema",), ("new",), ("new", "domain"), ("new", "contract")]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_examples(
    command: tuple[str, ...],
    mesh: Mesh,  # noqa: F811 - the fixture
    sample: Path,  # noqa: F811 - the fixture
) -> None:
    shown = mesh(*command, "--help").stdout.partition("Examples:")[2]
    for name in ("members.parquet", "refunds.parquet"):
        data_file(sample, name)
    found = re.findall(r"^    mesh (.*)$", shown, flags=re.MULTILINE)
    assert found
    for example in found:
        args = shlex.split(example)
        where = sample / "new" if args[:2] == ["init", "."] else sample
        where.mkdir(exist_ok=True)
        owner = ["--owner", "a@company.com"] if args[:2] == ["new", "domain"] and "--owner" not in args else []
        ran = mesh("-C", where, *args, *owner)
        assert ran.code == 0, (example, ran)


def test_what_a_new_mesh_says_to_run_runs(tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    mesh("init", tmp_path)
    data_file(tmp_path, "data.parquet")
    said = (tmp_path / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    mesh (check|new .*?|grant .*?)(?:  +#.*)?$", said, flags=re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        args = shlex.split(command)
        if args[:2] == ["new", "domain"]:
            args += ["--owner", "a@company.com"]
        if args[:2] == ["new", "contract"]:
            args += ["--from", "data.parquet"]
        ran = mesh("-C", tmp_path, *args)
        assert ran.code == 0, (command, ran)
