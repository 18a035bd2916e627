"""The whole review of each case, word for word, and what holds for all of them.

``UPDATE_CASES=1 pytest tests/review/test_cases.py`` writes the expected files anew; read their diff.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from mesh_infra.cli.main import main
from mesh_infra.review.access import access_changes
from mesh_infra.review.build import review
from mesh_infra.review.environments import new_names
from mesh_infra.review.infrastructure import infrastructure_changes
from mesh_infra.review.model import Review
from mesh_infra.review.preview import read_preview, with_previews
from mesh_infra.review.render.as_json import render_json
from mesh_infra.review.render.markdown import MOST_CHARACTERS, render_markdown
from tests.review.cases import CASES, FOLDER, MESH, both_sides, lay_over, name_of
from tests.review.contracts.test_laws import MIRROR
from tests.review.repository import new_repository

BACK = {"create": "delete", "delete": "create", "update": "update", "replace": "replace"}

of_each_case = pytest.mark.parametrize("case", CASES, ids=name_of)


def expect(file: Path, found: str) -> None:
    if os.environ.get("UPDATE_CASES"):
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


@cache
def predicted(case: Path) -> Review:
    return review(*both_sides(case))


def reviewed(case: Path) -> Review:
    """The review of a case; with a ``preview.json``, which the real engine has printed, as --preview has it."""
    base, head = both_sides(case)
    found = predicted(case)
    previews = [read_preview(file.read_text(encoding="utf-8"), file.name) for file in case.glob("preview.json")]
    if not previews or base.spec is None or head.spec is None:
        return found
    return replace(found, infrastructure=with_previews(found.infrastructure, previews, base.spec, head.spec))


@of_each_case
def test_case(case: Path) -> None:
    found = reviewed(case)
    expect(case / "review.json", render_json(found))
    markdown = render_markdown(found)
    assert len(markdown) <= MOST_CHARACTERS
    assert all(line.isprintable() for line in markdown.split("\n"))
    expect(case / "review.md", markdown)


@pytest.mark.parametrize("name", ["contracts/pii-dropped", "contracts/file-renamed-only", "findings/base-unreadable"])
def test_mesh_diff_prints_it(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = FOLDER / name
    repo = new_repository(tmp_path / "mesh")
    lay_over(repo.root, MESH, case / "base")
    repo.commit()
    lay_over(repo.root, case / "head")
    for form, file in (("json", "review.json"), ("markdown", "review.md")):
        main(["-C", str(repo.root), "diff", "main", "--format", form])
        assert capsys.readouterr().out == (case / file).read_text(encoding="utf-8")


@of_each_case
def test_that_domains_in_which_nothing_differs_are_left_out_does_not_show(case: Path) -> None:
    base, head = (side.spec for side in both_sides(case))
    if base is None or head is None:
        return
    assert access_changes(base, head) == predicted(case).access
    assert infrastructure_changes(base, head) == predicted(case).infrastructure


@of_each_case
def test_the_way_back_mirrors_the_way_there(case: Path) -> None:
    base, head = both_sides(case)
    there, back = predicted(case), review(head, base)
    if base.spec is None or head.spec is None:
        return
    assert Counter((c.dataset, MIRROR[c.change]) for c in there.contracts) == Counter(
        (c.dataset, c.change) for c in back.contracts
    )
    assert {(c.role, c.domain, c.dataset, frozenset(c.gained), frozenset(c.lost)) for c in there.access} == {
        (c.role, c.domain, c.dataset, frozenset(c.lost), frozenset(c.gained)) for c in back.access
    }
    called = {new: old for old, new in new_names(base.spec.mesh, head.spec.mesh).items()}
    assert Counter((called.get(c.stack, c.stack), BACK[c.op], c.type, c.name) for c in there.infrastructure) == Counter(
        (c.stack, c.op, c.type, c.name) for c in back.infrastructure
    )
