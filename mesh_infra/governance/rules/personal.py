"""Rules on personal data: contracts say where it is, and it never partitions a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mesh_infra.findings import Severity
from mesh_infra.governance.personal_data import Mention, in_name, in_text
from mesh_infra.governance.personal_words import Kind
from mesh_infra.governance.rule import Context, Rule, Violation
from mesh_infra.spec.model import Classification, Column, Contract
from mesh_infra.spec.problems import quoted
from mesh_infra.spec.source import Loc
from mesh_infra.spec.types import DataType

_Names = tuple[str, ...]
"""The names that lead to a column or field, its own last."""

_UNSAID = "does not say whether it is personal data"
_SAY = "add 'pii: true', or 'pii: false' if it is not"
_SAY_OF_TYPE = "add 'pii: true' ('pii: false' if it is not), or write the fields as YAML and say it at each"


def _untagged(context: Context[Contract]) -> Iterator[Violation]:
    classifications = context.spec.mesh.classifications
    for index, column in enumerate(context.subject.columns):
        if _may_ask(column):
            yield from _unsaid(column, ("schema", index), (column.name,), classifications)


def _may_ask(column: Column) -> bool:
    """Whether there can be a question: most columns need no closer look."""
    if not column.type.primitive:
        return True
    return column.pii is None and (in_name(column.name) is not None or in_text(column.description) is not None)


def _unsaid(
    column: Column, loc: Loc, names: _Names, classifications: Mapping[str, Classification]
) -> Iterator[Violation]:
    """What ``column`` and everything inside it leave unsaid.

    What a column says holds for the fields inside its type. For fields written as YAML only ``pii: true`` does, which
    hides them all; each of them can, and must, say for itself that it is not personal.
    """
    if column.pii or (column.classification is not None and classifications[column.classification].sensitive):
        return
    is_written_out = bool(column.fields or column.items or column.key or column.value)
    if column.pii is None and not (is_written_out and column.is_sensitive(classifications)):
        yield from _unsaid_by_name(column, loc, names)
        if not is_written_out and not column.type.primitive:
            yield from _unsaid_by_type(column.type, loc, names)
    for index, child in enumerate(column.fields):
        yield from _unsaid(child, (*loc, "fields", index), (*names, child.name), classifications)
    for part, inner in (("items", column.items), ("key", column.key), ("value", column.value)):
        if inner is not None:
            yield from _unsaid(inner, (*loc, part), names, classifications)


def _unsaid_by_name(column: Column, loc: Loc, names: _Names) -> Iterator[Violation]:
    mention = _mention(names) if isinstance(loc[-1], int) else None  # items, keys and values have no name of their own
    if mention is not None and not mention.about:
        message = f"{_called(names)} is named like {mention.kind.label}, but {_UNSAID}"
        yield Violation((*loc, "name"), message, _SAY, _worth(mention.kind))
    elif mention is None and column.description:
        kind = in_text(column.description)
        if kind is not None:
            message = f"the description of {_called(names)} speaks of {kind.label}, but it {_UNSAID}"
            yield Violation((*loc, "description"), message, _SAY, Severity.WARNING)


def _unsaid_by_type(type_: DataType, loc: Loc, names: _Names) -> Iterator[Violation]:
    for inside in _fields(type_, names):
        mention = _mention(inside)
        if mention is not None and not mention.about:
            label = mention.kind.label
            message = f"field {quoted('.'.join(inside))} is named like {label}, but {quoted(names[-1])} {_UNSAID}"
            yield Violation((*loc, "type"), message, _SAY_OF_TYPE, _worth(mention.kind))


def _fields(type_: DataType, names: _Names) -> Iterator[_Names]:
    for name, inner in type_.fields:
        yield (*names, name)
        yield from _fields(inner, (*names, name))
    for inner in type_.inner:
        yield from _fields(inner, names)


def _called(names: _Names) -> str:
    return f"{'field' if len(names) > 1 else 'column'} {quoted('.'.join(names))}"


def _mention(names: _Names) -> Mention | None:
    """What the last of the names betrays, by itself or with the one before: ``customer.name``."""
    mention = in_name(names[-1])
    return in_name("_".join(names[-2:])) if mention is None and len(names) > 1 else mention


def _worth(kind: Kind) -> Severity:
    return Severity.ERROR if kind.sure else Severity.WARNING


def _partition(context: Context[Contract]) -> Iterable[Violation]:
    contract = context.subject
    columns = {column.name: column for column in contract.columns}
    for index, name in enumerate(contract.partition_by):
        if name in columns and columns[name].is_sensitive(context.spec.mesh.classifications):
            message = f"partition column {quoted(name)} holds sensitive data, which partitions cannot hide"
            hint = "partition by another column: every reader sees its values, and they stand in the paths of the files"
            yield Violation(("partition_by", index), message, hint)


PII_UNTAGGED: Rule[Contract] = Rule(
    name="pii-untagged",
    subjects=(Contract,),
    check=_untagged,
    summary="A column whose name or description speaks of personal data says whether it is",
    rationale=(
        "Only what is tagged is hidden from those who read a dataset masked. A forgotten tag shows personal data to "
        "people who were promised that they would not see it, and nobody notices. Names are read in English, French "
        "and Portuguese; a name that can mean something else, and a description, are worth no more than a warning. A "
        "sensitive classification counts as an answer."
    ),
    example="schema:\n  - name: user_email\n    type: string\n",
    remedy="schema:\n  - name: user_email\n    type: string\n    pii: true # or false, where it is none\n",
)

PII_PARTITION: Rule[Contract] = Rule(
    name="pii-partition",
    subjects=(Contract,),
    check=_partition,
    summary="A dataset is not partitioned by sensitive data",
    rationale=(
        "Lake Formation cannot hide partition keys: every reader of the table sees them, and their values are part of "
        "the paths in S3, of logs and of listings (Lake Formation Developer Guide, 'Data filtering and cell-level "
        "security', notes and restrictions)."
    ),
    example=(
        "schema:\n  - name: user_email\n    type: string\n    pii: true\n  - name: day\n    type: date\n"
        "partition_by: [user_email]\n"
    ),
    remedy=(
        "schema:\n  - name: user_email\n    type: string\n    pii: true\n  - name: day\n    type: date\n"
        "partition_by: [day]\n"
    ),
    fixed="partition columns cannot be hidden from any reader",
)
