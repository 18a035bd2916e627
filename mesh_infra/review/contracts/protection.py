"""Which columns become sensitive, and which stop being it: masked readers lose the first and gain the second."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from mesh_infra.review.contracts.edit import Classifications, Edit, Pair, Place, place
from mesh_infra.review.contracts.leaving import Leaving
from mesh_infra.review.contracts.likeness import is_sensitive
from mesh_infra.review.contracts.nodes import Node, nodes_of
from mesh_infra.review.model import Impact
from mesh_infra.spec.model import Column, Mesh
from mesh_infra.spec.problems import listed, quoted

_NAMED = 3
"""How many fields are named in a message; of more, the first."""


def reclassified(base: Mesh, head: Mesh) -> Mapping[str, Place]:
    """The classifications that are sensitive on one side only, each with its place in HEAD's mesh.yaml."""
    return {
        name: place(head.source, ("classifications", name, "sensitive"))
        for name, meaning in base.classifications.items()
        if name in head.classifications and head.classifications[name].sensitive != meaning.sensitive
    }


def class_edits(pair: Pair) -> Iterator[Edit]:
    """What mesh.yaml alone changes in a contract whose own text stays."""
    text = pair.head.source.text
    if text and not any(name in text for name in pair.reclassified):
        return
    named = {index for index, column in enumerate(pair.head.columns) if _names_any(column, pair.reclassified)}
    for old, new in zip(nodes_of(pair.base.columns, named), nodes_of(pair.head.columns, named), strict=True):
        yield from protection_edits(pair, old, new)


def _names_any(column: Column, classifications: Container[str]) -> bool:
    """Whether a column, or anything inside it, is of one of some classes."""
    if column.type.primitive:
        return column.classification in classifications
    return any(part.classification in classifications for _, part in column.walk())


def protection_edits(pair: Pair, old: Node, new: Node, leaving: Leaving | None = None) -> Iterator[Edit]:
    """What happens to the protection of a column, renamed or not; ``old`` and ``new`` are columns of the table.

    ``leaving``: what has left the columns, where their text differs.
    """
    exposure = exposure_edit(pair, old, new, (old, new), leaving)
    if exposure:
        yield exposure
    else:
        yield from _restated(pair, old, new)


def exposure_edit(
    pair: Pair, old: Node, new: Node, moved: tuple[Node, Node], leaving: Leaving | None = None
) -> Edit | None:
    """Whether what was in the column ``old`` and is in the column ``new`` is hidden, or shown, from now on.

    ``moved`` is what that is on both sides: the columns themselves, or what has become a field or was one. A column is
    hidden as a whole, for anything in it; what leaves it is sensitive only by itself (``sensitive_part``), and what
    stays is no longer for what is ``leaving``.
    """
    hid = sensitive_part(old, old, pair.old_classes)
    hides = sensitive_part(new, new, pair.new_classes)
    before, after = moved
    if hides and not hid:
        return _protected(pair, after, hides)
    if not hid or hides:
        return None
    gone = leaving.gone(old, new) if leaving else frozenset[str]()
    own = sensitive_part(before, old, pair.old_classes, gone)
    return _unprotected(pair, after, own) if own else _uncovered(pair, after, hid, gone)


def sensitive_part(
    node: Node, column: Node, classes: Classifications, gone: Container[str] = frozenset()
) -> Node | None:
    """What makes ``node``, which is ``column`` or lies in it, sensitive; None where nothing does but what is ``gone``.

    That is itself, anything inside it, or anything around it which is said to be sensitive as a whole; not what merely
    lies beside it in the same column.
    """
    near = (part for part in column.walk() if _holds(part, node) or _holds(node, part))
    return next((part for part in near if is_sensitive(part, classes) and part.path not in gone), None)


def _holds(outer: Node, inner: Node) -> bool:
    """Whether one is the other, or lies in it."""
    return inner.path == outer.path or inner.path.startswith((f"{outer.path}.", f"{outer.path}["))


def _protected(pair: Pair, new: Node, part: Node) -> Edit:
    classification = _classification(part)
    if part.said and part.said.pii:
        at, why = pair.here((*part.loc, "pii")), "is marked as personal data"
    elif classification in pair.reclassified:
        at, why = pair.reclassified[classification], f"is classified {quoted(classification)}, which is sensitive now"
    else:
        at, why = pair.here((*part.loc, "classification")), f"is classified {quoted(classification)}"
    message = f"{new.title} is sensitive now: {_it(part, new)} {why}"
    readers = pair.masked_readers
    if readers:
        message += f"; its masked readers lose it: {listed(readers, 'and')}"
    # It takes something from consumers, but a new version is no answer: the old one would go on showing it.
    severity = Impact.MEDIUM if readers else Impact.INFO
    return Edit("column-sensitive", message, at, bool(readers), severity, new.column, named=True)


