from __future__ import annotations

from dataclasses import replace

from mesh_infra.review.access import AccessRow, Answer, ColumnAccess, Step
from mesh_infra.review.render.matrix import access_document, render_access_markdown, render_why_markdown
from tests.review.render.reviews import HOSTILE

ROW = AccessRow(
    role="marketing",
    principals=("arn:aws:iam::111122223333:role/acme-dev-marketing",),
    domain="sales",
    dataset="orders",
    version="v1",
    columns=(
        ColumnAccess("order_id", sensitive=False, visible=True),
        ColumnAccess("email", sensitive=True, visible=False),
    ),
    via=("grant",),
    path="contracts/sales/orders.yaml",
    line=12,
)
CLEAR = replace(
    ROW, role="sales_producer", via=("grant", "files"), columns=(*ROW.columns[:1], ColumnAccess("email", True, True))
)
ANSWER = Answer(
    "marketing", ROW.principals, "sales", "orders", "v1", "email", True, False, (Step("'x' is hidden", "a.yaml", 7),)
)


def test_the_document() -> None:
    assert access_document((ROW,)) == {
        "access": [
            {
                "role": "marketing",
                "principals": ("arn:aws:iam::111122223333:role/acme-dev-marketing",),
                "dataset": "orders",
                "version": "v1",
                "columns": (
                    {"name": "order_id", "sensitive": False, "visible": True},
                    {"name": "email", "sensitive": True, "visible": False},
                ),
                "via": ("grant",),
                "path": "contracts/sales/orders.yaml",
                "line": 12,
            }
        ]
    }


def test_a_short_table_for_each_dataset() -> None:
    assert (
        render_access_markdown((ROW, CLEAR, replace(ROW, dataset="tickets")))
        == """\
#### `sales.orders v1`

| Role | Sees | Sensitive in clear |
| --- | --- | --- |
| `marketing`, grant | 1 of 2 |  |
| `sales_producer`, grant, files | all columns | `email` |

#### `sales.tickets v1`

| Role | Sees | Sensitive in clear |
| --- | --- | --- |
| `marketing`, grant | 1 of 2 |  |
"""
    )


def test_one_column_is_seen_or_not() -> None:
    shown = render_access_markdown((replace(ROW, columns=ROW.columns[1:]), replace(CLEAR, columns=CLEAR.columns[1:])))
    assert "| `marketing`, grant | no |  |" in shown
    assert "| `sales_producer`, grant, files | yes | `email` |" in shown


def test_nobody() -> None:
    assert render_access_markdown(()) == "nobody sees anything of it\n"


def test_names_cannot_leave_their_cell() -> None:
    shown = render_access_markdown((replace(CLEAR, columns=(ColumnAccess(HOSTILE, True, True),)),))
    assert shown.splitlines()[-1].count("|") == 4


def test_why() -> None:
    assert (
        render_why_markdown((ANSWER,))
        == """\
`marketing` **does not see** `email` of `sales.orders v1`, which is sensitive:

1. `a.yaml:7` 'x' is hidden
"""
    )
