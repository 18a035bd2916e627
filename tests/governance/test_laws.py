"""What holds for every mesh."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_infra.findings import Finding, Severity, has_errors, in_order
from mesh_infra.governance import RULES, Level, evaluate, evaluate_part
from mesh_infra.spec.load import Part
from mesh_infra.spec.model import Accepted, AccessEntry, Column, Format, Permission, Role, Spec
from mesh_infra.spec.types import DataType
from tests.governance.models import STRING, column, small_mesh
from tests.strategies import specs

NAMES = st.sampled_from(("email", "phone", "buyer", "order_id", "iban", "zip", "birth_date")) | st.text(max_size=20)
TEXTS = st.sampled_from(("E-mail of the buyer", "")) | st.text(max_size=40)
TYPES = st.recursive(
    st.just(STRING),
    lambda inner: (
        st.lists(st.tuples(NAMES, inner), min_size=1, max_size=3).map(
            lambda fields: DataType("struct", "struct<…>", fields=tuple(fields))
        )
        | inner.map(lambda element: DataType("array", "array<…>", inner=(element,)))
    ),
    max_leaves=5,
)


def columns(pii: st.SearchStrategy[bool | None]) -> st.SearchStrategy[Column]:
    leaf = st.builds(column, NAMES, type=TYPES, pii=pii, description=TEXTS)
    return st.recursive(
        leaf,
        lambda inner: st.builds(
            column, NAMES, pii=pii, description=TEXTS, fields=st.lists(inner, min_size=1, max_size=3).map(tuple)
        ),
        max_leaves=6,
    )


@settings(deadline=None)
@given(st.lists(columns(st.booleans()), max_size=4))
def test_columns_that_say_whether_they_are_personal_are_not_asked(said: list[Column]) -> None:
    assert not [finding for finding in evaluate(small_mesh(said)) if finding.rule == "pii-untagged"]


@settings(deadline=None)
@given(st.lists(columns(st.none() | st.booleans()), max_size=4))
def test_any_columns_can_be_judged(some: list[Column]) -> None:
    found = evaluate(small_mesh(some))
    assert found == in_order(found)
    assert all(str(finding).isprintable() for finding in found)


@settings(deadline=None)
@given(st.lists(columns(st.none() | st.booleans()), max_size=4))
def test_tagging_a_column_is_always_a_remedy(some: list[Column]) -> None:
    tagged = [each.model_copy(update={"pii": True}) for each in some]
    assert not [finding for finding in evaluate(small_mesh(tagged)) if finding.rule == "pii-untagged"]


LEVELS = st.sampled_from([level.word for level in Level])
WRITTEN: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(
    {},
    optional={
        "pii-untagged": LEVELS,
        "owner-contact": LEVELS
        | st.fixed_dictionaries(
            {"domains": st.lists(st.sampled_from(("company.com", "acme.example")), min_size=1)},
            optional={"severity": LEVELS},
        ),
        "formats": LEVELS
        | st.fixed_dictionaries(
            {"allowed": st.lists(st.sampled_from(("parquet", "delta", "json")), min_size=1)},
            optional={"severity": LEVELS},
        ),
    },
)


def errors(organization: Mapping[str, object], domain: Mapping[str, object], form: Format) -> set[tuple[str, str]]:
    entry = AccessEntry(role="crm", permission=Permission.READ_MASKED)
    producer = "arn:aws:iam::111122223333:role/acme-mesh-sales-producer"
    spec = small_mesh(
        [column("user_email"), column("city"), column("ref", description="E-mail of the buyer")],
        governance=organization,
        of_domain=domain,
        roles={"crm": Role(principals={"dev": (producer,)})},
        format=form,
        access_policy=(entry,),
    )
    return {(f.rule, f.path) for f in evaluate(spec) if f.severity is Severity.ERROR and f.rule in RULES}


@settings(deadline=None)
@given(WRITTEN, WRITTEN, st.sampled_from(Format))
def test_a_domain_never_removes_an_error(
    organization: dict[str, object], domain: dict[str, object], form: Format
) -> None:
    assert errors(organization, {}, form) <= errors(organization, domain, form)


@settings(deadline=None, max_examples=40)
@given(specs(), st.data())
def test_nothing_is_found_for_want_of_the_rest(spec: Spec, data: st.DataObject) -> None:
    paths = [part.source.path for part in (spec.mesh, *spec.domains, *spec.contracts)]
    flawed = frozenset(data.draw(st.lists(st.sampled_from(paths), min_size=1, unique=True)))
    sound = tuple(contract for contract in spec.contracts if contract.source.path not in flawed)
    found = evaluate_part(Part(replace(spec, contracts=sound), flawed))
    assert set(found) <= set(evaluate(spec))
    assert not flawed.intersection(finding.path for finding in found)


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
BROKEN = (column("user_email"), column("ref", description="E-mail of the buyer"))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("pii-untagged", "sla-required", "formats")), DAYS), max_size=4), DAYS)
def test_accepting_only_softens_its_own_rule_until_its_day(entries: list[tuple[str, date]], as_of: date) -> None:
    accept = tuple(Accepted(rule=rule, reason="Test data", until=day.isoformat()) for rule, day in entries)
    before = evaluate(small_mesh(BROKEN), as_of=as_of)
    after = evaluate(small_mesh(BROKEN, accept=accept), as_of=as_of)
    current = {rule for rule, day in entries if as_of <= day}

    def counted(found: tuple[Finding, ...]) -> Counter[tuple[str, Severity]]:
        kept = (finding for finding in found if finding.rule not in {*current, "accept-unused"})
        return Counter((finding.rule, finding.severity) for finding in kept)

    assert counted(before) == counted(after)
    idle = [rule for rule, _ in entries if rule not in {finding.rule for finding in before}]
    assert len([finding for finding in after if finding.rule == "accept-unused"]) == min(len(idle), 1)
    assert not [finding for finding in after if finding.rule in current and finding.severity is Severity.ERROR]


@given(st.lists(DAYS, min_size=1, max_size=3))
def test_without_a_day_nothing_is_accepted(days: list[date]) -> None:
    accept = tuple(Accepted(rule="pii-untagged", reason="Test data", until=day.isoformat()) for day in days)
    assert has_errors(evaluate(small_mesh(BROKEN, accept=accept)))
