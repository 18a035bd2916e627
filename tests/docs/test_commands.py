"""Every command that the documentation shows is run, and shows what it says; the few that cannot be are listed.

Write the outputs anew with UPDATE_DOCS=1.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path

import pytest
import yaml

from tests.docs.follow import Reader, held, mesh_inside
from tests.docs.pages import REPOSITORY, START, Page, pages, run_pages

NOT_RUN = Path(__file__).with_name("not_run.yaml")

LANGUAGES = {"console", "diff", "json", "python", "sh", "sql", "text", "yaml"}


def test_the_first_page(tmp_path: Path) -> None:
    held(Reader(tmp_path), START)


@pytest.mark.parametrize("page", run_pages(engine=False), ids=lambda page: page.name)
def test_a_page_shows_what_happens(page: Page, reader: Reader) -> None:
    held(reader, page)


def test_what_no_test_runs_is_listed_with_the_reason() -> None:
    listed = yaml.safe_load(NOT_RUN.read_text(encoding="utf-8"))
    shown = [(page.name, block.text) for page in pages() for block in page.blocks if block.language == "sh"]
    assert sorted(shown) == sorted((one["page"], one["commands"]) for one in listed)
    assert all(one["because"] for one in listed)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_code_stands_in_fences_of_a_known_language(page: Page) -> None:
    # A block that is only indented has no language: nobody could tell whether it should be run.
    assert [token.content for token in page.tokens() if token.type == "code_block"] == []
    languages = {block.language for block in page.blocks if not block.language.startswith("{")}
    assert languages <= LANGUAGES


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_commands_stand_where_commands_are_run(page: Page) -> None:
    others = [block for block in page.blocks if block.language not in ("console", "sh")]
    command = re.compile(r"^(\$|mesh|pulumi|aws|git|make|pip|python3?) .*$", re.MULTILINE)
    assert [found for block in others for found in command.findall(block.text)] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_yaml_is_yaml(page: Page) -> None:
    for block in page.blocks:
        if block.language == "yaml":
            yaml.safe_load(block.text)


def _mentions(text: str) -> Iterator[str]:
    """Calls of `mesh` in running text and in blocks that no test runs."""
    inline = re.findall(r"`(mesh(?: [^`\n]+))`", text)
    fenced = re.findall(r"^(?:\$ )?(mesh .*)$", text, flags=re.MULTILINE)
    yield from (mention.partition(" | ")[0].partition("  #")[0] for mention in (*inline, *fenced))


MENTIONING = [*(page.path for page in pages()), REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md"]


@pytest.mark.parametrize("path", MENTIONING, ids=lambda path: path.name)
def test_commands_in_running_text_are_there(path: Path) -> None:
    for mention in set(_mentions(path.read_text(encoding="utf-8"))):
        # Options that every command takes may stand before its name.
        called = re.sub(r"^mesh( (--env|-C) \S+)+", "mesh", re.split(r" --(?: |$)", mention)[0])
        words = shlex.split(called)[1:]
        named = list(takewhile(re.compile(r"[a-z]+").fullmatch, words))
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        help_text = _help(tuple(named))
        assert help_text, f"{path.name}: {mention}"
        assert options <= set(re.findall(r"--[a-z-]+", help_text)), f"{path.name}: {mention}"


@cache
def _help(named: tuple[str, ...]) -> str:
    """The help of the command that the words begin with; the longest name first, since arguments follow it."""
    helps = (mesh_inside([*named[:count], "--help"]) for count in (2, 1))
    return next((text for code, text in helps if code == 0), "")
