"""What editors say about the fields of a mesh's files, and where YAML differs from the models it is read into."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mesh_infra.governance import RULES, Level
from mesh_infra.spec.types import NESTED, PLAIN, SIZED

Schema = dict[str, Any]

LEFT_OUT = frozenset(("Mesh.source", "Mesh.rule_modules", "Domain.source", "Contract.source", "Contract.domain"))
"""Fields that no YAML key is read into: where a file lies says them, or another key."""

CALLED = {"Contract.columns": "schema"}
"""Fields whose key in YAML is another one."""

PARTS = {"Field": ("unique", "primary_key"), "Part": ("unique", "primary_key", "name")}
"""What a field in a struct, and an element, key or value, lacks of what a column can say."""

_NAME = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
_DURATION = r"^[1-9][0-9]{0,5} (minute|hour|day|week)s?$"
_PERCENTAGE = r"^(100(\.0{1,6})?|[0-9]{1,2}(\.[0-9]{1,6})?)%$"
_VERSION = r"^(v(0|[1-9][0-9]{0,3})|(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,8})){2}([-+][0-9A-Za-z.+-]{1,64})?)$"
_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT, "minItems": 1}
_COUNT: Schema = {"type": "integer", "minimum": 1}
_CHARACTER: Schema = {"type": "string", "pattern": "^[\\t !-\\/:-@\\[\\]-`{-~]$"}
_SEVERITIES = [level.word for level in reversed(Level)]

_RULE: Schema = {
    "anyOf": [
        {"enum": _SEVERITIES},
        {"type": "object", "properties": {"severity": {"enum": _SEVERITIES}}},
    ]
}


def _any_case(words: Iterable[str]) -> str:
    """A pattern of one of ``words``: JSON Schema's have no flag for upper and lower case."""
    letters = ("".join(f"[{c}{c.upper()}]" if c.isalpha() else c for c in word) for word in words)
    return f"({'|'.join(letters)})"


# The parser takes upper case and blanks too; what stands in brackets is its to judge.
_TYPE = rf"^\s*({_any_case(PLAIN)}\s*$|{_any_case(['decimal', *SIZED, *sorted(NESTED)])}\s*[(<])"


def _by_environment(items: Schema) -> Schema:
    listed = {"type": "array", "items": items, "minItems": 1}
    return {"anyOf": [listed, {"type": "object", "additionalProperties": listed}]}


def _governance(*, modules: bool) -> Schema:
    """Rules by name; those that an organisation adds are known to its mesh alone."""
    rules: Schema = {name: {**_RULE, "description": rule.summary} for name, rule in sorted(RULES.items())}
    if modules:
        rules["modules"] = {**_TEXTS, "description": "Python files of the mesh with rules of the organisation's own"}
    return {"type": "object", "properties": rules, "additionalProperties": _RULE}


_ROLES: Schema = {
    "type": "object",
    "propertyNames": {"pattern": _NAME},
    "additionalProperties": {"anyOf": [{"$ref": "#/$defs/Role"}, {"type": "null"}]},
}

