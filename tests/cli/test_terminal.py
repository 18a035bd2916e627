"""What `mesh` shows on a terminal of 80 columns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import SAMPLE, run_on_terminal
from tests.meshes import CONTRACT, write_mesh

STYLES = re.compile(r"\x1b\[[0-9;]*m")


def test_styles_are_for_terminals(small: Path) -> None:
    code, shown = run_on_terminal("list", "-C", small)
    assert code == 0
    assert STYLES.search(shown)


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_left_out(tmp_path: Path, env: dict[str, str]) -> None:
    root = write_mesh(tmp_path, {"domains/sales.yaml": "domain: sales\n"})
    _, shown = run_on_terminal("check", "-C", root, env=env)
    assert "domains/sales.yaml:1:1" in shown
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", shown)


def test_a_table_that_does_not_fit_keeps_its_long_cells_below() -> None:
    _, shown = run_on_terminal("list", "-C", SAMPLE)
    lines = [STYLES.sub("", line) for line in shown.splitlines()]
    assert max(map(len, lines)) <= 80
    row = next(index for index, line in enumerate(lines) if line.startswith("sales_orders.v1"))
    assert lines[row].split() == ["sales_orders.v1", "sales", "active", "delta", "8", "3"]
    assert lines[row + 1 : row + 3] == [
        "  owner team-sales@company.com",
        "  readers data_analyst (masked), finance, marketing (masked)",
    ]


def test_only_what_is_there_to_be_copied_is_wider_than_the_terminal() -> None:
    _, shown = run_on_terminal("show", "sales_orders", "-C", SAMPLE)
    wide = [line for line in STYLES.sub("", shown).splitlines() if len(line) > 80]
    assert {line.split()[0] for line in wide} == {"SQL", "aws", "id=$(aws"}


def test_text_of_files_is_shown_as_it_is(tmp_path: Path) -> None:
    contract = CONTRACT.replace("name: order_id", r'name: "\e[31m[bold]red:smile:"')
    root = write_mesh(tmp_path, {"contracts/sales/orders.yaml": contract})
    _, shown = run_on_terminal("check", "-C", root)
    assert r"'\x1b[31m[bold]red:smile:'" in shown
