from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from mesh_infra.review.model import Review
from mesh_infra.review.render.text import render_text
from tests.review.render.reviews import (
    EVERYTHING,
    EXPOSED,
    HOSTILE,
    KEY_GONE,
    NOTHING,
    reviews,
)

SHOWN = """\
errors
  contracts/sales/orders.yaml:6:5: breaks consumers: column 'amount' is removed (read by finance); \
create contracts/sales/orders.v2.yaml with 'version: v2' [breaking-change]

access
  critical  marketing on sales.orders v1 gains user_email (sensitive), order_id: 'marketing' is a new reader \
(contracts/sales/orders.yaml:12)
  info      auditor on sales.orders v1 loses amount: no longer a reader (contracts/sales/orders.yaml:14)

contracts
  info      orders v1: the text changes (contracts/sales/orders.yaml:3)

infrastructure of the stack 'dev'
  -  delete  Key sales; DATA IS LOST
  +- replace Permissions sales.orders_v1.marketing: forced by table
  ~  update  Role auditor: description; drift: the files do not change it

warnings
  contracts/sales/orders.yaml:9:5: warning: 'phone' sounds personal; say 'pii: true' [pii-untagged]

must approve: team-sales@company.com
1 error, 1 critical change of access, 1 breaking change, 1 resource loses data, 1 resource has drifted, 1 warning; \
2 changes in contracts, 2 in access, 3 in infrastructure
"""


def test_what_matters_stands_first() -> None:
    assert render_text(EVERYTHING) == SHOWN


def test_what_is_kept_or_protected_is_said_at_the_resource() -> None:
    gone = replace(KEY_GONE, data_loss=False, kept=True, protected=True)
    shown = render_text(Review((), (), (gone,), ()))
    assert "  -  delete  Key sales; kept on AWS; protected: refused until unprotected\n" in shown


def test_everybody_is_named_who_must_approve() -> None:
    owners = tuple(f"team-{number:02}@company.com" for number in range(30))
    shown = render_text(Review((), (replace(EXPOSED, approvers=owners),), (), (), approvers=("@acme/mesh",)))
    assert f"must approve: @acme/mesh, {', '.join(owners)}\n" in shown


def test_nothing() -> None:
    assert render_text(NOTHING) == "nothing changes\n"


def test_what_one_edit_does_at_many_datasets_is_one_line() -> None:
    changes = tuple(
        replace(
            EXPOSED, dataset=f"d{number}", message="'marketing' may now be assumed by 'x'", path="mesh.yaml", line=4
        )
        for number in range(40)
    )
    shown = render_text(Review((), changes, (), ()))
    assert "critical  marketing on sales.d0 v1, sales.d1 v1," in shown
    assert (
        " and 32 more gains 80 columns, 40 of them sensitive: 'marketing' may now be assumed by 'x' (mesh.yaml:4)\n"
        in shown
    )
    assert shown.endswith("\n40 critical changes of access; 40 changes in access\n")


def test_many_columns_are_counted() -> None:
    columns = tuple(f"c{number}" for number in range(300))
    shown = render_text(Review((), (replace(EXPOSED, gained=columns, sensitive=columns),), (), ()))
    assert "gains c0, c1, c2, c3, c4, c5, c6, c7 and 292 more, all sensitive" in shown


@given(reviews())
def test_nothing_that_people_write_reaches_the_terminal_as_a_control_sequence(review: Review) -> None:
    assert all(line.isprintable() for line in render_text(review).split("\n"))


def test_nobody_can_forge_a_line() -> None:
    forged = replace(EXPOSED, message=HOSTILE)
    plain = replace(EXPOSED, message="m")
    lines = [render_text(Review((), (change,), (), ())).count("\n") for change in (forged, plain)]
    assert lines[0] == lines[1]
