"""The rule on names of datasets and columns, beyond what AWS takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mesh_infra.governance.rule import Context, Level, Order, Rule, Setting, Violation
from mesh_infra.governance.values import one_of, words
from mesh_infra.spec.model import Contract
from mesh_infra.spec.problems import quoted

SNAKE, DOMAIN_PREFIX = "snake", "domain-prefix"

_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_WRITE_SNAKE = "write words of lower-case letters and digits, joined by one '_', a letter first"


def _check(context: Context[Contract]) -> Iterator[Violation]:
    contract, wanted = context.subject, context.words("datasets")
    if SNAKE in wanted and not _SNAKE.fullmatch(contract.dataset):
        yield Violation(("dataset",), f"the dataset {quoted(contract.dataset)} is not in snake case", _WRITE_SNAKE)
    prefix = f"{contract.domain}_"
    if DOMAIN_PREFIX in wanted and not contract.dataset.startswith(prefix):
        message = f"the dataset {quoted(contract.dataset)} does not begin with its domain"
        yield Violation(("dataset",), message, f"call it {quoted(prefix + contract.dataset)}")
    if SNAKE in context.words("columns"):
        for index, column in enumerate(contract.columns):
            if not _SNAKE.fullmatch(column.name):
                message = f"the column {quoted(column.name)} is not in snake case"
                yield Violation(("schema", index, "name"), message, _WRITE_SNAKE)


NAMING: Rule[Contract] = Rule(
    name="naming",
    subjects=(Contract,),
    check=_check,
    summary="Datasets and columns are named as the organisation does",
    rationale=(
        "Names that follow one pattern can be guessed. 'snake' takes words in lower case, joined by one underscore; "
        "'domain-prefix' lets the name of a dataset begin with its domain's, so that it is told apart where domains "
        "stand side by side. Off unless it is switched on: then datasets and columns are in snake case."
    ),
    example="# with governance: {naming: {datasets: [domain-prefix]}}, in the domain sales\ndataset: orders\n",
    remedy="dataset: sales_orders\n",
    level=Level.OFF,
    settings=(
        Setting(
            "datasets",
            "how datasets are named: snake, domain-prefix",
            Order.SUPERSET,
            words(one_of((SNAKE, DOMAIN_PREFIX), "way of naming")),
            (SNAKE,),
        ),
        Setting(
            "columns",
            "how columns are named: snake",
            Order.SUPERSET,
            words(one_of((SNAKE,), "way of naming")),
            (SNAKE,),
        ),
    ),
)
