"""The names that people give: of domains, roles, datasets, columns and environments.

Each function takes a text and returns it, or raises ``RefusedError`` (rule ``name``). What becomes of a name in AWS,
and whether that is too long, is the manifest's to say.
"""

from __future__ import annotations

import re

from mesh_infra.spec.problems import RefusedError, quoted

_DOMAIN = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_DATASET = re.compile(r"[a-z][a-z0-9_]*")
_COLUMN = re.compile(r"[a-z0-9_]{1,255}")
_RULE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_ENVIRONMENT = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_PREFIX = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_GITHUB_OWNER = re.compile(
    r"@[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}(?:_[A-Za-z0-9]{1,8})?(?:/[A-Za-z0-9][A-Za-z0-9_-]{0,99})?"
)
"""A user, one of an enterprise (``octocat_acme``), or a team (GitHub Docs, "About code owners")."""
_TAG_VALUE = re.compile(r"[\w .:/=+@-]{1,256}")

RESERVED = frozenset(("link", "local", "platform"))
"""Stacks and environments are called so: no domain and no role can be."""

RESERVED_COLUMNS = frozenset(
    ("ctid", "oid", "xmin", "xmax", "cmin", "cmax", "tableoid", "insertxid", "deletexid", "importoid", "redcatuniqueid")
)
"""Columns that Lake Formation refuses in data filters (developer guide, "Data filtering and cell-level security")."""


def domain_name(name: str) -> str:
    """The name of a domain."""
    return _word("a domain", name)


def role_name(name: str) -> str:
    """The name of a role."""
    return _word("a role", name)


def rule_name(name: object) -> str:
    """The name of a rule."""
    if isinstance(name, str) and _RULE.fullmatch(name) and name != "modules":
        return name
    hint = "write lower-case letters and digits, joined by '-'"
    raise RefusedError(f"a rule cannot be called {quoted(str(name))}", hint, "name")


def dataset_name(name: str) -> str:
    """The name of a dataset: what Athena takes as a table's name, and not to be mistaken for a version."""
    if not _DATASET.fullmatch(name):
        raise _misnamed("a dataset", name, _DATASET, "lower-case letters, digits and '_', a letter first")
    if re.fullmatch(r"v[0-9]+", name):
        raise RefusedError(f"a dataset cannot be called {quoted(name)}, as a version is", "choose another name", "name")
    return name


def column_name(name: str) -> str:
    """The name of a column or of a field in a struct (Athena, "Name databases, tables, and columns")."""
    if _COLUMN.fullmatch(name):
        return name
    if len(name) > 255:
        raise RefusedError(f"the name {quoted(name)} has {len(name)} characters, AWS takes 255", "shorten it", "name")
    raise _misnamed("a column", name, _COLUMN, "lower-case letters, digits and '_'")


def top_column_name(name: str) -> str:
    """The name of a column of the table itself, which has to fit into a data filter."""
    if name not in RESERVED_COLUMNS:
        return name if _COLUMN.fullmatch(name) else column_name(name)
    message = f"Lake Formation refuses a column called {quoted(name)}"
    raise RefusedError(message, f"call it {quoted(name + '_')} or another name", "name")


def environment_name(name: str) -> str:
    """The name of an environment, which begins the names of its stacks."""
    if name == "local":
        raise RefusedError("the environment 'local' is built in: it is the local AWS", "choose another name", "name")
    if not _ENVIRONMENT.fullmatch(name):
        raise _misnamed("an environment", name, _ENVIRONMENT, "lower-case letters and digits, joined by '-' or '_'")
    return name


def prefix(text: str) -> str:
    """What begins every AWS name of an environment (S3, "General purpose bucket naming rules"; KMS, "CreateAlias")."""
    if not _PREFIX.fullmatch(text):
        raise _misnamed("a prefix", text, _PREFIX, "lower-case letters and digits, joined by '-'")
    if text.startswith(("aws", "amzn-s3-demo", "sthree")):
        raise RefusedError(f"AWS keeps names that begin as {quoted(text)} does", "choose another prefix", "name")
    return text


def tag_value(text: str) -> str:
    """A text that AWS takes as the value of a tag (Tagging AWS resources, "Tag naming limits and requirements")."""
    if _TAG_VALUE.fullmatch(text):
        return text
    if len(text) > 256:
        raise RefusedError(f"the text has {len(text)} characters, a tag on AWS takes 256", "shorten it")
    odd = next(c for c in text if not _TAG_VALUE.fullmatch(c))
    hint = "use letters, digits, spaces and _ . : / = + - @"
    raise RefusedError(f"{quoted(text)} holds {quoted(odd)}, which a tag on AWS does not take", hint)


def tag_key(text: str) -> str:
    """A key for a tag of one's own: what AWS takes, and neither AWS's nor ours."""
    if text.lower().startswith(("aws:", "mesh:")):
        raise RefusedError(f"the tag {quoted(text)} is reserved", "choose a key that begins otherwise", "name")
    if len(text) > 128:
        raise RefusedError(f"the tag {quoted(text)} has {len(text)} characters, AWS takes 128", "shorten it", "name")
    return tag_value(text)


def github_owner(name: str) -> str:
    """Somebody who approves changes on GitHub: ``@octocat``, or the team ``@acme/checkout``."""
    if _GITHUB_OWNER.fullmatch(name):
        return name
    hint = f'write "@{name}"' if _GITHUB_OWNER.fullmatch(f"@{name}") else 'write "@user" or "@organisation/team"'
    raise RefusedError(f"{quoted(name)} is no user or team on GitHub", hint, "github")


def _word(what: str, name: str) -> str:
    if not _DOMAIN.fullmatch(name):
        raise _misnamed(what, name, _DOMAIN, "lower-case words of letters and digits, joined by '_'")
    if name in RESERVED:
        raise RefusedError(f"{what} cannot be called {quoted(name)}: the name is reserved", "choose another", "name")
    return name


def _misnamed(what: str, name: str, pattern: re.Pattern[str], allowed: str) -> RefusedError:
    proposal = _snake_case(name) if pattern is not _PREFIX else _snake_case(name).replace("_", "-")
    hint = f"write {quoted(proposal)}" if pattern.fullmatch(proposal) else ""
    return RefusedError(f"{what} cannot be called {quoted(name)}: only {allowed}", hint, "name")


def _snake_case(name: str) -> str:
    """The name in lower case with one ``_`` between words: ``OrderID`` → ``order_id``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")
