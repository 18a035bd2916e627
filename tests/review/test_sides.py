"""Both sides of a review, out of real repositories."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mesh_infra.errors import UsageError
from mesh_infra.findings import Severity
from mesh_infra.review.build import review
from mesh_infra.review.model import Impact
from mesh_infra.review.render.parts import reaches
from mesh_infra.review.sides import EMPTY, Side, read_sides
from mesh_infra.spec.files import MAX_BYTES
from tests.meshes import BASE, CONTRACT, MESH
from tests.review.repository import Repo, clone, new_repository

ORDERS = "contracts/sales/orders.yaml"
Files = dict[str, str | bytes | None]
MESH_FILES: Files = dict(BASE)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """The base mesh in one commit on main."""
    repo = new_repository(tmp_path / "repo")
    repo.commit(MESH_FILES)
    return repo


def said(side: Side) -> list[str]:
    """The errors."""
    return [str(finding) for finding in side.findings if finding.severity is Severity.ERROR]


def versions(side: Side) -> list[str]:
    assert side.spec is not None, said(side)
    return [f"{contract.dataset} {contract.version}" for contract in side.spec.contracts]


def owner(side: Side) -> str:
    assert side.spec is not None, said(side)
    return side.spec.contracts[0].owner


def owned_by(name: str) -> str:
    return CONTRACT.replace("team-sales", name)


class TestWhichSides:
    def test_without_arguments_it_is_the_branch_and_what_is_not_committed(self, repo: Repo) -> None:
        repo.git("checkout", "--quiet", "-b", "feature")
        repo.commit({ORDERS: owned_by("committed")})
        repo.git("checkout", "--quiet", "main")
        repo.commit({ORDERS: owned_by("on-main-since")})
        repo.git("checkout", "--quiet", "feature")
        repo.write({ORDERS: owned_by("on-disk")})
        base, head = read_sides(repo.root)
        assert (owner(base), owner(head)) == ("team-sales@company.com", "on-disk@company.com")
        assert base.name.startswith("the merge base ")
        assert head.name == "the working tree"

    def test_files_that_git_does_not_know_yet_count(self, repo: Repo) -> None:
        repo.write({"contracts/sales/new.yaml": CONTRACT.replace("orders", "new")})
        base, head = read_sides(repo.root)
        assert (versions(base), versions(head)) == (["orders v1"], ["new v1", "orders v1"])

    def test_base_alone_is_that_commit(self, repo: Repo) -> None:
        repo.git("tag", "before")
        repo.commit({ORDERS: owned_by("second")})
        base, head = read_sides(repo.root, "before")
        assert (owner(base), owner(head), base.name) == ("team-sales@company.com", "second@company.com", "before")

    def test_base_and_head(self, repo: Repo) -> None:
        first = repo.git("rev-parse", "HEAD")
        second = repo.commit({ORDERS: owned_by("second")})
        repo.write({ORDERS: owned_by("on-disk")})
        base, head = read_sides(repo.root, second, first[:10])
        assert (owner(base), owner(head)) == ("second@company.com", "team-sales@company.com")

    @pytest.mark.parametrize("branch", ["main", "master"])
    def test_the_main_branch_of_the_remote_comes_before_the_local_one(self, tmp_path: Path, branch: str) -> None:
        origin = new_repository(tmp_path / "origin", branch)
        origin.commit(MESH_FILES)
        copy = clone(origin, tmp_path / "copy")
        copy.git("remote", "set-head", "origin", "--delete")
        copy.commit({ORDERS: owned_by("local")})
        assert owner(read_sides(copy.root)[0]) == "team-sales@company.com"

    def test_a_main_branch_of_another_name_is_known_from_the_remote(self, tmp_path: Path) -> None:
        origin = new_repository(tmp_path / "origin", "trunk")
        origin.commit(MESH_FILES)
        copy = clone(origin, tmp_path / "copy")
        copy.commit({ORDERS: owned_by("local")})
        assert owner(read_sides(copy.root)[0]) == "team-sales@company.com"

    @pytest.mark.parametrize("folder", ["data/mesh", "-d ata/ [*]", "caf\u00e9"])
    def test_a_mesh_in_a_folder_of_the_repository(self, tmp_path: Path, folder: str) -> None:
        repo = new_repository(tmp_path / "repo")
        repo.commit({"domains/sales.yaml": "not: ours", **{f"{folder}/{path}": text for path, text in BASE.items()}})
        repo.write({f"{folder}/{ORDERS}": owned_by("on-disk")})
        base, head = read_sides(repo.root / folder)
        assert (owner(base), owner(head), said(base)) == ("team-sales@company.com", "on-disk@company.com", [])

    def test_a_work_tree_of_its_own(self, repo: Repo, tmp_path: Path) -> None:
        repo.git("worktree", "add", "--quiet", "-b", "feature", tmp_path / "other")
        (tmp_path / "other" / ORDERS).write_text(owned_by("there"))
        assert [owner(side) for side in read_sides(tmp_path / "other")] == [
            "team-sales@company.com",
            "there@company.com",
        ]


class TestWithoutABase:
    def test_the_first_commit_of_a_mesh(self, tmp_path: Path) -> None:
        repo = new_repository(tmp_path / "repo")
        repo.commit({"README.md": "nothing yet"})
        repo.write(MESH_FILES)
        base, head = read_sides(repo.root)
        assert (base.spec, base.findings, versions(head)) == (EMPTY, (), ["orders v1"])

    def test_a_mesh_that_moves_to_another_folder_is_new_there(self, repo: Repo) -> None:
        repo.write({f"sub/{path}": text for path, text in BASE.items()})
        assert read_sides(repo.root / "sub")[0].spec == EMPTY

    def test_a_base_with_errors(self, repo: Repo) -> None:
        repo.commit({ORDERS: CONTRACT.replace("type: string", "type: strnig"), "domains/sales.yaml": "domain: sales\n"})
        repo.write(MESH_FILES)
        base, head = read_sides(repo.root)
        assert (base.spec, said(head)) == (None, [])
        found = review(base, head)
        assert (found.contracts, found.access, found.infrastructure) == ((), (), ())
        (told,) = found.findings
        assert (told.rule, told.severity, told.path, told.line) == ("base-unreadable", Severity.WARNING, ORDERS, 0)
        assert told.message == (
            f"{base.name} has 3 errors itself, so nothing is compared, and who gains access is not known: "
            f"{ORDERS}:6: unknown type 'strnig'"
        )
        assert found.approvers == ("those who run the mesh (mesh.yaml)",)
        assert all(reaches(found, limit) for limit in Impact)

    def test_a_head_with_errors_mends_nothing(self, repo: Repo) -> None:
        repo.commit({ORDERS: CONTRACT.replace("type: string", "type: strnig")})
        found = review(*read_sides(repo.root, "HEAD"))
        errors = [finding.rule for finding in found.findings if finding.severity is Severity.ERROR]
        assert errors == ["base-unreadable", "contract-type", "contract-type"]

    def test_a_head_with_errors_has_nothing_but_findings(self, repo: Repo) -> None:
        repo.write({ORDERS: CONTRACT.replace("type: string", "type: strnig")})
        found = review(*read_sides(repo.root))
        assert [f.rule for f in found.findings if f.severity is Severity.ERROR] == ["contract-type", "contract-type"]
        assert (found.contracts, found.access, found.infrastructure) == ((), (), ())

    def test_a_head_without_a_mesh(self, repo: Repo) -> None:
        head = repo.commit({"mesh.yaml": None, "mesh.yml": MESH})
        with pytest.raises(UsageError, match=rf"there is no mesh.yaml in '{head}'; rename mesh.yml to mesh.yaml"):
            read_sides(repo.root, "HEAD~1", head)


class TestWhatIsInACommit:
    """A commit is read as its checkout would be, findings included."""

    def agrees(self, repo: Repo) -> list[str]:
        repo.commit()
        in_git, on_disk = read_sides(repo.root, "HEAD", "HEAD")[1], read_sides(repo.root, "HEAD")[1]
        assert said(in_git) == said(on_disk)
        return said(in_git)

    def test_links_inside_the_mesh_are_followed(self, repo: Repo) -> None:
        (repo.root / "shared").mkdir()
        (repo.root / "contracts" / "sales").rename(repo.root / "shared" / "sales")
        (repo.root / "contracts" / "sales").symlink_to("../shared/./sales")
        (repo.root / "domains" / "sales.yaml").rename(repo.root / "shared" / "x")
        (repo.root / "domains" / "sales.yaml").symlink_to("../contracts/../shared/x")
        assert self.agrees(repo) == []
        assert versions(read_sides(repo.root)[0]) == ["orders v1"]

    def test_links_out_of_the_mesh_are_not(self, repo: Repo) -> None:
        repo.write({"../outside": "x"})
        (repo.root / "domains" / "far.yaml").symlink_to("../../outside")
        (repo.root / "domains" / "absolute.yaml").symlink_to("/etc/passwd")
        assert self.agrees(repo) == [
            "domains/absolute.yaml: the link leads out of the mesh; replace it by a copy [file-link]",
            "domains/far.yaml: the link leads out of the mesh; replace it by a copy [file-link]",
        ]

    def test_links_out_of_the_mesh_to_elsewhere_in_the_repository(self, tmp_path: Path) -> None:
        repo = new_repository(tmp_path / "repo")
        repo.write({"elsewhere.yaml": "x", **{f"mesh/{path}": text for path, text in BASE.items()}})
        (repo.root / "mesh" / "domains" / "far.yaml").symlink_to("../../elsewhere.yaml")
        found = self.agrees(Repo(repo.root / "mesh"))
        assert found == ["domains/far.yaml: the link leads out of the mesh; replace it by a copy [file-link]"]

    def test_links_that_lead_nowhere(self, repo: Repo) -> None:
        (repo.root / "domains" / "loop.yaml").symlink_to("loop.yaml")
        (repo.root / "domains" / "gone.yaml").symlink_to("nothing.yaml")
        (repo.root / "contracts" / "round").symlink_to("../contracts/round/x")
        assert self.agrees(repo) == [
            "contracts/round: the link leads nowhere; remove it [file-link]",
            "domains/gone.yaml: the link leads nowhere; remove it [file-link]",
            "domains/loop.yaml: the link leads nowhere; remove it [file-link]",
        ]

    def test_files_in_the_wrong_places_and_of_wrong_kinds(self, repo: Repo) -> None:
        padding = "#" * (MAX_BYTES - len(CONTRACT))
        repo.write(
            {
                "domains/old.yml": "x",
                "domains/.hidden.yaml": "x",
                "domains/sub/x.yaml": "x",
                "contracts/x.yaml": "x",
                "contracts/sales/larger.yaml": CONTRACT.replace("orders", "larger") + padding,
                "contracts/sales/too_large.yaml": CONTRACT.replace("orders", "too_large") + padding,
                "contracts/sales/latin.yaml": "dataset: caf\u00e9\n".encode("latin-1"),
                "contracts/sales/note.txt": "x",
            }
        )
        rules = sorted(line.rpartition("[")[2] for line in self.agrees(repo))
        assert rules == ["file-encoding]", "file-name]", "file-place]", "file-place]", "file-size]"]

    def test_a_file_where_a_folder_should_be(self, repo: Repo) -> None:
        (repo.root / ORDERS).unlink()
        (repo.root / "contracts" / "sales").rmdir()
        (repo.root / "contracts").rmdir()
        repo.write({"contracts": "x"})
        assert self.agrees(repo) == ["contracts: the folder cannot be read: Not a directory [file-unreadable]"]

    def test_names_that_a_terminal_would_not_show(self, repo: Repo) -> None:
        folder = os.fsencode(repo.root / "contracts" / "sales")
        for name in (b"a\x1b[2Jb.yaml", b"caf\xe9.yaml", b"a\nb.yaml", b'"q\\.yaml'):
            Path(os.fsdecode(folder + b"/" + name)).write_text(CONTRACT)
        found = self.agrees(repo)
        assert len({line.partition(":")[0] for line in found}) == 5  # the four, and the one that they describe again
        assert all(line.isprintable() for line in found)

    def test_a_submodule(self, repo: Repo, tmp_path: Path) -> None:
        other = new_repository(tmp_path / "other")
        other.commit({"orders.yaml": CONTRACT})
        repo.git("submodule", "--quiet", "add", other.root, "contracts/marketing")
        repo.commit()
        assert said(read_sides(repo.root, "HEAD", "HEAD")[1]) == [
            "contracts/marketing: the files of a submodule are not in this repository; replace it by a copy"
            " [file-unreadable]"
        ]


class TestRulesOfTheOrganisation:
    """They are code: a commit may be anybody's, the files on disk are those of whoever runs `mesh`."""

    RULE = """\
from mesh_infra.governance import Level, Rule, Violation
from mesh_infra.spec.model import Contract


def _check(context):
    yield Violation(("owner",), "this has been run")


RULES = [
    Rule(
        name="acme-run", summary="s", rationale="r", example="e", remedy="m", subjects=(Contract,), level=Level.WARNING,
        check=_check,
    )
]
"""

    @pytest.fixture
    def ruled(self, repo: Repo) -> Repo:
        mesh = MESH.replace("governance: {", "governance: {modules: [rules.py], ")
        repo.commit({"mesh.yaml": mesh, "rules.py": self.RULE})
        return repo

    @staticmethod
    def remarks(side: Side) -> list[str]:
        rules = ("acme-run", "governance-module")
        return [f"{finding.severity} {finding.message}" for finding in side.findings if finding.rule in rules]

    def test_those_of_a_commit_are_not_run_and_a_warning_says_so(self, ruled: Repo) -> None:
        base, head = read_sides(ruled.root, "HEAD^", "HEAD")
        assert self.remarks(base) == []
        assert self.remarks(head) == ["warning the rules in 'rules.py' are not run here"]
        assert [f.hint for f in head.findings if f.rule == "governance-module"] == ["run 'mesh check'"]

    def test_those_on_disk_are_run(self, ruled: Repo) -> None:
        assert self.remarks(read_sides(ruled.root, "HEAD^")[1]) == ["warning this has been run"]


