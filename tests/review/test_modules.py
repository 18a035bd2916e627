"""The organisation's own rules on both sides: read, compared, and never run."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh_infra.review.compare import compare
from mesh_infra.review.git import Repository
from mesh_infra.review.git_tree import Commit
from mesh_infra.review.modules import read_modules
from mesh_infra.review.sides import read_sides
from mesh_infra.spec.model import Mesh
from mesh_infra.spec.tree import Disk
from tests.meshes import BASE, MESH
from tests.review.repository import Repo, new_repository

ACME = "rules/acme.py"
RULES = "RULES: list[object] = []\n"
FILES = {**BASE, "mesh.yaml": MESH.replace("{description", f"{{modules: [{ACME}], description"), ACME: RULES}


def warned(repo: Repo, base: str = "HEAD", head: str | None = None) -> list[str]:
    found = compare(repo.root, base, head)
    assert found.compared
    return [finding.path for finding in found.findings if finding.rule == "rule-modules-changed"]


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = new_repository(tmp_path / "mesh")
    repo.commit(dict(FILES))
    return repo


def test_what_changes_in_a_file_of_rules_is_told(repo: Repo) -> None:
    assert warned(repo) == []
    repo.write({ACME: f"{RULES}# nothing is checked\n"})
    assert warned(repo) == [ACME]
    assert compare(repo.root, "HEAD").approvers == ("those who run the mesh (mesh.yaml)",)
    repo.commit()
    assert warned(repo) == []
    assert warned(repo, "HEAD~1", "HEAD") == [ACME]


def test_the_ends_of_lines_do_not_count(repo: Repo) -> None:
    repo.write({ACME: RULES.replace("\n", "\r\n")})
    assert warned(repo) == []


def test_no_side_that_is_a_commit_is_run(repo: Repo) -> None:
    proof = repo.root.parent / "was-run"
    for text in ("", "# again\n"):
        repo.commit({ACME: f"from pathlib import Path\nPath({str(proof)!r}).touch()\n{RULES}{text}"})
    assert warned(repo, "HEAD~1", "HEAD") == [ACME]
    assert not proof.exists()


def _mesh(*paths: str) -> Mesh:
    sides = Mesh.model_construct(rule_modules=paths)
    assert sides.rule_modules == paths
    return sides


@pytest.mark.parametrize(
    "path",
    ["", "/etc/hosts", "../secret.py", "rules/../../secret.py", "out/secret.py", "out.py", "nowhere.py", "rules"],
)
def test_nothing_outside_the_mesh_is_read(repo: Repo, path: str) -> None:
    (repo.root.parent / "secret.py").write_text("SECRET = 1\n", encoding="utf-8")
    (repo.root / "out").symlink_to(repo.root.parent)
    (repo.root / "out.py").symlink_to(repo.root.parent / "secret.py")
    commit = Commit(Repository(repo.root), repo.commit())
    for tree in (Disk(repo.root), commit):
        assert read_modules(tree, _mesh(path)) == {path: ""}


def test_a_link_inside_is_followed(repo: Repo) -> None:
    (repo.root / "ours").symlink_to("rules")
    commit = Commit(Repository(repo.root), repo.commit())
    found = [read_modules(tree, _mesh(ACME, "ours/acme.py")) for tree in (Disk(repo.root), commit)]
    assert found[0] == found[1]
    assert len(set(found[0].values())) == 1
    assert found[0][ACME]


def test_sides_know_them(repo: Repo) -> None:
    base, head = read_sides(repo.root, "HEAD")
    assert list(base.modules) == [ACME]
    assert base.modules == head.modules


def test_a_file_that_is_new_and_one_that_goes_are_told(repo: Repo) -> None:
    without = MESH + 'github: ["@acme/platform"]\n'
    repo.commit({"mesh.yaml": without, ACME: None})
    repo.write({"mesh.yaml": FILES["mesh.yaml"] + 'github: ["@acme/platform"]\n', ACME: RULES})
    found = compare(repo.root, "HEAD")
    (told,) = (finding for finding in found.findings if finding.rule == "rule-modules-changed")
    assert (told.path, told.message, found.approvers) == (
        "mesh.yaml",
        "the rules in 'rules/acme.py' are new: that is code, which runs wherever the mesh is deployed",
        ("@acme/platform",),
    )
    repo.commit()
    repo.write({"mesh.yaml": without})
    found = compare(repo.root, "HEAD")
    assert [finding.message for finding in found.findings if finding.rule == "rule-modules-changed"] == [
        "the rules in 'rules/acme.py' are no longer checked"
    ]


def test_a_file_that_was_named_and_not_there_is_told(repo: Repo) -> None:
    repo.commit({ACME: None})
    repo.write({ACME: RULES})
    assert warned(repo) == [ACME]


def test_another_way_to_write_its_path_changes_nothing(repo: Repo) -> None:
    repo.write({"mesh.yaml": FILES["mesh.yaml"].replace(ACME, '"./rules//acme.py"')})
    assert warned(repo) == []


def test_the_rules_of_a_first_commit_are_no_change(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "--orphan", "first")
    repo.commit(dict.fromkeys(FILES))
    repo.write(dict(FILES))
    assert warned(repo) == []
