"""CODEOWNERS from the owners that mesh.yaml and domains name."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh_infra.checks import check_mesh
from mesh_infra.codeowners import codeowners, codeowners_finding, find_codeowners, write_codeowners
from mesh_infra.errors import UsageError
from mesh_infra.findings import Severity
from mesh_infra.review.sides import read_sides
from tests.meshes import BASE, DOMAIN, MESH, findings_of, read_spec, write_mesh
from tests.review.repository import new_repository

OWNED = {
    "mesh.yaml": f'{MESH}github: ["@acme/platform", "@ann"]\n',
    "domains/sales.yaml": DOMAIN.format(name="sales") + 'github: ["@acme/sales"]\n',
}
SECTION = """\
# >>> mesh-infra: written by 'mesh codeowners' from 'github' in mesh.yaml and domains/
/mesh.yaml @acme/platform @ann
/domains/ @acme/platform @ann
/contracts/ @acme/platform @ann
/*.py @acme/platform @ann
/Pulumi* @acme/platform @ann
/requirements* @acme/platform @ann
/pyproject.toml @acme/platform @ann
/.github/ @acme/platform @ann
CODEOWNERS @acme/platform @ann
/contracts/sales/ @acme/sales
/domains/sales.yaml @acme/sales
# <<< mesh-infra
"""


def said(root: Path) -> list[str]:
    """The errors."""
    return [str(finding) for finding in check_mesh(root)[1] if finding.severity is Severity.ERROR]


class TestText:
    def test_the_last_rule_that_fits_is_the_domains(self, tmp_path: Path) -> None:
        assert codeowners(read_spec(tmp_path, OWNED)) == SECTION

    @pytest.mark.parametrize("text", ["* @acme/all\n", "* @acme/all", "a @b\n\n\n"])
    def test_what_others_wrote_is_kept(self, tmp_path: Path, text: str) -> None:
        spec = read_spec(tmp_path, OWNED)
        first = codeowners(spec, text)
        assert first == f"{text}\n{'' if text.endswith(chr(10)) else chr(10)}{SECTION}"
        assert codeowners(spec, f"{first}/docs/ @acme/writers\n") == f"{first}/docs/ @acme/writers\n"

    def test_the_section_is_replaced_where_it_stands(self, tmp_path: Path) -> None:
        spec = read_spec(tmp_path, OWNED)
        old = SECTION.replace("@acme/sales", "@acme/others").replace("/mesh.yaml @acme/platform @ann\n", "")
        assert codeowners(spec, f"* @a\n{old}/b @c\n") == f"* @a\n{SECTION}/b @c\n"

    def test_a_file_of_windows_stays_one(self, tmp_path: Path) -> None:
        text = codeowners(read_spec(tmp_path, OWNED), "* @acme/all\r\n")
        assert text == "* @acme/all\r\n\r\n" + SECTION.replace("\n", "\r\n")
        assert codeowners(read_spec(tmp_path, OWNED), text) == text

    def test_a_mesh_in_a_folder(self, tmp_path: Path) -> None:
        text = codeowners(read_spec(tmp_path, OWNED), folder="data/the m\u00e9sh [1]/")
        assert "\n/data/the?m?sh??1?/contracts/sales/ @acme/sales\n" in text
        assert "\n/data/the?m?sh??1?/*.py @acme/platform @ann\n" in text
        # These are the larger repository's.
        assert ".github" not in text
        assert "\nCODEOWNERS" not in text

    def test_rules_of_its_own_are_the_organisations_wherever_they_lie(self, tmp_path: Path) -> None:
        paths = ("rules/a b.py", "contracts/sales/ours.py")
        modules = MESH.replace("governance: {", f"governance: {{modules: [{', '.join(paths)}], ")
        owned = OWNED["mesh.yaml"].replace(MESH, modules)
        spec = read_spec(tmp_path, {**OWNED, "mesh.yaml": owned, **dict.fromkeys(paths, "RULES = []\n")})
        assert codeowners(spec).splitlines()[-4:-1] == [
            "/domains/sales.yaml @acme/sales",
            "/contracts/sales/ours.py @acme/platform @ann",
            "/rules/a?b.py @acme/platform @ann",
        ]
        # Where nobody answers for mesh.yaml there is nobody to name.
        nobody = read_spec(tmp_path, {**OWNED, "mesh.yaml": modules})
        assert "ours.py" not in codeowners(nobody)

    @pytest.mark.parametrize("path", ["./rules/acme.py", "rules//acme.py", "rules/./acme.py", "./rules/././/acme.py"])
    def test_a_file_of_rules_is_named_as_github_names_it(self, tmp_path: Path, path: str) -> None:
        modules = OWNED["mesh.yaml"].replace("governance: {", f'governance: {{modules: ["{path}", rules/acme.py], ')
        spec = read_spec(tmp_path, {**OWNED, "mesh.yaml": modules, "rules/acme.py": "RULES = []\n"})
        assert [line for line in codeowners(spec).splitlines() if "acme.py" in line] == [
            "/rules/acme.py @acme/platform @ann"
        ]

    @pytest.mark.parametrize(
        "text", [SECTION + SECTION, "# <<< mesh-infra\n# >>> mesh-infra\n", "# >>> mesh-infra\n", "# <<< mesh-infra\n"]
    )
    def test_a_damaged_section_is_not_guessed_at(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(UsageError, match="must stand between one line '# >>> mesh-infra' and one line"):
            codeowners(read_spec(tmp_path, OWNED), text)


class TestFile:
    def test_written_where_github_looks_first(self, tmp_path: Path) -> None:
        root = write_mesh(tmp_path / "repo", OWNED)
        assert write_codeowners(root, read_spec(root, OWNED)) == root / ".github" / "CODEOWNERS"
        assert (root / ".github" / "CODEOWNERS").read_text() == SECTION
        assert said(root) == []

    def test_written_into_the_file_that_there_is(self, tmp_path: Path) -> None:
        root = write_mesh(tmp_path / "repo", OWNED)
        (root / "CODEOWNERS").write_text("* @acme/all\n")
        (root / "CODEOWNERS").chmod(0o640)
        written = write_codeowners(root, read_spec(root, OWNED))
        assert (written, written.read_text()) == (root / "CODEOWNERS", f"* @acme/all\n\n{SECTION}")
        assert written.stat().st_mode & 0o777 == 0o640
        assert [path.name for path in root.iterdir() if "CODEOWNERS" in path.name] == ["CODEOWNERS"]

    def test_written_at_the_top_of_the_repository(self, tmp_path: Path) -> None:
        repo = new_repository(tmp_path / "repo")
        root = write_mesh(repo.root / "data" / "mesh", OWNED)
        written = write_codeowners(root, read_spec(root, OWNED))
        assert written == repo.root / ".github" / "CODEOWNERS"
        assert "/data/mesh/contracts/sales/ @acme/sales" in written.read_text()
        assert said(root) == []

    def test_nothing_is_written_where_nobody_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="nobody is named under 'github'"):
            write_codeowners(tmp_path, read_spec(tmp_path))
        assert not (tmp_path / ".github").exists()

    def test_a_section_that_nobody_answers_for_any_more_is_emptied(self, tmp_path: Path) -> None:
        spec = read_spec(tmp_path)
        (tmp_path / "CODEOWNERS").write_text(SECTION)
        text = write_codeowners(tmp_path, spec).read_text()
        assert [line[:1] for line in text.splitlines()] == ["#", "#"]

    @pytest.mark.parametrize("raw", [b"caf\xe9 @acme/all\n", b"#" * (1024 * 1024 + 1)])
    def test_a_file_that_cannot_be_read_is_left_alone(self, tmp_path: Path, raw: bytes) -> None:
        (tmp_path / "CODEOWNERS").write_bytes(raw)
        with pytest.raises(UsageError, match="cannot be read"):
            write_codeowners(tmp_path, read_spec(tmp_path, OWNED))
        assert (tmp_path / "CODEOWNERS").read_bytes() == raw

    def test_a_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / ".github").write_text("a file")
        with pytest.raises(UsageError, match="cannot be written"):
            write_codeowners(tmp_path, read_spec(tmp_path, OWNED))


class TestStale:
    def test_found_by_check(self, tmp_path: Path) -> None:
        root = write_mesh(tmp_path, OWNED)
        (root / ".github").mkdir()
        (root / ".github" / "CODEOWNERS").write_text(f"* @a\n{SECTION.replace('@ann', '@bob')}")
        assert said(root) == [
            ".github/CODEOWNERS:2:1: the section of mesh-infra is out of date: it does not say what mesh.yaml and the"
            " domains say; run 'mesh codeowners' [codeowners-stale]"
        ]

    def test_damaged(self, tmp_path: Path) -> None:
        root = write_mesh(tmp_path, OWNED)
        (root / "CODEOWNERS").write_text("# <<< mesh-infra\n")
        assert said(root)[0].startswith("CODEOWNERS: the section of mesh-infra in CODEOWNERS must stand between")

    def test_a_file_without_our_section_is_no_concern_of_ours(self, tmp_path: Path) -> None:
        root = write_mesh(tmp_path, OWNED)
        assert said(root) == []
        (root / "CODEOWNERS").write_text("/mesh.yaml @somebody\n")
        assert said(root) == []

    def test_a_file_that_github_reads_instead(self, tmp_path: Path) -> None:
        root = write_mesh(tmp_path, OWNED)
        (root / ".github").mkdir()
        (root / "CODEOWNERS").write_text(SECTION)
        (root / ".github" / "CODEOWNERS").write_text("* @somebody\n")
        assert said(root) == [
            "CODEOWNERS:1:1: GitHub does not read this file, because there is '.github/CODEOWNERS';"
            " move its lines there [codeowners-stale]"
        ]

    def test_in_a_commit_it_is_the_commits_file(self, tmp_path: Path) -> None:
        repo = new_repository(tmp_path / "repo")
        inside = {f"mesh/{path}": text for path, text in {**BASE, **OWNED}.items()}
        repo.commit({**inside, "CODEOWNERS": SECTION})
        repo.write({"CODEOWNERS": None})
        stale = [
            [finding.path for finding in head.findings if finding.rule == "codeowners-stale"]
            for _, head in (read_sides(repo.root / "mesh", "HEAD", "HEAD"), read_sides(repo.root / "mesh", "HEAD"))
        ]
        assert stale == [["../CODEOWNERS"], []]

    def test_no_file(self, tmp_path: Path) -> None:
        assert find_codeowners(tmp_path) is None
        assert codeowners_finding(read_spec(tmp_path, OWNED), None) is None


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('["acme/sales"]', "'acme/sales' is no user or team on GitHub; write \"@acme/sales\" [domain-github]"),
        ('["@acme/sales\\n* @evil"]', "'@acme/sales\\n* @evil' is no user or team on GitHub"),
        ('["@a b"]', '\'@a b\' is no user or team on GitHub; write "@user" or "@organisation/team" [domain-github]'),
        ('["ann@company.com"]', "'ann@company.com' is no user or team on GitHub"),
        ('["@-a"]', "'@-a' is no user or team on GitHub"),
        ('["@a--b"]', "'@a--b' is no user or team on GitHub"),
        (f'["@{"a" * 40}"]', "is no user or team on GitHub"),
        ('"@acme/sales"', "'github' must be a list, not '@acme/sales'"),
        ("[1]", "an entry of 'github' must be text, not the number 1"),
    ],
)
def test_what_is_no_owner(tmp_path: Path, written: str, message: str) -> None:
    text = DOMAIN.format(name="sales") + f"github: {written}\n"
    (error,) = (f for f in findings_of(tmp_path, {"domains/sales.yaml": text}) if f.severity is Severity.ERROR)
    assert message in str(error)


@pytest.mark.parametrize("owner", ["@ann", "@Ann-B2", "@ann_acme", "@acme/sales", "@acme/sales_team-2", f"@{'a' * 39}"])
def test_who_is_an_owner(tmp_path: Path, owner: str) -> None:
    spec = read_spec(tmp_path, {"domains/sales.yaml": DOMAIN.format(name="sales") + f'github: ["{owner}"]\n'})
    assert f"/domains/sales.yaml {owner}\n" in codeowners(spec)