class TestWhatGitRefuses:
    def test_no_repository(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"not a git repository.*run this in a clone of the mesh's repository"):
            read_sides(tmp_path)

    def test_a_repository_of_somebody_else(self, repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        fake = tmp_path / "bin" / "git"
        fake.parent.mkdir()
        fake.write_text(
            "#!/bin/sh\nprintf 'fatal: detected dubious ownership in repository at \\033x\\nTo add\\n' >&2\nexit 128\n"
        )
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
        with pytest.raises(UsageError, match=r"detected dubious ownership in repository at \\x1bx; if you trust it"):
            read_sides(repo.root)

    def test_no_git(self, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(repo.root))
        with pytest.raises(UsageError, match="git is not installed"):
            read_sides(repo.root)

    @pytest.mark.parametrize(
        "revision", ["nothing", "--help", "-h", "", "HEAD:mesh.yaml", "a b", "x\ny", "\0", "HEAD^9"]
    )
    def test_an_unknown_revision(self, repo: Repo, revision: str) -> None:
        with pytest.raises(UsageError, match="git knows no revision") as caught:
            read_sides(repo.root, revision)
        assert str(caught.value).isprintable()
        with pytest.raises(UsageError, match="git knows no revision"):
            read_sides(repo.root, "HEAD", revision)

    def test_a_range(self, repo: Repo) -> None:
        with pytest.raises(UsageError, match=r"no revision 'main\.\.HEAD'; name BASE and HEAD as two words"):
            read_sides(repo.root, "main..HEAD")

    def test_no_commit_yet(self, tmp_path: Path) -> None:
        repo = new_repository(tmp_path / "repo")
        repo.write(MESH_FILES)
        with pytest.raises(UsageError, match="git knows no revision 'HEAD'; there is no commit here yet"):
            read_sides(repo.root)

    def test_no_main_branch(self, repo: Repo) -> None:
        repo.git("branch", "--move", "trunk")
        with pytest.raises(UsageError, match=r"no main branch to compare with.*such as 'mesh diff HEAD~1'"):
            read_sides(repo.root)

    def test_no_commit_in_common(self, repo: Repo) -> None:
        repo.git("checkout", "--quiet", "--orphan", "other")
        repo.commit({ORDERS: owned_by("other")})
        with pytest.raises(UsageError, match="HEAD and 'refs/heads/main' have no commit in common; name what"):
            read_sides(repo.root)

    def test_a_shallow_clone_names_the_remedy(self, repo: Repo, tmp_path: Path) -> None:
        repo.git("checkout", "--quiet", "-b", "feature")
        repo.commit({ORDERS: owned_by("feature")})
        repo.git("checkout", "--quiet", "main")
        repo.commit({ORDERS: owned_by("main")})
        alone = clone(repo, tmp_path / "alone", "--depth=1", "--branch=feature")
        remedy = "the clone is shallow: run 'git fetch --unshallow', in GitHub Actions set 'fetch-depth: 0'"
        with pytest.raises(UsageError, match=f"no main branch to compare with.*{remedy}"):
            read_sides(alone.root)
        with pytest.raises(UsageError, match=f"no revision 'HEAD~1'; {remedy}"):
            read_sides(alone.root, "HEAD~1")
        both = clone(repo, tmp_path / "both", "--depth=1", "--branch=feature", "--no-single-branch")
        with pytest.raises(UsageError, match=f"have no commit in common; {remedy}"):
            read_sides(both.root)

    def test_a_partial_clone_names_the_remedy(self, repo: Repo, tmp_path: Path) -> None:
        repo.git("config", "uploadpack.allowFilter", "true")
        repo.commit({ORDERS: owned_by("second")})
        partial = clone(repo, tmp_path / "partial", "--filter=blob:none")
        assert owner(read_sides(partial.root, "HEAD")[0]) == "second@company.com"
        with pytest.raises(UsageError, match="if the clone is partial, run 'git fetch --refetch --no-filter'"):
            read_sides(partial.root, "HEAD~1")


class TestWhatCannotBeTricked:
    def test_variables_that_point_git_elsewhere(
        self, repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = new_repository(tmp_path / "other")
        other.commit({"README.md": "another repository"})
        monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
        monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
        monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
        monkeypatch.setenv("GIT_NAMESPACE", "x")
        monkeypatch.setenv("GIT_TRACE", "1")
        monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
        monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.bare")
        monkeypatch.setenv("GIT_CONFIG_VALUE_0", "nonsense")
        assert versions(read_sides(repo.root)[0]) == ["orders v1"]

    def test_replaced_objects_are_not_what_was_committed(self, repo: Repo) -> None:
        first = repo.git("rev-parse", "HEAD")
        second = repo.commit({ORDERS: owned_by("second")})
        repo.git("replace", second, first)
        assert owner(read_sides(repo.root, second)[0]) == "second@company.com"

    def test_no_hook_is_run_and_nothing_is_checked_out(self, repo: Repo, tmp_path: Path) -> None:
        hooks = tmp_path / "hooks"
        hooks.mkdir()
        for name in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor"):
            (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
            (hooks / name).chmod(0o755)
        repo.commit({ORDERS: owned_by("second")})
        repo.git("config", "core.hooksPath", hooks)
        repo.git("config", "core.fsmonitor", hooks / "fsmonitor")
        before = sorted(path for path in repo.root.rglob("*"))
        read_sides(repo.root, "HEAD~1", "HEAD")
        assert not (tmp_path / "ran").exists()
        assert sorted(path for path in repo.root.rglob("*")) == before


class TestWhatIsReadOnce:
    def test_a_contract_that_stays_is_one_value_on_both_sides(self, repo: Repo) -> None:
        repo.commit({"contracts/sales/new.yaml": CONTRACT.replace("orders", "new")})
        repo.write({ORDERS: owned_by("on-disk")})
        for head in (None, "HEAD"):
            base, other = read_sides(repo.root, "HEAD", head)
            assert base.spec is not None
            assert other.spec is not None
            same = [one is two for one, two in zip(base.spec.contracts, other.spec.contracts, strict=True)]
            assert same == ([True, False] if head is None else [True, True])
