"""A review as a comment on a pull request: what matters first, the rest folded, and never too long for GitHub."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mesh_infra.findings import Finding
from mesh_infra.review.model import ContractChange, InfrastructureChange, Operation, Review
from mesh_infra.review.render.access import AccessGroup, grouped, some
from mesh_infra.review.render.github_text import code, prose
from mesh_infra.review.render.parts import approvers_of, parts_of, plural, summary_of
from mesh_infra.review.render.text import flags, inputs_of, name_of, short_type, weight_of

MOST_CHARACTERS = 60_000
"""GitHub takes 65,536 in a comment; the rest is left to whoever puts something around it."""

_MOST_IN_LINE = 800
"""Characters of names that stand in one paragraph: a screen of a phone."""

_OPERATIONS: dict[Operation, str] = {
    "delete": "to delete",
    "replace": "to replace",
    "update": "to update",
    "create": "to create",
}


@dataclass(frozen=True, slots=True)
class _Section:
    """A list with what stands around it; where there is no room for all, the lower ``rank`` has it."""

    opening: str
    items: tuple[str, ...]
    closing: str = "\n"
    rank: int = 0

    @property
    def least(self) -> int:
        """The characters that it takes without any item."""
        return len(self.opening) + len(_more(len(self.items))) + len(self.closing)

    def fitted(self, room: int) -> tuple[str, int]:
        """Itself with as many of its items as fit into ``room``, and the room that is left."""
        shown = 0
        for item in self.items:
            if len(item) > room:
                break
            room -= len(item)
            shown += 1
        left = len(self.items) - shown
        rest = _more(left) if left else ""
        return "".join((self.opening, *self.items[:shown], rest, self.closing)), room


def render_markdown(review: Review, most: int = MOST_CHARACTERS) -> str:
    """The review as GitHub's Markdown, at most ``most`` characters; what does not fit is counted.

    Whatever people wrote shows as itself: no HTML, no link, no mention comes of it. The same review has the same text.
    """
    sections = [section for section in _sections(review) if section.items]
    head = "".join(_head(review))
    room = most - len(head) - sum(section.least for section in sections)
    written = [""] * len(sections)
    for place, section in sorted(enumerate(sections), key=lambda item: item[1].rank):
        written[place], room = section.fitted(room)
    return "".join((head, *written)).rstrip("\n") + "\n"


def _head(review: Review) -> Iterator[str]:
    yield f"### Mesh review\n\n**{summary_of(review)}**\n\n"
    approvers = approvers_of(review)
    if approvers and not _are_many(approvers):
        yield f"Must approve: {', '.join(map(code, approvers))}\n\n"


def _are_many(approvers: Sequence[str]) -> bool:
    """Whether the names would push everything else off the screen: then they are folded, a line for each."""
    return sum(map(len, map(code, approvers))) > _MOST_IN_LINE


def _sections(review: Review) -> Iterator[_Section]:
    parts = parts_of(review)
    approvers = approvers_of(review)
    if _are_many(approvers):
        yield _folded(f"Must approve: {len(approvers)}", (f"- {code(name)}\n" for name in approvers), rank=1)
    yield _open("Errors", map(_finding, parts.errors))
    yield _open("Who sees more", map(_access, grouped(parts.urgent_access)))
    yield _open("What is no longer protected", map(_contract, parts.exposing))
    yield _open("What breaks", map(_contract, parts.breaking))
    yield _open("What is lost", map(_resource, parts.lost))
    yield _open("What has drifted", map(_resource, parts.drift))
    one_by_one = [each for group in grouped(parts.urgent_access) if group.is_cut for each in group.each()]
    # So that an owner finds their own dataset where only some are named.
    yield _folded(f"{plural(len(one_by_one), 'dataset')} of the above, one by one", map(_dataset, one_by_one), rank=1)
    of_access = _title("of access", parts.other_access, parts.urgent_access)
    yield _folded(of_access, map(_access, grouped(parts.other_access)))
    of_contracts = _title("of contracts", parts.other_contracts, (*parts.exposing, *parts.breaking))
    yield _folded(of_contracts, map(_contract, parts.other_contracts))
    yield _folded(_operations(parts.infrastructure), map(_resource, parts.infrastructure))
    warnings = map(_finding, parts.warnings)
    # That nothing is known must not be folded away.
    yield _folded(plural(len(parts.warnings), "warning"), warnings) if review.compared else _open("Warnings", warnings)


def _open(title: str, items: Iterable[str]) -> _Section:
    return _Section(f"#### {title}\n\n", tuple(items))


def _folded(title: str, items: Iterable[str], rank: int = 2) -> _Section:
    return _Section(f"<details><summary>{title}</summary>\n\n", tuple(items), "\n</details>\n\n", rank)


def _title(of: str, items: Sequence[object], shown: Sequence[object]) -> str:
    return f"{plural(len(items), 'more change' if shown else 'change')} {of}"


def _operations(changes: Sequence[InfrastructureChange]) -> str:
    counts = Counter(change.op for change in changes)
    stacks = len({change.stack for change in changes})
    done = ", ".join(f"{counts[op]} {words}" for op, words in _OPERATIONS.items() if counts[op])
    return f"Infrastructure: {done}, in {plural(stacks, 'stack')}"


def _more(number: int) -> str:
    return f"- … and {number} more\n"


def _finding(finding: Finding) -> str:
    hint = f"; {finding.hint}" if finding.hint else ""
    return f"- {_place(finding.path, finding.line)} {prose(f'{finding.message}{hint}')} ({code(finding.rule)})\n"


def _access(group: AccessGroup) -> str:
    what = f"{group.in_words(code)}: {prose(group.first.message)}"
    return f"- **{group.severity}** {what} ({_place(group.first.path, group.first.line)})\n"


def _dataset(group: AccessGroup) -> str:
    """What is not said above."""
    return f"- **{group.severity}** {group.in_words(code)}\n"


def _contract(change: ContractChange) -> str:
    what = code(name_of(change))
    return f"- **{weight_of(change)}** {what}: {prose(change.message)} ({_place(change.path, change.line)})\n"


def _resource(change: InfrastructureChange) -> str:
    what = f"{code(short_type(change.type))} {code(change.name)} of {code(change.stack)}"
    outstanding = "".join(f", **{flag}**" for flag in flags(change))
    return f"- **{change.op}** {what}{_reasons(change)}{outstanding}\n"


def _reasons(change: InfrastructureChange) -> str:
    if change.replaced_by:
        return f", forced by {some(change.replaced_by, code)}"
    return f": {some(inputs_of(change), code)}" if change.inputs else ""


def _place(path: str, line: int) -> str:
    return code(f"{path}:{line}" if line else path)
