"""Rules on what contracts tell those who use the data: what it means, and what is promised."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.governance.rule import Context, Level, Order, Rule, Setting, Violation
from mesh_infra.governance.values import one_of, words
from mesh_infra.spec.model import Contract
from mesh_infra.spec.problems import quoted

DATASETS, COLUMNS = "datasets", "columns"
PROMISES = ("availability", "freshness", "quality")


def _undescribed(context: Context[Contract]) -> Iterator[Violation]:
    contract, wanted = context.subject, context.words("of")
    if DATASETS in wanted and not contract.description.strip():
        message = f"the dataset {quoted(contract.dataset)} has no description"
        yield Violation(("dataset",), message, "add 'description': what one row is, and what is left out")
    if COLUMNS in wanted:
        for index, column in enumerate(contract.columns):
            if not column.description.strip():
                message = f"the column {quoted(column.name)} has no description"
                yield Violation(("schema", index, "name"), message, "add 'description': what it holds, in which unit")


def _promises_nothing(context: Context[Contract]) -> Iterator[Violation]:
    contract = context.subject
    for name in context.words("fields"):
        if getattr(contract.sla, name) is None:
            loc = ("sla",) if contract.source.has(("sla",)) else ("dataset",)
            example = "1 hour" if name == "freshness" else "99.9%"
            message = f"the dataset {quoted(contract.dataset)} promises no {name}"
            yield Violation(loc, message, f"add '{name}: \"{example}\"' under 'sla'", at_key=True)


DESCRIPTION_REQUIRED: Rule[Contract] = Rule(
    name="description-required",
    subjects=(Contract,),
    check=_undescribed,
    summary="Datasets and columns say what they hold",
    rationale=(
        "A name tells its author what is meant and others what they guess: whether an amount has tax in it, whether a "
        "day is in UTC, whether returns count. Wrong guesses become wrong numbers. The setting 'of' says where a "
        "description is needed; without it at datasets and at columns. Fields inside a column are left to it."
    ),
    example="dataset: orders\nschema:\n  - name: amount\n    type: decimal\n",
    remedy=(
        "dataset: orders\ndescription: One row for each paid order\n"
        "schema:\n  - name: amount\n    type: decimal\n    description: In EUR, without tax\n"
    ),
    level=Level.WARNING,
    settings=(
        Setting(
            "of",
            "what must be described: datasets, columns",
            Order.SUPERSET,
            words(one_of((DATASETS, COLUMNS), "such part")),
            (DATASETS, COLUMNS),
        ),
    ),
)

SLA_REQUIRED: Rule[Contract] = Rule(
    name="sla-required",
    subjects=(Contract,),
    check=_promises_nothing,
    summary="Datasets say how fresh they are",
    rationale=(
        "Whoever builds on a dataset must know how old it may be before something is wrong, or finds out from a "
        "report that was right yesterday. The setting 'fields' says which promises are needed; without it freshness."
    ),
    example="dataset: orders\n",
    remedy='dataset: orders\nsla:\n  freshness: "1 hour"\n',
    level=Level.WARNING,
    settings=(
        Setting(
            "fields",
            "what must be promised: freshness, quality, availability",
            Order.SUPERSET,
            words(one_of(PROMISES, "promise")),
            ("freshness",),
        ),
    ),
)
