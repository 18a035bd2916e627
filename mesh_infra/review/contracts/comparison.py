"""Two meshes compared, contract by contract: who changed, who is affected, and in which order it is told."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from mesh_infra.review.contracts.blast import Consumers, full_name
from mesh_infra.review.contracts.columns import column_edits, read_columns
from mesh_infra.review.contracts.edit import Edit, Pair, Place
from mesh_infra.review.contracts.heirs import Heirs
from mesh_infra.review.contracts.pairing import pair_contracts
from mesh_infra.review.contracts.promises import promise_edits
from mesh_infra.review.contracts.protection import class_edits, reclassified
from mesh_infra.review.contracts.terms import access_edits, recorded_edits, status_edits
from mesh_infra.review.model import ContractChange, Impact
from mesh_infra.spec.model import Contract, Permission, Spec
from mesh_infra.spec.problems import quoted

_NAMED = 5
"""How many of those affected are named in a message; the others are counted."""

_WORST = tuple(Impact).index


def contract_changes(base: Spec, head: Spec) -> tuple[ContractChange, ...]:
    """Every change of every contract from BASE to HEAD, sorted by domain, dataset, major version and line.

    A contract whose text is the same costs a comparison of text, unless mesh.yaml changes a classification that it
    names. ``breaking`` holds for datasets that have consumers before and after: drafts and retired ones have none.
    """
    return tuple(change for _, change in sorted(_Comparison(base, head).changes(), key=_order))


def _order(item: tuple[Contract, ContractChange]) -> tuple[str, str, int, str, int, str, str]:
    contract, change = item
    return contract.domain, contract.dataset, contract.major, change.path, change.line, change.change, change.message


_Found = Iterator[tuple[Contract, ContractChange]]


@dataclass(frozen=True)
class _Comparison:
    base: Spec
    head: Spec

    @cached_property
    def _consumers(self) -> Consumers:
        """BASE's: who took what is there so far."""
        return Consumers(self.base)

    @cached_property
    def _heirs(self) -> Heirs:
        return Heirs(self.base)

    @cached_property
    def _majors(self) -> dict[tuple[str, str], list[int]]:
        """HEAD's major versions of each dataset, sorted."""
        found: dict[tuple[str, str], list[int]] = {}
        for contract in self.head.contracts:
            insort(found.setdefault((contract.domain, contract.dataset), []), contract.major)
        return found

    @cached_property
    def _owners(self) -> tuple[dict[str, str], dict[str, str]]:
        """Of the domains, on both sides."""
        base, head = ({domain.domain: domain.owner for domain in side.domains} for side in (self.base, self.head))
        return base, head

    def changes(self) -> _Found:
        pairing = pair_contracts(self.base, self.head)
        classes = reclassified(self.base.mesh, self.head.mesh)
        unchanged = ((contract, contract) for contract in pairing.same) if classes else ()
        for old, new in (*unchanged, *pairing.kept, *pairing.moved):
            same = old is new or _same_text(old, new)
            if same and old.domain == new.domain and not classes:
                continue
            pair = Pair(old, new, self.base.mesh.classifications, self.head.mesh.classifications, classes)
            edits = [*_moving(pair), *(class_edits(pair) if same else self._warned(pair, _edits(pair)))]
            yield from ((new, self._change(pair, edit)) for edit in edits)
        for contract in pairing.removed:
            yield contract, self._removed(contract)
        for contract in pairing.added:
            yield contract, self._added(contract)

    def _warned(self, pair: Pair, edits: Iterable[Edit]) -> Iterator[Edit]:
        """The edits; those that bring in clear what another version or a copy hides say so.

        Who reads it gains it, which is told as a change of access. But where nobody reads it yet, nothing else would
        tell, nor would any later change.
        """
        unmarked = self._heirs.unmarked(pair.head, self.head.mesh.classifications)
        worth = Impact.HIGH if pair.served else Impact.MEDIUM
        for edit in edits:
            if edit.code in ("column-added", "field-added") and edit.column in unmarked:
                # Masked readers of the column gain no column with a field: no change of access tells of it.
                urgent = pair.served and edit.code == "field-added" and not edit.breaks
                yield _exposing(edit, {edit.column: unmarked[edit.column]}, Impact.CRITICAL if urgent else worth)
            elif edit.code == "status-changed" and pair.head.status.is_served and not pair.base.status.is_served:
                yield _exposing(edit, unmarked, Impact.CRITICAL)
            else:
                yield edit

    def _change(self, pair: Pair, edit: Edit) -> ContractChange:
        message = edit.message
        if edit.breaks and not edit.named:
            message += self._affected(pair.base, edit.column)
        return self._told(pair.head, edit, message, pair.base)

    def _removed(self, contract: Contract) -> ContractChange:
        served = contract.status.is_served
        message = f"{full_name(contract)} is removed, which was {quoted(contract.status)}"
        edit = Edit("contract-removed", message, _file(contract), served, Impact.HIGH if served else Impact.INFO)
        return self._told(contract, edit, message + (self._affected(contract, "") if served else ""))

    def _added(self, contract: Contract) -> ContractChange:
        majors = self._majors[contract.domain, contract.dataset]
        others = [f"v{major}" for major in majors if major != contract.major]
        beside = f" beside {_some(others)}" if others else ""
        message = f"{full_name(contract)} is new{beside}, as {quoted(contract.status)}"
        edit = Edit("contract-added", message, _file(contract))
        unmarked = self._heirs.unmarked(contract, self.head.mesh.classifications)
        edit = _exposing(edit, unmarked, Impact.CRITICAL if contract.status.is_served else Impact.MEDIUM)
        return self._told(contract, edit, edit.message)

    def _told(self, contract: Contract, edit: Edit, message: str, before: Contract | None = None) -> ContractChange:
        """``before``: the contract in BASE, which another domain may have had."""
        domains = ((before or contract).domain, contract.domain, *edit.concerns)
        owners = (side[domain] for domain in domains for side in self._owners if domain in side)
        return ContractChange(
            dataset=contract.dataset,
            version=contract.version,
            change=edit.code,
            breaking=edit.breaks,
            severity=edit.severity,
            message=message,
            path=edit.place.path,
            line=edit.place.line,
            # The owner of today decides, also about handing the domain to another one.
            approvers=tuple(dict.fromkeys(owners)),
            domain=contract.domain,
        )

    def _affected(self, contract: Contract, column: str) -> str:
        """Who reads a column of BASE, or all of it, and what is made from it."""
        classes = self.base.mesh.classifications
        hidden = any(c.name == column and c.is_sensitive(classes) for c in contract.columns)
        readers = [e.role for e in contract.access_policy if e.permission is Permission.READ or not hidden]
        made = [affected.name for affected in self._consumers.of(contract, (column,) if column else ())]
        parts = [f"{verb} {_some(names)}" for verb, names in (("read by", readers), ("used by", made)) if names]
        return f" ({'; '.join(parts)})" if parts else ""


