"""What is wrong with inputs, and what changed between two of them: cases that matter, and laws for every table."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh_infra.aws.resources import SCHEMAS
from mesh_infra.aws.resources.check import UNKNOWN, Change, check, diff
from mesh_infra.aws.schema import Prop, ResourceSchema

ALIAS = SCHEMAS["aws:kms/alias:Alias"]
BUCKET = SCHEMAS["aws:s3/bucket:Bucket"]
FILTER = SCHEMAS["aws:lakeformation/dataCellsFilter:DataCellsFilter"]
KEY = SCHEMAS["aws:kms/key:Key"]
LIFECYCLE = SCHEMAS["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"]
PERMISSIONS = SCHEMAS["aws:lakeformation/permissions:Permissions"]
TABLE = SCHEMAS["aws:glue/catalogTable:CatalogTable"]
ENCRYPTION = SCHEMAS["aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"]

MASKED: dict[str, dict[str, object]] = {
    "tableData": {
        "databaseName": "mesh_sales",
        "name": "masked",
        "tableCatalogId": "111122223333",
        "tableName": "orders_v1",
        "columnNames": ["id", "total"],
        "rowFilter": {"allRowsWildcard": {}},
    }
}
ON_MASKED = {
    "databaseName": "mesh_sales",
    "name": "masked",
    "tableCatalogId": "111122223333",
    "tableName": "orders_v1",
}
READ = {
    "principal": "arn:aws:iam::111122223333:role/analyst",
    "permissions": ["SELECT"],
    "dataCellsFilter": ON_MASKED,
}
ORDERS = {
    "databaseName": "mesh_sales",
    "name": "orders_v1",
    "storageDescriptor": {"columns": [{"name": "id", "type": "string"}, {"name": "total", "type": "decimal(38,18)"}]},
}


def table_data(**changed: object) -> dict[str, object]:
    return {"tableData": {**MASKED["tableData"], **changed}}


# What is wrong


@pytest.mark.parametrize(
    ("schema", "inputs"),
    [(FILTER, MASKED), (PERMISSIONS, READ), (TABLE, ORDERS), (KEY, {}), (KEY, {"deletionWindowInDays": 7.0})],
    ids=["filter", "permissions", "table", "nothing given", "a number from the wire"],
)
def test_right_inputs_have_no_problems(schema: ResourceSchema, inputs: Mapping[str, object]) -> None:
    assert check(schema, inputs) == []


@pytest.mark.parametrize(
    ("schema", "inputs", "problem"),
    [
        (ALIAS, {"targetKeyID": "k", "targetKeyId": "k"}, "unknown input 'targetKeyID'; did you mean 'targetKeyId'?"),
        (ALIAS, {"targetKeyId": "k", "x\n": 1}, "unknown input '[\"x\\n\"]'"),
        (BUCKET, {"versioning": {"enabled": True}}, "unknown input 'versioning'"),
        (ALIAS, {}, "missing input 'targetKeyId'"),
        (ALIAS, {"targetKeyId": None}, "missing input 'targetKeyId'"),
        (ALIAS, {"targetKeyId": 7}, "input 'targetKeyId' must be a text, not 7"),
        (KEY, {"isEnabled": "true"}, "input 'isEnabled' must be true or false, not 'true'"),
        (KEY, {"deletionWindowInDays": 7.5}, "input 'deletionWindowInDays' must be a whole number, not 7.5"),
        (KEY, {"deletionWindowInDays": True}, "input 'deletionWindowInDays' must be a whole number, not true"),
        (KEY, {"tags": ["a"]}, "input 'tags' must be a map of texts, not a list"),
        (KEY, {"tags": {"mesh:owner": 1}}, "input 'tags[\"mesh:owner\"]' must be a text, not 1"),
        (LIFECYCLE, {"bucket": "b", "rules": [{"id": "r"}]}, "missing input 'rules[0].status'"),
        (
            LIFECYCLE,
            {"bucket": "b", "rules": [{"id": "r", "status": "On"}]},
            "input 'rules[0].status' must be one of 'Disabled', 'Enabled', not 'On'",
        ),
        (LIFECYCLE, {"bucket": "b", "rules": {"id": "r"}}, "input 'rules' must be a list, not an object"),
        (FILTER, {"tableData": []}, "input 'tableData' must be an object, not a list"),
        (
            FILTER,
            table_data(columnNames=None),
            "exactly one of 'tableData.columnNames', 'tableData.columnWildcard' must be given; none is",
        ),
        (
            FILTER,
            table_data(columnWildcard={}),
            "exactly one of 'tableData.columnNames', 'tableData.columnWildcard' must be given; "
            "'columnNames' and 'columnWildcard' are",
        ),
    ],
)
def test_a_problem_is_told_in_words(schema: ResourceSchema, inputs: Mapping[str, object], problem: str) -> None:
    assert check(schema, inputs) == [problem]


def test_every_problem_is_told_at_once() -> None:
    assert check(PERMISSIONS, {"principle": "p", "permissions": ["SELCT"], "database": {"name": 3}}) == [
        "unknown input 'principle'; did you mean 'principal'?",
        "missing input 'principal'",
        check(PERMISSIONS, {**READ, "permissions": ["SELCT"]})[0],
        "input 'database.name' must be a text, not 3",
    ]


def test_what_is_unknown_passes_as_anything() -> None:
    assert check(FILTER, {"tableData": UNKNOWN}) == []
    assert check(FILTER, table_data(columnNames=UNKNOWN)) == []
    assert check(FILTER, table_data(columnNames=["id", UNKNOWN])) == []
    assert check(FILTER, table_data(columnNames=UNKNOWN, columnWildcard={})) == []
    assert check(KEY, {"tags": {"a": UNKNOWN}, "isEnabled": UNKNOWN, "keyUsage": UNKNOWN}) == []


def test_the_caller_says_what_is_unknown() -> None:
    class Reference:
        pass

    assert check(ALIAS, {"targetKeyId": Reference()}, lambda value: isinstance(value, Reference)) == []
    assert check(ALIAS, {"targetKeyId": Reference()}) != []


# What changed


def changed(schema: ResourceSchema, old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, Change]:
    changes = diff(schema, old, new)
    assert bool(changes) == bool(changes.by_path)
    assert changes.replaces == any(change.replaces for change in changes.by_path.values())
    return dict(changes.by_path)


ADDED, DELETED, UPDATED = (Change(kind, replaces=False) for kind in ("add", "delete", "update"))
REPLACED = Change("update", replaces=True)


@pytest.mark.parametrize(
    ("schema", "old", "new", "expected"),
    [
        (ALIAS, {"targetKeyId": "a"}, {"targetKeyId": "b"}, {"targetKeyId": UPDATED}),
        (ALIAS, {"name": "alias/a"}, {"name": "alias/b"}, {"name": REPLACED}),
        (KEY, {}, {"tags": {"a": "1"}}, {"tags": ADDED}),
        (KEY, {"tags": {"a": "1"}}, {}, {"tags": DELETED}),
        (
            KEY,
            {"tags": {"mesh:owner": "x", "b": "1"}},
            {"tags": {"mesh:owner": "y", "c": ""}},
            {'tags["mesh:owner"]': UPDATED, "tags.b": DELETED, "tags.c": ADDED},
        ),
        (KEY, {"isEnabled": True}, {"isEnabled": False}, {"isEnabled": UPDATED}),
        (KEY, {}, {"isEnabled": False}, {"isEnabled": ADDED}),
        (KEY, {"policy": "{}"}, {"policy": UNKNOWN}, {"policy": UPDATED}),
        (FILTER, MASKED, table_data(columnNames=["id"]), {"tableData.columnNames[1]": DELETED}),
        (
            FILTER,
            MASKED,
            table_data(columnNames=[]),
            dict.fromkeys(["tableData.columnNames[0]", "tableData.columnNames[1]"], DELETED),
        ),
        (FILTER, MASKED, table_data(columnNames=["id", "total", "day"]), {"tableData.columnNames[2]": ADDED}),
        (FILTER, MASKED, table_data(columnNames=["id", "day"]), {"tableData.columnNames[1]": UPDATED}),
        (FILTER, MASKED, table_data(tableName="orders_v2"), {"tableData.tableName": REPLACED}),
        (FILTER, MASKED, {"tableData": UNKNOWN}, {"tableData": REPLACED}),
        (
            FILTER,
            MASKED,
            table_data(rowFilter={"filterExpression": "a = 1"}),
            {"tableData.rowFilter.allRowsWildcard": DELETED, "tableData.rowFilter.filterExpression": ADDED},
        ),
        (
            TABLE,
            ORDERS,
            {**ORDERS, "storageDescriptor": {"columns": [{"name": "id", "type": "int"}]}},
            {"storageDescriptor.columns[0].type": UPDATED, "storageDescriptor.columns[1]": DELETED},
        ),
        (
            LIFECYCLE,
            {"bucket": "b", "rules": [{"id": "r", "status": "Enabled", "expiration": {"days": 30}}]},
            {"bucket": "b", "rules": [{"id": "r", "status": "Disabled", "expiration": {"days": 90.0}}]},
            {"rules[0].status": UPDATED, "rules[0].expiration.days": UPDATED},
        ),
    ],
)
def test_a_change_has_its_path_and_kind(
    schema: ResourceSchema, old: Mapping[str, object], new: Mapping[str, object], expected: Mapping[str, Change]
) -> None:
    assert changed(schema, old, new) == expected


@pytest.mark.parametrize(
    ("schema", "old", "new"),
    [
        (KEY, {"isEnabled": True, "enableKeyRotation": False, "tags": {}}, {}),
        (KEY, {"policy": "{}", "description": "d"}, {}),
        (TABLE, ORDERS, {key: value for key, value in ORDERS.items() if key != "storageDescriptor"}),
        (KEY, {"deletionWindowInDays": 30}, {"deletionWindowInDays": 30.0}),
        (PERMISSIONS, {"permissions": ["SELECT", "DESCRIBE"]}, {"permissions": ["DESCRIBE", "SELECT"]}),
        (
            ENCRYPTION,
            {"rules": [{"bucketKeyEnabled": False, "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}]},
            {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": None}}]},
        ),
    ],
    ids=["defaults", "computed", "computed object", "a number from the wire", "order of a set", "defaults in a set"],
)
def test_what_means_the_same_is_no_change(
    schema: ResourceSchema, old: Mapping[str, object], new: Mapping[str, object]
) -> None:
    assert not diff(schema, old, new)


def test_a_grant_is_replaced_but_for_the_name_of_its_filter() -> None:
    """Seen with the real provider: planned as an update, which then fails. Registering asks for the replacement."""
    other_filter = {**READ, "dataCellsFilter": {**ON_MASKED, "name": "fraud"}}
    whole_table = {
        **{k: v for k, v in READ.items() if k != "dataCellsFilter"},
        "table": {"databaseName": "d", "name": "t"},
    }
    assert changed(PERMISSIONS, READ, other_filter) == {"dataCellsFilter.name": UPDATED}
    assert diff(PERMISSIONS, READ, whole_table).replaces
    assert diff(PERMISSIONS, whole_table, READ).replaces
    assert diff(PERMISSIONS, READ, {**READ, "permissions": ["DESCRIBE"]}).replaces
    assert diff(PERMISSIONS, whole_table, {**whole_table, "table": {"databaseName": "d", "name": "u"}}).replaces


def test_a_list_that_replaces_as_a_whole_does_so_by_its_elements() -> None:
    one, two = ({"indexName": name, "keys": ["day"]} for name in ("one", "two"))
    indexed = {**ORDERS, "partitionIndices": [one]}
    assert changed(TABLE, ORDERS, indexed) == {"partitionIndices": Change("add", replaces=True)}
    assert changed(TABLE, indexed, {**ORDERS, "partitionIndices": [one, two]}) == {
        "partitionIndices[1]": Change("add", replaces=True)
    }
    assert changed(TABLE, indexed, {**ORDERS, "partitionIndices": [two]}) == {"partitionIndices[0].indexName": UPDATED}


def test_what_comes_replaces_for_something_inside_it() -> None:
    iceberg = {"openTableFormatInput": {"icebergInput": {"metadataOperation": "CREATE"}}}
    assert changed(TABLE, ORDERS, {**ORDERS, **iceberg}) == {"openTableFormatInput": Change("add", replaces=True)}


# Laws


TEXTS = st.sampled_from(["", "a", "b", "mesh:owner"])


def values_of(prop: Prop) -> st.SearchStrategy[object]:
    match prop.kind:
        case "string":
            return st.sampled_from(prop.values) if prop.values else TEXTS
        case "bool":
            return st.booleans()
        case "int":
            return st.sampled_from([0, 1, 3600])
        case "map":
            return st.dictionaries(TEXTS, TEXTS, max_size=2)
        case "object":
            return objects_of(prop.fields, prop.exactly_one_of)
        case "list" | "set":
            assert prop.item is not None
            return st.lists(values_of(prop.item), max_size=3)


@st.composite
def objects_of(
    draw: st.DrawFn, fields: Mapping[str, Prop], exactly_one_of: tuple[tuple[str, ...], ...]
) -> dict[str, object]:
    chosen = {draw(st.sampled_from(group)) for group in exactly_one_of}
    alternatives = {key for group in exactly_one_of for key in group}
    required = {key for key, prop in fields.items() if prop.required} | chosen
    optional = sorted(fields.keys() - required - alternatives)
    # Few at a time: small examples say more, and the large tables stay quick.
    extra = draw(st.lists(st.sampled_from(optional), max_size=3, unique=True)) if optional else []
    return {key: draw(values_of(fields[key])) for key in sorted({*required, *extra})}


def inputs_of(schema: ResourceSchema) -> st.SearchStrategy[dict[str, object]]:
    return objects_of(schema.inputs, schema.exactly_one_of)


SCHEMA_AND_INPUTS = st.sampled_from(sorted(SCHEMAS)).flatmap(
    lambda token: st.tuples(st.just(SCHEMAS[token]), inputs_of(SCHEMAS[token]))
)
SCHEMA_AND_TWO_INPUTS = st.sampled_from(sorted(SCHEMAS)).flatmap(
    lambda token: st.tuples(st.just(SCHEMAS[token]), inputs_of(SCHEMAS[token]), inputs_of(SCHEMAS[token]))
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def shuffled(prop: Prop, value: object, order: random.Random) -> object:
    """The same value with every set in it in another order."""
    if isinstance(value, Mapping):
        return {key: shuffled(prop.fields.get(key, Prop("string")), inner, order) for key, inner in value.items()}
    if isinstance(value, list) and prop.item is not None:
        items = [shuffled(prop.item, inner, order) for inner in value]
        return order.sample(items, len(items)) if prop.kind == "set" else items
    return value


@given(SCHEMA_AND_INPUTS)
def test_law_inputs_made_from_a_schema_are_right(made: tuple[ResourceSchema, dict[str, object]]) -> None:
    schema, inputs = made
    assert check(schema, inputs) == []


@given(SCHEMA_AND_INPUTS)
def test_law_nothing_changes_from_inputs_to_themselves(made: tuple[ResourceSchema, dict[str, object]]) -> None:
    schema, inputs = made
    assert not diff(schema, inputs, inputs)


@given(SCHEMA_AND_TWO_INPUTS, st.randoms(use_true_random=False))
def test_law_the_order_of_a_set_means_nothing(
    made: tuple[ResourceSchema, dict[str, object], dict[str, object]], order: random.Random
) -> None:
    schema, old, new = made
    reordered = shuffled(Prop("object", fields=schema.inputs), old, order)
    assert isinstance(reordered, dict)
    assert not diff(schema, old, reordered)
    assert bool(diff(schema, reordered, new)) == bool(diff(schema, old, new))
    assert diff(schema, reordered, new).replaces == diff(schema, old, new).replaces


@given(SCHEMA_AND_INPUTS, st.data())
def test_law_leaving_out_a_computed_input_changes_nothing(
    made: tuple[ResourceSchema, dict[str, object]], data: st.DataObject
) -> None:
    schema, inputs = made
    computed = sorted(key for key in inputs if schema.inputs[key].computed)
    left_out = data.draw(st.sets(st.sampled_from(computed))) if computed else set()
    assert not diff(schema, inputs, {key: value for key, value in inputs.items() if key not in left_out})


@given(SCHEMA_AND_INPUTS)
def test_law_giving_the_defaults_changes_nothing(made: tuple[ResourceSchema, dict[str, object]]) -> None:
    schema, inputs = made
    defaults = {key: prop.default for key, prop in schema.inputs.items() if prop.default is not None}
    assert not diff(schema, inputs, {**defaults, **inputs})
    assert not diff(schema, {**defaults, **inputs}, inputs)


@given(SCHEMA_AND_TWO_INPUTS)
def test_law_a_path_begins_with_the_input_that_changed(
    made: tuple[ResourceSchema, dict[str, object], dict[str, object]],
) -> None:
    schema, old, new = made
    for path, change in diff(schema, old, new).by_path.items():
        key = path.split(".")[0].split("[")[0]
        assert key in old.keys() | new.keys()
        if path == key and change.kind != "update":
            assert key not in (old if change.kind == "add" else new)


@given(SCHEMA_AND_INPUTS, st.data())
def test_law_an_unknown_value_is_right_anywhere(
    made: tuple[ResourceSchema, dict[str, object]], data: st.DataObject
) -> None:
    schema, inputs = made
    if inputs:
        key = data.draw(st.sampled_from(sorted(inputs)))
        assert check(schema, {**inputs, key: UNKNOWN}) == []


@given(SCHEMA_AND_INPUTS, st.data())
def test_law_no_value_breaks_the_check(made: tuple[ResourceSchema, dict[str, object]], data: st.DataObject) -> None:
    schema, inputs = made
    key = data.draw(st.sampled_from(sorted(schema.inputs)) | st.text(max_size=3))
    problems = check(schema, {**inputs, key: data.draw(JSON)})
    assert all(problem.isprintable() for problem in problems)
    assert problems or key in schema.inputs