WRITTEN: dict[str, Schema] = {
    "Mesh.governance": _governance(modules=True),
    "Mesh.roles": _ROLES,
    "Domain.governance": _governance(modules=False),
    "Domain.roles": _ROLES,
    "Domain.domain": {"type": "string", "pattern": _NAME},
    "Role.principals": _by_environment(_TEXT),
    "Role.trust": _by_environment({"anyOf": [_TEXT, {"$ref": "#/$defs/OidcTrust"}]}),
    "Environment.account": {"type": "string", "pattern": "^[0-9]{12}$"},
    "Contract.version": {"type": "string", "pattern": _VERSION},
    "Contract.dataset": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
    "Contract.retention_days": {"type": "integer", "minimum": 1},
    "Contract.projection": {
        "type": "object",
        "additionalProperties": {
            "anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in ("DateProjection", "IntegerProjection", "EnumProjection")]
        },
    },
    "Csv.delimiter": _CHARACTER,
    "Csv.quote": _CHARACTER,
    "DateProjection.type": {"const": "date"},
    "DateProjection.range": {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2},
    "DateProjection.interval": _COUNT,
    "IntegerProjection.type": {"const": "integer"},
    "IntegerProjection.range": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    "IntegerProjection.interval": _COUNT,
    "IntegerProjection.digits": _COUNT,
    "EnumProjection.type": {"const": "enum"},
    "EnumProjection.values": {"type": "array", "items": {"type": "string", "pattern": "^[^,/]+$"}, "minItems": 1},
    "Contract.columns": {"type": "array", "items": {"$ref": "#/$defs/Column"}, "minItems": 1},
    "Contract.odcs": {"type": "object"},
    "Contract.consumes": {"type": "array", "items": {"anyOf": [_TEXT, {"$ref": "#/$defs/Consumed"}]}},
    "Column.name": {"type": "string", "pattern": "^[a-z0-9_]{1,255}$"},
    "Column.type": {"type": "string", "anyOf": [{"enum": [*PLAIN, *sorted(NESTED)]}, {"pattern": _TYPE}]},
    "Column.fields": {"type": "array", "items": {"$ref": "#/$defs/Field"}, "minItems": 1},
    "Column.items": {"$ref": "#/$defs/Part"},
    "Column.key": {"$ref": "#/$defs/Part"},
    "Column.value": {"$ref": "#/$defs/Part"},
    "Sla.freshness": {"type": "string", "pattern": _DURATION},
    "Sla.quality": {"type": "string", "pattern": _PERCENTAGE},
    "Sla.availability": {"type": "string", "pattern": _PERCENTAGE},
    "Accepted.until": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
}
"""How YAML has a field, where its type does not say it."""