def _same_text(old: Contract, new: Contract) -> bool:
    """Whether both were read from the same text; contracts that were made otherwise have none."""
    return bool(old.source.text) and old.source.text == new.source.text


def _edits(pair: Pair) -> Iterator[Edit]:
    columns = read_columns(pair)
    for edit in (*column_edits(columns), *promise_edits(columns), *access_edits(pair)):
        yield edit if pair.served else _unfelt(edit)
    yield from status_edits(pair)
    yield from recorded_edits(pair)


def _unfelt(edit: Edit) -> Edit:
    """What an edit is worth where nobody reads the dataset; what endangers data stays what it is."""
    severity = edit.severity if edit.severity is Impact.CRITICAL else Impact.INFO
    return replace(edit, breaks=False, severity=severity)


def _exposing(edit: Edit, unmarked: Mapping[str, Contract], severity: Impact) -> Edit:
    """An edit that shows columns which are sensitive in another version of the dataset, or where it was copied from."""
    if not unmarked:
        return edit
    places = dict.fromkeys(full_name(origin) for origin in unmarked.values())
    names = [quoted(name) if _has(origin, name) else f"what is in {quoted(name)}" for name, origin in unmarked.items()]
    what = f"{_some(names)} {'is' if len(names) == 1 else 'are'} sensitive in"
    where = f"{_some(list(places))}, not here"
    return replace(
        edit,
        message=f"{edit.message}; {what} {where}",
        severity=min(edit.severity, severity, key=_WORST),
        concerns=tuple(dict.fromkeys(origin.domain for origin in unmarked.values())),
    )


def _has(contract: Contract, name: str) -> bool:
    return any(column.name == name for column in contract.columns)


def _moving(pair: Pair) -> Iterator[Edit]:
    if pair.base.domain != pair.head.domain:
        to = quoted(pair.head.domain)
        message = f"{full_name(pair.base)} moves to the domain {to}: another bucket, database and key"
        severity = Impact.HIGH if pair.served else Impact.INFO
        yield Edit("contract-moved", message, _file(pair.head), pair.served, severity)


def _file(contract: Contract) -> Place:
    """A contract as a whole."""
    return Place(contract.source.path, 1)


def _some(names: Sequence[str]) -> str:
    """``a, b and c``, the first few by name."""
    shown, left = list(names[:_NAMED]), len(names) - _NAMED
    if left > 0:
        shown.append(f"{left} more")
    *others, last = shown
    return f"{', '.join(others)} and {last}" if others else last
