"""A review for a terminal: plain lines, what matters first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mesh_infra.findings import printable
from mesh_infra.review.model import ContractChange, Impact, InfrastructureChange, Operation, Review
from mesh_infra.review.render.access import AccessGroup, grouped, some
from mesh_infra.review.render.parts import approvers_of, parts_of, summary_of

SIGNS: dict[Operation, str] = {"create": "+ ", "update": "~ ", "replace": "+-", "delete": "- "}
"""As Pulumi shows them."""

_INDEX = re.compile(r"\[\d+\]")
"""Of an item of a list, in a property path."""


def render_text(review: Review) -> str:
    """The review as lines, each ending in a newline; control characters of what people wrote are escaped."""
    return "".join(f"{printable(line)}\n" for line in _lines(review))


def _lines(review: Review) -> Iterator[str]:
    parts = parts_of(review)
    yield from _section("errors", map(str, parts.errors))
    yield from _section("access", map(access_line, grouped((*parts.urgent_access, *parts.other_access))))
    yield from _section("contracts", map(contract_line, (*parts.exposing, *parts.breaking, *parts.other_contracts)))
    for stack in dict.fromkeys(change.stack for change in parts.infrastructure):
        of_stack = [change for change in parts.infrastructure if change.stack == stack]
        yield from _section(f"infrastructure of the stack '{stack}'", map(infrastructure_line, of_stack))
    yield from _section("warnings", map(str, parts.warnings))
    if approvers := approvers_of(review):
        yield f"must approve: {', '.join(approvers)}"
    yield summary_of(review)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    body = [f"  {line}" for line in lines]
    if body:
        yield from (title, *body, "")


def access_line(group: AccessGroup) -> str:
    """``critical  marketing on sales.orders v1 gains user_email (sensitive): … (contracts/sales/orders.yaml:14)``."""
    what = f"{group.in_words(str)}: {group.first.message}"
    return f"{group.severity:<8}  {what} ({_place(group.first.path, group.first.line)})"


def contract_line(change: ContractChange) -> str:
    """``breaking  sales.orders v1: … (contracts/sales/orders.yaml:6)``."""
    what = f"{name_of(change)}: {change.message}"
    return f"{weight_of(change):<8}  {what} ({_place(change.path, change.line)})"


def name_of(change: ContractChange) -> str:
    """``sales.orders v1``."""
    return f"{change.domain}.{change.dataset} {change.version}".lstrip(".")


def weight_of(change: ContractChange) -> str:
    """How much a change of a contract matters, in a word."""
    return "breaking" if change.breaking and change.severity is not Impact.CRITICAL else change.severity


def infrastructure_line(change: InfrastructureChange) -> str:
    """``+- replace Permissions sales.orders_v1.marketing: table, forced by dataCellsFilter``, with what it loses."""
    what = f"{SIGNS[change.op]} {change.op:<7} {short_type(change.type)} {change.name}"
    return "; ".join((f"{what}{_inputs(change)}", *flags(change)))


def _inputs(change: InfrastructureChange) -> str:
    if change.replaced_by:
        return f": forced by {some(change.replaced_by)}"
    return f": {some(inputs_of(change))}" if change.inputs else ""


def inputs_of(change: InfrastructureChange) -> tuple[str, ...]:
    """The inputs that change, as far as people can use them: a list as a whole, since one more item moves the rest."""
    return tuple(dict.fromkeys(_INDEX.split(path)[0] for path in change.inputs))


def flags(change: InfrastructureChange) -> Iterator[str]:
    """What stands out of a change of a resource, in words."""
    if change.data_loss:
        yield "DATA IS LOST"
    if change.kept:
        yield "kept on AWS"
    if change.protected:
        yield "protected: refused until unprotected"
    if change.drift:
        yield "drift: the files do not change it"


def short_type(token: str) -> str:
    """``CatalogTable`` of ``aws:glue/catalogTable:CatalogTable``."""
    return token.rpartition(":")[2]


def _place(path: str, line: int) -> str:
    return f"{path}:{line}" if line else path