def _unprotected(pair: Pair, new: Node, part: Node) -> Edit:
    classification = _classification(part)
    at = pair.here((*new.loc, "pii"))
    if part.said and part.said.pii:
        why = "was marked as personal data"
    elif classification in pair.reclassified:
        at, why = pair.reclassified[classification], f"is classified {quoted(classification)}, which was sensitive"
    else:
        at, why = pair.here((*new.loc, "classification")), f"was classified {quoted(classification)}"
    message = f"{new.title} is no longer sensitive: {_it(part, new)} {why}"
    if pair.masked_readers:
        message += f"; its masked readers gain it: {listed(pair.masked_readers, 'and')}"
    severity = Impact.CRITICAL if pair.served or pair.head.status.is_served else Impact.MEDIUM
    return Edit("column-unprotected", message, at, severity=severity, column=new.column, named=True)


def _uncovered(pair: Pair, new: Node, beside: Node, gone: Container[str]) -> Edit:
    """Of what was hidden only because it lay beside sensitive data, or around it, and is no longer."""
    if beside.path in gone:
        message = f"{new.title} is no longer hidden, since {beside.title}, which is sensitive, is not in it any more"
    else:
        why = "which is sensitive; it is not sensitive by itself"
        message = f"{new.title} is no longer hidden with {beside.title}, {why}"
    if pair.masked_readers:
        message += f"; its masked readers gain it: {listed(pair.masked_readers, 'and')}"
    severity = Impact.MEDIUM if pair.head.status.is_served else Impact.INFO
    return Edit("column-unprotected", message, pair.here(new.loc), severity=severity, column=new.column, named=True)


def likeness_edit(pair: Pair, like: Sequence[tuple[Node, Node]], told: Edit | None = None) -> Edit:
    """Of what in one column is called like what was sensitive; ``told``: what is said of that column otherwise."""
    new = like[0][0]
    are = "is" if len(like) == 1 else "are"
    message = f"{_called(new for new, _ in like)} {are} called like what was sensitive in "
    message += f"{_some(old.path for _, old in like)}, and {are} not marked"
    if told:
        message = f"{told.message}; {message}"
    elif pair.masked_readers:
        message += f"; masked readers see it: {listed(pair.masked_readers, 'and')}"
    at = told.place if told else pair.here(new.loc)
    severity = Impact.CRITICAL if pair.served or pair.head.status.is_served else Impact.MEDIUM
    return Edit("column-unprotected", message, at, severity=severity, column=new.column, named=True)


def unlikeness_edit(pair: Pair, like: Sequence[tuple[Node, Node]]) -> Edit:
    """The same the other way round: of what in one column of BASE was called like what is sensitive now."""
    new = like[0][1]
    are, were = ("is", "was") if len(like) == 1 else ("are", "were")
    message = f"{_called(new for _, new in like)} {are} sensitive, and called like "
    message += f"{_some(old.path for old, _ in like)}, which {were} not"
    return Edit("column-sensitive", message, pair.here(new.loc), column=new.column, named=True)


def _called(nodes: Iterable[Node]) -> str:
    """``field 'x.y'``, or the paths of several."""
    first, *others = nodes
    return _some([first.path, *(node.path for node in others)]) if others else first.title


def _some(paths: Iterable[str]) -> str:
    """The paths, the first few where there are many."""
    first, *others = dict.fromkeys(paths)
    if len(others) < _NAMED:
        return listed([first, *others], "and")
    return f"{quoted(first)} and {len(others)} more"


def _it(part: Node, shown: Node) -> str:
    return "it" if part.top or part.path == shown.path else part.title


def _classification(node: Node) -> str:
    return (node.said.classification if node.said else None) or ""


def _restated(pair: Pair, old: Node, new: Node) -> Iterator[Edit]:
    """What is said otherwise about a column and its fields, without an effect on who sees it."""
    before = {node.path.removeprefix(old.name): node for node in old.walk()}
    for node in new.walk():
        other = before.get(node.path.removeprefix(new.name))
        if other is None:
            continue
        if _pii(other) != _pii(node):
            at = pair.here((*node.loc, "pii"))
            yield Edit("pii-changed", f"pii of {node.title}: {_pii(other)} → {_pii(node)}", at, column=new.column)
        if _classification(other) != _classification(node):
            at = pair.here((*node.loc, "classification"))
            change = f"{_classification(other) or 'none'} → {_classification(node) or 'none'}"
            yield Edit("classification-changed", f"classification of {node.title}: {change}", at, column=new.column)


def _pii(node: Node) -> str:
    if node.said is None or node.said.pii is None:
        return "not said"
    return "true" if node.said.pii else "false"
