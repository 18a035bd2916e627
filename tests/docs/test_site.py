"""The site builds without a warning, and links between the files of the repository lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, REPOSITORY

LINK = re.compile(r"\]\((?!https?:|mailto:)(?P<path>[^)#\s]+)(?:#(?P<anchor>[^)\s]+))?\)")
OUTSIDE = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
"""Pages that Sphinx does not build."""


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    # -n: dead references; -W: any warning is an error, among them pages that no table of contents has.
    command = [sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going", "-j", "1", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", str(tmp_path / "doctrees"), str(DOCS), str(tmp_path / "html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "html/reference/contract.html").is_file()


@pytest.mark.parametrize("name", OUTSIDE)
def test_links_lead_somewhere(name: str) -> None:
    for link in LINK.finditer((REPOSITORY / name).read_text(encoding="utf-8")):
        target = REPOSITORY / link["path"]
        assert target.exists(), link.group()
        if link["anchor"]:
            assert link["anchor"] in _anchors(target), link.group()


def test_nothing_is_fetched_from_elsewhere() -> None:
    config = (DOCS / "conf.py").read_text(encoding="utf-8")
    assert "http" not in config
    assert "intersphinx" not in config


def _anchors(path: Path) -> set[str]:
    """The headings of a page as GitHub makes anchors of them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
