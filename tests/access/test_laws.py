"""What holds in every lake: access only grows with grants, their order says nothing, and nobody reads without a way."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_infra.access import Access, evaluate
from mesh_infra.aws.lake import LakeBucket, LakeDatabase, LakeState, LakeTable
from mesh_infra.aws.lakeformation import (
    IAM_ALLOWED_PRINCIPALS,
    AllColumnsBut,
    AllTables,
    Catalog,
    Columns,
    Database,
    DataCellsFilter,
    DataLocation,
    FilterRef,
    LakeGrant,
    LakeSettings,
    OptIn,
    Permission,
    Registration,
    Table,
    TagExpression,
)
from mesh_infra.aws.policies import Account, domain_bucket_policy, domain_key_policy

ACCOUNT = Account("111122223333", "eu-west-1")
VENDING = ACCOUNT.role("vending")
OUTSIDER = ACCOUNT.role("outsider")
NAMED = (ACCOUNT.role("analyst"), ACCOUNT.role("marketing"), "arn:aws:iam::444455556666:role/partner")
GROUPS = (IAM_ALLOWED_PRINCIPALS, f"{ACCOUNT.id}:IAMPrincipals")
EVERYBODY = (*NAMED, *GROUPS, OUTSIDER)

ORDERS = Table(ACCOUNT.id, "shop", "orders")
PEOPLE = Table(ACCOUNT.id, "hr", "people")
COLUMNS = ("id", "email", "total")
KEYS = ("day",)
PERMISSIONS: tuple[Permission, ...] = (
    "ALL",
    "ALTER",
    "CREATE_DATABASE",
    "CREATE_TABLE",
    "DATA_LOCATION_ACCESS",
    "DELETE",
    "DESCRIBE",
    "INSERT",
    "SELECT",
    "SUPER_USER",
)
FILTERS = (
    DataCellsFilter(*("111122223333", "shop", "orders"), "masked", ("id", "total")),
    DataCellsFilter(*("111122223333", "shop", "orders"), "france", (), excluded=("total",), rows="country = 'FR'"),
)

_some_columns = st.lists(st.sampled_from((*COLUMNS, *KEYS, "gone")), unique=True).map(tuple)
_tables = st.sampled_from((ORDERS, PEOPLE))
_resources = st.one_of(
    _tables,
    st.sampled_from(("masked", "france", "lost")).map(lambda name: FilterRef(ACCOUNT.id, "shop", "orders", name)),
    st.builds(lambda of, names: Columns(of.catalog_id, of.database, of.name, names), _tables, _some_columns),
    st.builds(lambda of, names: AllColumnsBut(of.catalog_id, of.database, of.name, names), _tables, _some_columns),
    st.sampled_from(("hr", "shop")).map(lambda name: AllTables(ACCOUNT.id, name)),
    st.sampled_from(("hr", "play", "shop")).map(lambda name: Database(ACCOUNT.id, name)),
    st.sampled_from(("lake", "lake/orders")).map(lambda path: DataLocation(ACCOUNT.id, f"arn:aws:s3:::{path}")),
    st.just(Catalog(ACCOUNT.id)),
    st.sampled_from(("pii=no", "team=x")).map(lambda text: TagExpression(ACCOUNT.id, "TABLE", text)),
)


def _permissions(least: int) -> st.SearchStrategy[tuple[Permission, ...]]:
    return st.lists(st.sampled_from(PERMISSIONS), min_size=least, max_size=3, unique=True).map(tuple)


def grants(principals: tuple[str, ...]) -> st.SearchStrategy[LakeGrant]:
    return st.builds(
        LakeGrant,
        principal=st.sampled_from(principals),
        resource=_resources,
        permissions=_permissions(1),
        grantable=_permissions(0),
        condition=st.sampled_from(("", "", "", "a == b")),
    )


def _table(table: Table, location: str) -> LakeTable:
    return LakeTable(table, COLUMNS, KEYS, location)


GOVERNED = LakeState(
    tables=(_table(ORDERS, "s3://lake/orders/"), _table(PEOPLE, "s3://lake/people/")),
    filters=FILTERS,
    registrations=(Registration("arn:aws:s3:::lake", VENDING),),
    buckets=(
        LakeBucket(
            "lake", domain_bucket_policy(ACCOUNT, "lake", [VENDING]), domain_key_policy(ACCOUNT, VENDING, (), ())
        ),
    ),
)
"""In full mode, its files closed, and without a grant."""

lakes = st.builds(
    replace,
    st.just(GOVERNED),
    grants=st.lists(grants((*NAMED, *GROUPS)), max_size=6).map(tuple),
    databases=st.sampled_from(((), (LakeDatabase(Database(ACCOUNT.id, "shop"), "s3://lake/orders/", NAMED[0]),))),
    registrations=st.sampled_from(
        (GOVERNED.registrations, (Registration("arn:aws:s3:::lake/orders", VENDING, hybrid=True),), ())
    ),
    opt_ins=st.lists(
        st.builds(OptIn, st.sampled_from(EVERYBODY), st.sampled_from((ORDERS, AllTables(ACCOUNT.id, "shop")))),
        max_size=2,
    ).map(tuple),
    settings=st.sampled_from(((), (LakeSettings(ACCOUNT.id, admins=(NAMED[1],)),))),
    buckets=st.sampled_from((GOVERNED.buckets, (), (LakeBucket("lake"),))),
)


def _cells(access: Access) -> set[tuple[str, Table, str, bool]]:
    """Who reads which column, and, where it is so, that it is in every row."""
    cells: set[tuple[str, Table, str, bool]] = set()
    for table, of in access.tables.items():
        for principal in EVERYBODY:
            for reader in of.reads(principal):
                cells.update((principal, table, column, False) for column in reader.columns)
                cells.update((principal, table, c, True) for c in reader.columns if c not in reader.filtered)
    return cells


@given(lakes, grants((*NAMED, *GROUPS)))
@settings(max_examples=200, deadline=None)
def test_a_grant_more_takes_nothing_from_anyone(lake: LakeState, grant: LakeGrant) -> None:
    assert _cells(evaluate(lake)) <= _cells(evaluate(replace(lake, grants=(*lake.grants, grant))))


@given(lakes, st.data())
@settings(deadline=None)
def test_order_says_nothing(lake: LakeState, data: st.DataObject) -> None:
    reordered = replace(
        lake,
        tables=lake.tables[::-1],
        grants=tuple(data.draw(st.permutations(lake.grants))),
        filters=lake.filters[::-1],
        opt_ins=lake.opt_ins[::-1],
    )
    assert evaluate(reordered) == evaluate(lake)


@given(lakes)
@settings(deadline=None)
def test_what_is_said_twice_counts_once(lake: LakeState) -> None:
    twice = replace(lake, grants=lake.grants * 2, filters=lake.filters * 2, registrations=lake.registrations * 2)
    assert evaluate(twice) == evaluate(lake)


@given(st.lists(grants(NAMED), max_size=8).map(tuple))
@settings(deadline=None)
def test_who_has_no_grant_reads_nothing_that_lake_formation_governs(given_to_others: tuple[LakeGrant, ...]) -> None:
    access = evaluate(replace(GOVERNED, grants=given_to_others))
    assert not access.reads(OUTSIDER, ORDERS)
    assert not access.reads(OUTSIDER, PEOPLE)
    doubts = [of.doubts for of in access.tables.values()]
    doubts += [reader.doubts for of in access.tables.values() for reader in of.readers.values()]
    assert access.at_least == any(doubts)


@given(_some_columns, _some_columns)
@settings(deadline=None)
def test_two_filters_show_the_columns_of_both(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    def seen(*filters: DataCellsFilter) -> frozenset[str]:
        held = tuple(
            LakeGrant(NAMED[0], FilterRef(f.catalog_id, f.database, f.table, f.name), ("SELECT",)) for f in filters
        )
        return evaluate(replace(GOVERNED, filters=filters, grants=held)).reads(NAMED[0], ORDERS)

    first = DataCellsFilter(ACCOUNT.id, "shop", "orders", "first", one)
    second = DataCellsFilter(ACCOUNT.id, "shop", "orders", "second", other)
    assert seen(first, second) == seen(first) | seen(second)
    real = (set(one) | set(other)) & {*COLUMNS, *KEYS}
    assert seen(first, second) == (real | set(KEYS) if real else set())


@given(lakes)
@settings(deadline=None)
def test_nobody_is_listed_without_a_way_or_a_doubt(lake: LakeState) -> None:
    for of in evaluate(lake).tables.values():
        for principal, reader in of.readers.items():
            assert reader.principal == principal
            assert reader.ways or reader.doubts
            assert all(way.columns for way in reader.ways)
            assert {*reader.columns} == {column for way in reader.ways for column in way.columns}
            assert sorted((*reader.columns, *reader.hidden)) == sorted((*COLUMNS, *KEYS))
            assert all(way in reader.ways for column in reader.columns for way in reader.ways_to(column))
            assert all(reader.ways_to(column) for column in reader.columns)
            assert not any(reader.ways_to(column) for column in reader.hidden)
