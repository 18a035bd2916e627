"""Which columns a reader knows already."""

from __future__ import annotations

import pytest

from mesh_infra.review.access.renames import known_columns
from mesh_infra.spec.model import Column
from mesh_infra.spec.types import struct_of
from tests.review.contracts.build import column, contract

A, Z = column("a"), column("z")


def personal(name: str, kind: str = "string") -> Column:
    return column(name, kind, pii=True)


def struct(name: str, *fields: Column, pii: bool | None = None) -> Column:
    return Column(name=name, type=struct_of([(one.name, one.type) for one in fields]), fields=fields, pii=pii)


def known(
    olds: tuple[Column, ...], news: tuple[Column, ...], *, alone: bool = True
) -> dict[str, tuple[set[str], bool]]:
    found = known_columns(contract(columns=olds), contract(columns=news), {}, alone=alone)
    return {name: (set(one.columns), one.renamed) for name, one in found.items()}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("adress", "address"),
        ("user_email", "email"),
        ("email", "mail_address"),
        ("custmer_phone", "customer_phone_number"),
    ],
)
def test_the_same_by_its_name(old: str, new: str) -> None:
    assert known((A, personal(old), Z), (A, personal(new), Z)) == {new: ({old}, True)}
    assert known((A, personal(new), Z), (A, personal(old), Z)) == {old: ({new}, True)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("customer_home_address", "customer_home_phone"),
        ("primarycustomercontactphone", "primarycustomercontactemail"),
        ("customer_fax", "customer_tax"),
        ("contact_1", "contact_2"),
        ("contact1", "contact2"),
        ("firstname", "lastname"),
        ("email", "phone"),
        ("card", "card_security_code"),
        ("_", "ssn"),
    ],
)
def test_another_one_in_its_place(old: str, new: str) -> None:
    assert known((A, personal(old), Z), (A, personal(new), Z)) == {}
    assert known((A, personal(new), Z), (A, personal(old), Z)) == {}


def test_descriptions_decide_where_both_have_one() -> None:
    def described(name: str, text: str) -> Column:
        return column(name, description=text, pii=True)

    old = described("card", "Of the loyalty programme")
    assert known((A, old, Z), (A, described("card_number", "Of the bank"), Z)) == {}
    assert known((A, old, Z), (A, described("number", "of the  loyalty programme"), Z)) == {"number": ({"card"}, True)}
    assert known((A, old, Z), (A, personal("card_number"), Z)) == {"card_number": ({"card"}, True)}


def test_what_moved() -> None:
    email, inside = personal("email"), struct("contact", personal("email"), column("channel"))
    assert known((A, email), (A, inside)) == {"contact": ({"email"}, False)}
    assert known((A, inside), (A, struct("contact", column("channel")), email)) == {"email": ({"contact"}, False)}
    two = struct("contact", email, struct("more", personal("phone")))
    assert known((A, email, personal("phone")), (A, two)) == {"contact": ({"email", "phone"}, False)}


def test_what_moved_beside_what_is_new() -> None:
    email, phone = personal("email"), personal("phone")
    assert known((A, email), (A, struct("contact", email, phone))) == {}
    assert known((A, email), (A, struct("contact", email, column("channel"), pii=True))) == {}
    assert known((A, email), (A, struct("contact", personal("email", "bigint")))) == {}
    # What another version hides of that name.
    assert known((A, email), (A, struct("contact", email, column("channel"))), alone=False) == {}
    assert known((A, email), (A, struct("contact", email)), alone=False) == {"contact": ({"email"}, False)}
