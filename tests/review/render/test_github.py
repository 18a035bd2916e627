from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given

from mesh_infra.findings import printable
from mesh_infra.review.model import Review
from mesh_infra.review.render.github import render_github, render_github_findings
from mesh_infra.review.render.notices import of_review
from tests.review.render.reviews import ERROR, EVERYTHING, NOTHING, WARNING, reviews


def test_the_worst_comes_first() -> None:
    """GitHub shows ten annotations of each kind for a step."""
    assert render_github(EVERYTHING).splitlines() == [
        "::error file=contracts/sales/orders.yaml,line=6,col=5,title=breaking-change::breaks consumers: "
        "column 'amount' is removed (read by finance); create contracts/sales/orders.v2.yaml with 'version: v2'",
        "::error file=contracts/sales/orders.yaml,line=12,title=access-gained::marketing on sales.orders v1 gains "
        "user_email (sensitive), order_id: 'marketing' is a new reader",
        "::warning file=mesh.yaml,title=data-loss::stack 'dev': delete Key sales; DATA IS LOST",
        "::warning file=mesh.yaml,title=drift::stack 'dev': update Role auditor; drift: the files do not change it",
        "::warning file=contracts/sales/orders.yaml,line=9,col=5,title=pii-untagged::'phone' sounds personal; "
        "say 'pii: true'",
        "::notice file=contracts/sales/orders.yaml,line=14,title=access-lost::auditor on sales.orders v1 loses amount: "
        "no longer a reader",
        "::notice file=contracts/sales/orders.yaml,line=3,title=description-changed::orders v1: the text changes",
    ]


def test_nothing() -> None:
    assert render_github(NOTHING) == ""


@pytest.mark.parametrize(
    ("folder", "path", "shown"),
    [
        ("data/mesh/", "mesh.yaml", "data/mesh/mesh.yaml"),
        ("data/mesh/", "../../.github/CODEOWNERS", ".github/CODEOWNERS"),
        ("", "a:b,c%.yaml", "a%3Ab%2Cc%25.yaml"),
        ("", "a\nb.yaml", "a\\nb.yaml"),
    ],
)
def test_paths_are_those_of_the_repository(folder: str, path: str, shown: str) -> None:
    command = render_github_findings((replace(WARNING, path=path),), folder)
    assert command.startswith(f"::warning file={shown},line=9,")


def test_what_would_end_a_command_or_begin_one_is_encoded() -> None:
    found = replace(ERROR, message="100%\n::error::x\r", hint="", rule="a,b:c")
    assert render_github_findings((found,)) == (
        "::error file=contracts/sales/orders.yaml,line=6,col=5,title=a%2Cb%3Ac::100%25\\n::error::x\\r\n"
    )


def test_a_file_as_a_whole_has_no_line() -> None:
    assert render_github_findings((replace(ERROR, line=0, column=0, message="m", hint=""),)) == (
        "::error file=contracts/sales/orders.yaml,title=breaking-change::m\n"
    )


COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


@given(reviews())
def test_the_runner_reads_what_was_meant(review: Review) -> None:
    """As actions/runner does: split at the second '::' and at commas, then decode."""
    lines = render_github(review).split("\n")[:-1]
    notices = of_review(review)
    assert len(lines) == len(notices)
    for line, notice in zip(lines, notices, strict=True):
        found = COMMAND.fullmatch(line)
        assert found
        properties = dict(item.split("=", 1) for item in found[2].split(","))
        assert properties.keys() <= {"file", "line", "col", "title"}
        assert _decoded(properties["title"]) == printable(notice.rule)
        assert found[3].replace("%25", "%") == printable(notice.message)


def _decoded(text: str) -> str:
    return text.replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
