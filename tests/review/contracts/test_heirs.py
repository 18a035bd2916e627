"""What a contract of HEAD holds of BASE's sensitive columns."""

from __future__ import annotations

import pytest

from mesh_infra.review.contracts.heirs import Heirs, namesakes
from mesh_infra.spec.model import Column, Contract, Status
from mesh_infra.spec.types import parse_type
from tests.review.contracts.build import column, contract, spec

ID = column("id")
EMAIL = column("email", pii=True)
SHOWN = column("email", pii=False)


def version(number: int, *columns: Column, domain: str = "sales", status: Status = Status.ACTIVE) -> Contract:
    return contract(columns=columns, version=f"v{number}", domain=domain, status=status)


def struct(*fields: Column) -> Column:
    inside = ",".join(f"{one.name}:{one.type.glue}" for one in fields)
    return Column(name="buyer", type=parse_type(f"struct<{inside}>"), fields=fields)


def named(name: str, *fields: Column) -> Column:
    return struct(*fields).model_copy(update={"name": name})


@pytest.mark.parametrize(
    ("base", "head", "held"),
    [
        ((version(1, ID, EMAIL),), version(1, ID, SHOWN), {"email"}),
        ((version(1, ID, EMAIL),), version(1, ID, column("mail", pii=True)), {"mail"}),
        # Other majors: all of it for a new one and for a draft, what is new to it for one that is served.
        ((version(1, ID, EMAIL),), version(2, ID, SHOWN), {"email"}),
        ((version(1, ID, EMAIL), version(2, ID, SHOWN, status=Status.DRAFT)), version(2, ID, SHOWN), {"email"}),
        ((version(1, ID, EMAIL), version(2, ID)), version(2, ID, SHOWN), {"email"}),
        ((version(1, ID, EMAIL), version(2, ID, SHOWN)), version(2, ID, SHOWN, column("new")), set()),
        # Of a struct the same, field by field.
        ((version(1, struct(ID, EMAIL)), version(2, struct(ID))), version(2, struct(ID, SHOWN)), {"buyer"}),
        ((version(1, struct(ID, EMAIL)), version(2, struct(ID))), version(2, struct(ID, column("x"))), set()),
        # Other domains: only of what nobody was served so far.
        ((version(1, ID, EMAIL),), version(1, ID, SHOWN, domain="support"), {"email"}),
        (
            (version(1, ID, EMAIL), version(1, ID, SHOWN, domain="support", status=Status.RETIRED)),
            version(1, ID, SHOWN, domain="support"),
            {"email"},
        ),
        ((version(1, ID, EMAIL), version(1, ID, domain="support")), version(1, ID, SHOWN, domain="support"), set()),
        ((contract("other", columns=(ID, EMAIL)),), version(1, ID, SHOWN), set()),
        # What leaves a struct is sensitive by itself, or with all of it.
        ((version(1, struct(ID, EMAIL)),), version(1, struct(EMAIL), ID), {"buyer"}),
        ((version(1, struct(ID, EMAIL)),), version(1, struct(ID), SHOWN), {"email"}),
        # A struct whose sensitive part is gone is not, unless something in the table may still be that.
        ((version(1, struct(ID, EMAIL)),), version(1, struct(ID)), set()),
        ((version(1, struct(ID, EMAIL)),), version(2, struct(ID)), set()),
        ((version(1, struct(ID, EMAIL)),), version(2, struct(ID), EMAIL), {"email"}),
        ((version(1, struct(ID, EMAIL)),), version(2, struct(ID, column("x")), EMAIL), {"buyer", "email"}),
        ((version(1, struct(ID, EMAIL)),), version(2, struct(ID, column("contact"))), {"buyer"}),
        ((version(1, struct(ID, EMAIL)),), version(2, struct(ID), column("user_email", "varchar(9)")), {"buyer"}),
        ((version(1, struct(ID, EMAIL)),), version(2, struct(ID), column("user_email", "varchar(9)", pii=True)), set()),
        ((version(1, struct(ID, EMAIL)),), version(2, column("buyer")), {"buyer"}),
        ((version(1, struct(ID, EMAIL).model_copy(update={"pii": True})),), version(2, struct(ID)), {"buyer"}),
        (
            (version(1, struct(ID, column("x")).model_copy(update={"pii": True})),),
            version(1, struct(column("x")), ID),
            {"buyer", "id"},
        ),
        # In what is called otherwise it has its name still; of another major only what is new here counts.
        ((version(1, struct(ID, EMAIL)),), version(1, named("person", ID, SHOWN)), {"person"}),
        ((version(1, struct(ID, EMAIL)),), version(2, named("person", ID, SHOWN)), {"person"}),
        ((version(1, struct(ID, EMAIL)), version(2, ID)), version(2, ID, named("person", ID, SHOWN)), {"person"}),
        (
            (version(1, struct(ID, EMAIL)), version(2, named("person", SHOWN))),
            version(2, named("person", SHOWN), column("new")),
            set(),
        ),
        ((version(1, struct(ID, EMAIL)),), version(1, struct(ID, EMAIL), named("person", SHOWN)), {"buyer"}),
    ],
)
def test_what_is_held(base: tuple[Contract, ...], head: Contract, held: set[str]) -> None:
    assert Heirs(spec(*base)).of(head) == held


def test_what_does_not_change_holds_what_is_sensitive_in_it() -> None:
    draft = version(2, ID, SHOWN, status=Status.DRAFT)
    assert Heirs(spec(version(1, ID, EMAIL), draft)).of(draft) == frozenset()


def test_where_a_column_comes_from_is_told_of_the_same_domain_first() -> None:
    first, elsewhere = version(1, ID, EMAIL), version(1, ID, EMAIL, domain="audit")
    heirs = Heirs(spec(elsewhere, first))
    assert heirs.unmarked(version(2, SHOWN, ID), {}) == {"email": first}
    assert heirs.unmarked(version(2, EMAIL, ID), {}) == {}
    assert heirs.unmarked(version(1, ID, SHOWN), {}) == {}


def test_only_for_what_is_new_or_was_not_served_are_other_domains_looked_at() -> None:
    served, draft = version(1, ID), version(2, ID, status=Status.DRAFT)
    assert namesakes((served, draft), (served, draft)) == frozenset()
    assert namesakes((served,), (version(1, ID, SHOWN),)) == frozenset()
    assert namesakes((served, draft), (served, version(2, ID))) == {"orders"}
    assert namesakes((served,), (served, contract("copied"))) == {"copied"}
