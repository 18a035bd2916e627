"""A check of what changed alone finds what a check of everything finds, whatever is in the cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_infra.cache import FOLDER, Cache, FolderCache, NoCache
from mesh_infra.checks import check_mesh, check_only
from mesh_infra.codeowners import find_codeowners
from mesh_infra.findings import Finding, Severity
from mesh_infra.spec import tree
from mesh_infra.spec.document import Yaml
from mesh_infra.spec.tree import Disk
from mesh_infra.spec.yaml import parse_plain
from mesh_infra.survey import Means, documents, open_mesh, survey
from mesh_infra.verdict import Checked
from tests.survey.meshes import FILES, Edit, contract, edits, write

DAY = date(2026, 6, 15)


def in_full(root: Path, day: date = DAY) -> Checked:
    """Everything read and judged at once, as a deployment does."""
    spec, findings = check_mesh(root, day)
    return Checked(findings, len(spec.domains), len(spec.contracts)) if spec else Checked(findings)


def settle(root: Path) -> None:
    """Make files seem to be old, as far as that can be done: the time at which they were touched stays true."""
    for file in root.rglob("*"):
        os.utime(file, (0, 0))


@settings(max_examples=60)
@given(st.lists(edits, min_size=1, max_size=3))
def test_edit_after_edit_with_a_cache_and_without(history: list[list[Edit]]) -> None:
    with TemporaryDirectory() as folder:
        root, cache = write(Path(folder) / "mesh", dict(FILES)), FolderCache(Path(folder) / "cache")
        assert check_only(root, DAY, cache) == in_full(root)
        for step in history:
            expected = in_full(write(root, dict(step)))
            assert check_only(root, DAY, cache) == expected
            assert check_only(root, DAY, cache) == expected
            assert check_only(root, DAY) == expected


def test_a_finding_is_there_again_the_next_time(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "mesh", dict(FILES)), FolderCache(tmp_path / "cache")
    write(root, {"contracts/sales/orders.yaml": contract("orders", "sales").replace("    pii: true\n", "")})
    first, second = check_only(root, DAY, cache), check_only(root, DAY, cache)
    assert "pii-untagged" in [finding.rule for finding in first.findings]
    assert first == second


def test_the_day_counts_where_something_is_accepted(tmp_path: Path) -> None:
    accepted = 'accept: [{rule: pii-untagged, reason: r, until: "2026-06-15"}]\n'
    text = contract("orders", "sales", accepted).replace("    pii: true\n", "")
    root = write(tmp_path / "mesh", {**FILES, "contracts/sales/orders.yaml": text})
    cache = FolderCache(tmp_path / "cache")
    for day in (date(2026, 6, 15), date(2026, 6, 16), date(2026, 6, 15)):
        assert check_only(root, day, cache) == in_full(root, day)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ten seconds later than it is, so that files seem to have lain still."""
    now = time.time_ns
    monkeypatch.setattr(tree.time, "time_ns", lambda: now() + 10_000_000_000)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the contracts that are read."""
    paths: list[str] = []
    original = Disk.read

    def reading(disk: Disk, path: str, most: int) -> bytes | None:
        if path.startswith("contracts/"):
            paths.append(path)
        return original(disk, path, most)

    monkeypatch.setattr(Disk, "read", reading)
    return paths


@pytest.mark.usefixtures("later")
def test_files_that_lie_still_are_not_read(tmp_path: Path, read: list[str]) -> None:
    root, cache = write(tmp_path / "mesh", dict(FILES)), FolderCache(tmp_path / "cache")
    expected = check_only(root, DAY, cache)
    assert len(read) == 4
    read.clear()
    assert check_only(root, DAY, cache) == expected
    assert read == []
    write(root, {"contracts/sales/new.yaml": contract("new", "sales")})
    check_only(root, DAY, cache)
    assert {path.split("/")[1] for path in read} == {"sales"}


def test_what_was_parsed_is_not_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def parsing(text: str) -> dict[str, Yaml] | None:
        parsed.append(text)
        return parse_plain(text)

    monkeypatch.setattr(documents, "parse_plain", parsing)
    anchored = contract("odd", "sales", "title: &name Odd\ndescription: *name\n")
    root = write(tmp_path / "mesh", {**FILES, "contracts/sales/odd.yaml": anchored})
    cache = FolderCache(tmp_path / "cache")
    expected = check_only(root, DAY, cache)
    assert len(parsed) == 5
    parsed.clear()
    write(root, {"mesh.yaml": FILES["mesh.yaml"] + "# another mesh\n"})
    assert check_only(root, DAY, cache) == expected == in_full(root)
    assert parsed == []


@pytest.mark.usefixtures("later")
def test_a_file_of_the_same_size_and_age_is_another(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "mesh", dict(FILES)), FolderCache(tmp_path / "cache")
    settle(root)
    check_only(root, DAY, cache)
    time.sleep(0.02)  # longer than the clock of a file system takes for a step
    file = root / "contracts/sales/orders.yaml"
    file.write_text(file.read_text().replace("type: string", "type: strnig"))
    settle(root)
    assert check_only(root, DAY, cache) == in_full(root)


def test_files_that_were_written_just_now_are_read_again(tmp_path: Path, read: list[str]) -> None:
    root, cache = write(tmp_path / "mesh", dict(FILES)), FolderCache(tmp_path / "cache")
    check_only(root, DAY, cache)
    read.clear()
    check_only(root, DAY, cache)
    assert len(read) == 4


def test_two_meshes_share_a_cache(tmp_path: Path) -> None:
    cache = FolderCache(tmp_path / "cache")
    one = write(tmp_path / "one", dict(FILES))
    other = write(tmp_path / "other", {**FILES, "domains/marketing.yaml": None})
    for root in (one, other, one, other):
        assert check_only(root, DAY, cache) == in_full(root)


def test_links_are_followed_each_time(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "mesh", dict(FILES)), FolderCache(tmp_path / "cache")
    shared = write(root, {"shared/x.yaml": contract("linked", "sales")}) / "shared/x.yaml"
    (root / "contracts/sales/linked.yaml").symlink_to("../../shared/x.yaml")
    assert check_only(root, DAY, cache) == in_full(root)
    shared.write_text(contract("linked", "sales").replace("string", "strnig"))
    settle(root)
    assert check_only(root, DAY, cache) == in_full(root)


def test_rules_of_the_organisation_are_run_each_time(tmp_path: Path) -> None:
    mesh = FILES["mesh.yaml"].replace("governance: {", "governance: {modules: [rules.py], ")
    root = write(tmp_path / "mesh", {**FILES, "mesh.yaml": mesh, "rules.py": "RULES = []\n"})
    cache = FolderCache(tmp_path / "cache")
    assert check_only(root, DAY, cache) == in_full(root)
    (root / "rules.py").write_text("1 / 0\n")
    found = check_only(root, DAY, cache)
    assert "governance-module" in [finding.rule for finding in found.findings]
    assert found == in_full(root)


def test_several_processes_find_what_one_finds(tmp_path: Path) -> None:
    wrong = contract("visits", "sales").replace("string", "strnig")
    root = write(tmp_path / "mesh", {**FILES, "contracts/sales/visits.yaml": wrong})
    cache: Cache
    for cache in (NoCache(), FolderCache(tmp_path / "cache")):
        found = survey(open_mesh(Disk(root), "mesh"), DAY, Means(cache, 2, root, worth=1), find_codeowners(root))
        assert found is not None
        assert found.findings == in_full(root).findings


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw, _: raw[: len(raw) // 2],
        lambda _, other: other,
        lambda raw, _: raw.replace(b"finance", b"nowhere"),
        lambda raw, _: raw[:0],
    ],
    ids=["cut off", "another entry", "edited", "empty"],
)
def test_a_damaged_cache_is_no_cache(tmp_path: Path, damage: Callable[[bytes, bytes], bytes]) -> None:
    wrong = contract("visits", "sales").replace("    pii: true\n", "")
    root = write(tmp_path / "mesh", {**FILES, "contracts/sales/visits.yaml": wrong})
    cache = FolderCache(tmp_path / "cache")
    settle(root)
    expected = check_only(root, DAY, cache)
    entries = sorted(file for file in (tmp_path / "cache").glob("*/*/*") if file.is_file())
    held = [file.read_bytes() for file in entries]
    for file, raw, other in zip(entries, held, held[1:] + held[:1], strict=True):
        file.write_bytes(damage(raw, other))
    assert check_only(root, DAY, cache) == expected == in_full(root)
    assert check_only(root, DAY, cache) == expected


def test_commands_at_once_share_a_cache_and_their_work(tmp_path: Path) -> None:
    many = {f"contracts/sales/d{n}.yaml": contract(f"d{n}", "sales") for n in range(300)}
    more = {f"contracts/finance/d{n}.yaml": contract(f"d{n}", "finance") for n in range(300)}
    root = write(tmp_path / "mesh", {**FILES, **many, **more})
    wrong = contract("visits", "sales").replace("string", "strnig")
    write(root, {"contracts/sales/visits.yaml": wrong})
    command = [sys.executable, "-m", "mesh_infra.cli", "-C", str(root), "check", "--format", "json"]
    environment = {**os.environ, FOLDER: str(tmp_path / "cache")}
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0] for process in running]
    expected = [str(finding) for finding in in_full(root, datetime.now(UTC).date()).findings]
    for text in said:
        found = [Finding(**{**one, "severity": Severity(one["severity"])}) for one in json.loads(text)["findings"]]
        assert [str(finding) for finding in found] == expected


def test_no_module_of_the_mesh_is_imported_by_the_processes_that_check_it(tmp_path: Path) -> None:
    hostile = {f"{name}.py": "open('imported', 'a').write(__name__)\n" for name in ("multiprocessing", "mesh_infra")}
    root = write(tmp_path / "mesh", {**FILES, **hostile})
    script = tmp_path / "check.py"
    script.write_text(
        "from datetime import date\n"
        "from pathlib import Path\n"
        "from mesh_infra.cache import NoCache\n"
        "from mesh_infra.spec.tree import Disk\n"
        "from mesh_infra.survey import Means, open_mesh, survey\n"
        "if __name__ == '__main__':\n"
        "    root = Path.cwd()\n"
        "    found = survey(open_mesh(Disk(root), 'mesh'), date(2026, 6, 15), Means(NoCache(), 2, root, worth=1))\n"
        "    print(len(found.findings))\n",
        encoding="utf-8",
    )
    ran = subprocess.run([sys.executable, script], cwd=root, capture_output=True, text=True, check=True)
    assert (ran.stdout.strip(), ran.stderr) == (str(len(in_full(root).findings)), "")
    assert not (root / "imported").exists()