WORDS: dict[str, tuple[str, ...]] = {
    "Mesh.organization": ("The organisation whose mesh this is; a tag on everything that is made", "acme"),
    "Mesh.description": ("What the mesh is for",),
    "Mesh.environments": ("Where the mesh is deployed, by name. 'local' is built in",),
    "Mesh.roles": ("Consumers that belong to no single domain",),
    "Mesh.classifications": ("What a column can be classified as",),
    "Mesh.governance": ("How rules are set: a severity, or settings. A domain may only be stricter",),
    "Mesh.github": ("Who approves changes of this file on GitHub", "@acme/data-platform"),
    "Environment.prefix": ("Begins every name on AWS, and is permanent once deployed", "acme-mesh-dev"),
    "Environment.account": ("The AWS account, twelve digits in quotes", "111122223333"),
    "Environment.region": ("The AWS region", "eu-west-1"),
    "Environment.deployer": (
        "The IAM role that runs pulumi; a Lake Formation administrator",
        "arn:aws:iam::111122223333:role/mesh-deployer",
    ),
    "Environment.lake_formation_admins": ("Other Lake Formation administrators: they read everything in clear",),
    "Environment.break_glass": ("Who may read files past Lake Formation, in an emergency",),
    "Environment.stacks": ("How the environment is cut into Pulumi stacks",),
    "Classification.sensitive": ("Whether its columns are hidden from masked readers, as personal data is",),
    "Classification.description": ("What belongs into the class",),
    "Role.description": ("Who acts in this role",),
    "Role.trust": ("Who may assume the role that is made; a list, or a list for each environment",),
    "Role.principals": ("IAM roles or users that exist already and are this role; a list, or one per environment",),
    "OidcTrust.oidc": ("The ARN of an OpenID Connect provider in IAM",),
    "OidcTrust.subject": ("Whom to trust there; * and ? stand for anything", "repo:acme/mesh:ref:refs/heads/main"),
    "OidcTrust.audience": ("Whom the token is for",),
    "Domain.domain": ("The domain's name, and that of its file", "checkout"),
    "Domain.owner": ("Who answers for the domain", "team-checkout@company.com"),
    "Domain.description": ("What the domain is about",),
    "Domain.roles": ("Consumers of this domain; it may declare its own two roles again",),
    "Domain.governance": ("Rules that are stricter here",),
    "Domain.tags": ("Tags on everything that the domain has on AWS",),
    "Domain.github": ("Who approves changes of this file and of the domain's contracts", "@acme/checkout"),
    "Contract.dataset": ("The dataset's name, and that of its file", "orders"),
    "Contract.version": ("v1, or a semantic version; the major one is part of the table's name", "v1", "2.1.0"),
    "Contract.owner": ("Who answers for the dataset", "team-checkout@company.com"),
    "Contract.status": ("draft: a table without readers; retired: no readers any more",),
    "Contract.format": ("The format of the files", "parquet", "iceberg"),
    "Contract.csv": ("How the lines of csv files are cut into values; for the format csv alone",),
    "Contract.title": ("What people call the dataset",),
    "Contract.description": ("What the dataset holds",),
    "Contract.columns": ("The columns",),
    "Contract.partition_by": ("Columns that the files are partitioned by, in their order", "day"),
    "Contract.projection": (
        "The values that each partition key can have: Athena works the partitions out instead of asking Glue. Not for "
        "delta and iceberg, and not with masked readers",
    ),
    "Contract.retention_days": ("How long files are kept",),
    "Contract.access_policy": ("Who reads the dataset: 'mesh grant' and 'mesh revoke' edit it",),
    "Contract.consumes": ("The datasets that this one is made from", "sales.orders"),
    "Contract.sla": ("What the owner promises",),
    "Contract.tags": ("Words to find the dataset by",),
    "Contract.billing": ("Who pays, in words of your own",),
    "Contract.api_endpoint": ("Where the data is served",),
    "Contract.accept": ("Findings of rules that this contract lives with until a day",),
    "Contract.odcs": ("What 'mesh import odcs' kept of the Open Data Contract Standard: it means nothing here",),
    "Csv.delimiter": ("The character between two values; a comma where nothing is said", ";", "\t"),
    "Csv.header": ("Whether the first line of each file names the columns, and is skipped",),
    "Csv.quote": (
        "The character around values: OpenCSVSerDe reads the files then, which knows string, boolean, int, bigint, "
        "double, and dates and timestamps as numbers",
        '"',
    ),
    "DateProjection.type": ("Values that are dates",),
    "DateProjection.range": ("The first and the last date, in the format, or NOW and NOW-3YEARS",),
    "DateProjection.format": ("How dates are written: yyyy, MM, dd, HH, mm and ss", "yyyy-MM-dd", "yyyy-MM-dd-HH"),
    "DateProjection.interval": ("The step between two dates, in units; with 'interval_unit'",),
    "DateProjection.interval_unit": ("The unit of 'interval'",),
    "IntegerProjection.type": ("Values that are whole numbers",),
    "IntegerProjection.range": ("The first and the last number",),
    "IntegerProjection.interval": ("The step between two numbers",),
    "IntegerProjection.digits": ("How many digits each number is written with, zeros in front",),
    "EnumProjection.type": ("Values that are listed",),
    "EnumProjection.values": ("The values", "eu"),
    "Column.name": ("The column's name: lower-case letters, digits and '_'", "order_id"),
    "Column.type": ("The type of its values", "string", "decimal(10,2)", "array<string>"),
    "Column.description": ("What it holds",),
    "Column.required": ("Whether it always has a value",),
    "Column.pii": ("Whether it is personal data, which masked readers do not see",),
    "Column.classification": ("One of the classes in mesh.yaml",),
    "Column.unique": ("Whether no value comes twice",),
    "Column.primary_key": ("Whether it is (part of) the key",),
    "Column.tags": ("Words to find the column by",),
    "Column.fields": ("The fields of a 'struct'",),
    "Column.items": ("What an 'array' holds",),
    "Column.key": ("The keys of a 'map'",),
    "Column.value": ("The values of a 'map'",),
    "Sla.freshness": ("How old the data is at most", "1 hour"),
    "Sla.quality": ("How much of the data is right", "99.9%"),
    "Sla.availability": ("How much of the time the data is there", "99.9%"),
    "AccessEntry.role": ("A role of mesh.yaml or of a domain; every domain is one", "marketing"),
    "AccessEntry.permission": ("read: every column; read_masked: every column but the sensitive ones",),
    "AccessEntry.purpose": ("What they read it for",),
    "AccessEntry.approved_by": ("Who allowed it",),
    "Consumed.dataset": ("The dataset, with its domain or version where needed", "sales.orders.v2"),
    "Consumed.columns": ("The columns that are used",),
    "Accepted.rule": ("The rule's name", "description-required"),
    "Accepted.reason": ("Why it is acceptable",),
    "Accepted.until": ("The last day on which it is", "2026-12-31"),
}
"""A description of each field, and examples of its value."""
