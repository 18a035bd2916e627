"""Reads a lake from the short YAML of the cases, and writes access down as short.

What a case does not say is: one database ``shop``; tables at ``s3://lake/<table>/``; the bucket ``lake`` registered in
full mode, its files closed to all but the role ``vending`` that it is registered with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mesh_infra.access import Access, Reader
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
    DefaultGrant,
    FilterRef,
    LakeGrant,
    LakeResource,
    LakeSettings,
    OptIn,
    Registration,
    Table,
    TagExpression,
)
from mesh_infra.aws.policies import Account, Document, domain_bucket_policy, domain_key_policy

ACCOUNT = Account("111122223333", "eu-west-1")

Node = Mapping[str, Any]


def principal(name: str) -> str:
    """``analyst`` is a role of the account; what has a colon or is a number, and the group, stand for themselves."""
    return name if ":" in name or name.isdigit() or name == IAM_ALLOWED_PRINCIPALS else ACCOUNT.role(name)


def short(arn: str) -> str:
    return arn.removeprefix(ACCOUNT.role(""))


VENDING = principal("vending")


def table(name: str) -> Table:
    """``orders``, or ``database.orders``."""
    database, _, plain = name.rpartition(".")
    return Table(ACCOUNT.id, database or "shop", plain)


def lake(node: Node) -> LakeState:
    return LakeState(
        tables=tuple(_table(name, said) for name, said in node["tables"].items()),
        databases=tuple(_database(name, said) for name, said in node.get("databases", {}).items()),
        grants=tuple(_grant(said) for said in node.get("grants", ())),
        filters=tuple(_filter(name, said) for name, said in node.get("filters", {}).items()),
        registrations=tuple(
            Registration(f"arn:aws:s3:::{path}", VENDING, hybrid=mode == "hybrid")
            for path, mode in node.get("registered", {"lake": "full"}).items()
        ),
        opt_ins=tuple(_opt_in(said) for said in node.get("opted in", ())),
        settings=(_settings(node.get("settings", {})),),
        buckets=tuple(_bucket(name, said) for name, said in node.get("buckets", {"lake": {}}).items()),
    )


def _table(name: str, said: Node) -> LakeTable:
    return LakeTable(
        table=table(name),
        columns=tuple(said["columns"]),
        partition_keys=tuple(said.get("keys", ())),
        location=said.get("location", f"s3://lake/{name}/"),
        creator=principal(said["creator"]) if "creator" in said else "",
        planned=said.get("planned", False),
    )


def _database(name: str, said: Node) -> LakeDatabase:
    return LakeDatabase(
        Database(ACCOUNT.id, name),
        location=said.get("location", ""),
        creator=principal(said["creator"]) if "creator" in said else "",
        table_defaults=_defaults(said["table defaults"]) if "table defaults" in said else None,
    )


def _defaults(said: Node) -> tuple[DefaultGrant, ...]:
    return tuple(DefaultGrant(principal(who), tuple(may)) for who, may in said.items())


def _grant(said: Node) -> LakeGrant:
    return LakeGrant(
        principal=principal(str(said["to"])),
        resource=_resource(said["over"]),
        permissions=tuple(said.get("may", ())),
        grantable=tuple(said.get("may grant", ())),
        condition=said.get("where", ""),
    )


def _resource(over: Node) -> LakeResource:  # noqa: PLR0911  one line for each kind of resource
    match over:
        case {"table": name}:
            return table(name)
        case {"of": name, "columns": columns}:
            of = table(name)
            return Columns(of.catalog_id, of.database, of.name, tuple(columns))
        case {"of": name, "all but": excluded}:
            of = table(name)
            return AllColumnsBut(of.catalog_id, of.database, of.name, tuple(excluded))
        case {"of": name, "filter": filter_name}:
            of = table(name)
            return FilterRef(of.catalog_id, of.database, of.name, filter_name)
        case {"all tables of": database}:
            return AllTables(ACCOUNT.id, database)
        case {"database": database}:
            return Database(ACCOUNT.id, database)
        case {"location": path}:
            return DataLocation(ACCOUNT.id, f"arn:aws:s3:::{path}")
        case {"tags": expression}:
            return TagExpression(ACCOUNT.id, "TABLE", expression)
        case {"catalog": catalog_id}:
            return Catalog(catalog_id)
        case _:
            raise ValueError(over)


def _filter(name: str, said: Node) -> DataCellsFilter:
    of = table(said["of"])
    excluded = tuple(said["all but"]) if "all but" in said else None
    return DataCellsFilter(
        of.catalog_id, of.database, of.name, name, tuple(said.get("columns", ())), excluded, said.get("rows", "")
    )


def _opt_in(said: Node) -> OptIn:
    resource = _resource(said["over"])
    assert isinstance(resource, AllTables | Table)
    return OptIn(principal(said["who"]), resource)


def _settings(said: Node) -> LakeSettings:
    return LakeSettings(
        account=ACCOUNT.id,
        admins=tuple(principal(name) for name in said.get("admins", ())),
        read_only_admins=tuple(principal(name) for name in said.get("read-only admins", ())),
        table_defaults=_defaults(said.get("table defaults", {})),
        external_engines=said.get("external engines", False),
    )


def _bucket(name: str, said: Node) -> LakeBucket:
    """``readers`` and ``users`` in the policies that we write for bucket and key, or the documents themselves."""
    readers = [principal(reader) for reader in said.get("readers", ())]
    users = [principal(user) for user in said.get("users", said.get("readers", ()))]
    return LakeBucket(
        name,
        policy=_document(said, "policy") or domain_bucket_policy(ACCOUNT, name, [VENDING, *readers])
        if said.get("policy", "ours") is not None
        else None,
        key_policy=_document(said, "key policy") or domain_key_policy(ACCOUNT, VENDING, users, ())
        if said.get("key policy", "ours") is not None
        else None,
    )


def _document(said: Node, which: str) -> Document | None:
    return {"Version": "2012-10-17", "Statement": said[which]} if which in said else None


def written(access: Access) -> dict[str, dict[str, Any]]:
    """The access by table and principal, each in a line; ``at least`` lists the doubts about the table."""
    found: dict[str, dict[str, Any]] = {}
    for key, of in access.tables.items():
        name = key.name if key.database == "shop" else f"{key.database}.{key.name}"
        lines: dict[str, Any] = {short(reader.principal): _line(reader) for reader in of.readers.values()}
        if of.doubts:
            lines["at least"] = [f"{doubt.kind}: {doubt.text}" for doubt in of.doubts]
        found[name] = lines
    return found


def _line(reader: Reader) -> str:
    parts = [f"sees {', '.join(reader.columns) or 'nothing known'}"]
    if reader.hidden:
        parts.append(f"hides {', '.join(reader.hidden)}")
    if reader.rows != "all":
        parts.append(f"rows {reader.rows}")
    if reader.filtered and set(reader.filtered) != set(reader.columns):
        parts.append(f"filtered {', '.join(sorted(reader.filtered))}")
    if reader.via:
        parts.append(f"via {', '.join(reader.via)}")
    if reader.may_grant:
        parts.append("may grant")
    parts.extend(f"at least ({doubt.kind}: {doubt.text})" for doubt in reader.doubts)
    return "; ".join(parts)
