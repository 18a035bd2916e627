"""What a change of access is called: the reason in words, without the name of the dataset.

One edit that touches many datasets is said in the same words at each, so that whoever prints them can group them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mesh_infra.review.access.chains import Comers
from mesh_infra.review.access.parts import Part, Reason
from mesh_infra.review.access.readers import TitleKind
from mesh_infra.spec.problems import quoted

_NAMED = 5


def gain_in_words(part: Part, reason: Reason, columns: Collection[str]) -> str:
    """Why ``columns`` are read that were not."""
    role = quoted(part.title.name)
    masked = ", masked" if part.title.masked else ""
    words = {
        Reason.ENVIRONMENT: f"the environment is new, and in it {_in_environment(part)}",
        Reason.DOMAIN: f"{role} writes the domain, which is new",
        Reason.DATASET: f"{role} reads the dataset, which is new{masked}",
        Reason.ENTRY: f"{role} is a new reader{masked}",
        Reason.PERSON: f"{_person(part)} is now {_holder(part)}",
        Reason.COLUMN: f"{_columns(columns)} new",
        Reason.NAME: f"{_columns(columns)} renamed",
        Reason.PLACE: f"{_columns(columns)} new, but {role} read what is sensitive in {_them(columns)} before",
        Reason.PROTECTION: f"{_columns(columns)} no longer sensitive",
        Reason.PERMISSION: f"{role} reads in clear what it read masked",
    }
    return words[reason]


def loss_in_words(part: Part, reason: Reason, columns: Collection[str]) -> str:
    """Why ``columns`` are no longer read."""
    role = quoted(part.title.name)
    words = {
        Reason.ENVIRONMENT: "the environment is gone",
        Reason.DOMAIN: "the domain is gone",
        Reason.DATASET: "the dataset is gone",
        Reason.ENTRY: f"{role} is no longer a reader",
        Reason.PERSON: f"{_person(part)} is no longer {_holder(part)}",
        Reason.COLUMN: f"{_columns(columns)} gone",
        Reason.NAME: f"{_columns(columns)} renamed",
        Reason.PROTECTION: f"{_columns(columns)} sensitive now",
        Reason.PERMISSION: f"{role} reads masked what it read in clear",
    }
    return words[reason]


def trust_in_words(way: Sequence[str], comers: Comers, *, gained: bool) -> str:
    """Who may become the last role of a ``way`` from now on, or may no longer."""
    now = " now" if gained else " no longer"
    through, assumed = (now, "") if comers.by_link else ("", now)
    return f"{_way(way, through)} may{assumed} be assumed by {_trustees(comers)}"


def abroad_in_words(way: Sequence[str], comers: Comers) -> str:
    """Who of other accounts may become a new reader."""
    return f"{_trustees(comers)} may assume {_way(way).rstrip(',')}"


def account_in_words(title: str, account: str) -> str:
    """That somebody who has a title is of another account."""
    return f"{quoted(title)} is of the account {account}"


def also_in_words(reader: str, title: str) -> str:
    """That a reader holds the title of another one."""
    return f"{reader} is {quoted(title)} too"


def _way(way: Sequence[str], now: str = "") -> str:
    """``'gate', which may assume 'partner' by way of 'hub',``; of one role alone its name."""
    first, *between = way
    if not between:
        return first
    last = between.pop()
    through = f" by way of {_some(between)}" if between else ""
    return f"{first}, which may{now} assume {last}{through},"


def _trustees(comers: Comers) -> str:
    return _some(sorted(trustee.text for trustee in comers.trustees))


def _person(part: Part) -> str:
    if ":" in part.identity or part.title.kind is TitleKind.UNEXPLAINED:
        return quoted(part.identity)
    return f"the role {quoted(part.identity)}" if part.has_another_title else "an IAM role of the mesh's own"


def _in_environment(part: Part) -> str:
    match part.title.kind:
        case TitleKind.CONSUMER:
            return f"{quoted(part.title.name)} reads the dataset{', masked' if part.title.masked else ''}"
        case TitleKind.PRODUCER:
            return f"{quoted(part.title.name)} writes the domain"
        case _:
            return f"{_person(part)} is {_holder(part)}"


def _holder(part: Part) -> str:
    """What somebody is who holds a title."""
    words = {
        TitleKind.CONSUMER: quoted(part.title.name),
        TitleKind.PRODUCER: f"{quoted(part.title.name)}, which reads and writes the domain",
        TitleKind.DEPLOYER: "the deployer, which reads everything",
        TitleKind.ADMINISTRATOR: "a Lake Formation administrator, which may read everything",
        TitleKind.BREAK_GLASS: "a break-glass role, which may read all files",
        TitleKind.UNEXPLAINED: "a reader of more than the mesh gives it",
    }
    return words[part.title.kind]


def _columns(columns: Collection[str]) -> str:
    names = sorted(columns)
    if len(names) == 1:
        return f"the column {quoted(names[0])} is"
    return f"the columns {_some([quoted(name) for name in names])} are"


def _them(columns: Collection[str]) -> str:
    return "it" if len(columns) == 1 else "them"


def _some(words: list[str]) -> str:
    """The first few of them, and how many more there are."""
    shown, left = words[:_NAMED], len(words) - _NAMED
    if left > 0:
        shown.append(f"{left} more")
    *others, last = shown
    return f"{', '.join(others)} and {last}" if others else last
