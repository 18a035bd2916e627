"""Who reads which column, as rows: what `mesh access` prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mesh_infra.errors import UsageError
from mesh_infra.review.access.readers import EVERYWHERE, DatasetReaders, Readers, Title, readers_of
from mesh_infra.spec.datasets import Datasets
from mesh_infra.spec.model import Contract, Spec
from mesh_infra.spec.problems import did_you_mean, quoted


@dataclass(frozen=True, slots=True)
class ColumnAccess:
    """A column, whether it is hidden from masked readers, and whether the row's reader sees it."""

    name: str
    sensitive: bool
    visible: bool


@dataclass(frozen=True, slots=True)
class AccessRow:
    """What a role reads of a dataset.

    ``principals`` are those of its ARNs that read just this; a role whose principals read differently, since some of
    them have other roles too, has several rows. ``via``: in which ways (``grant``, ``admin``, ``creator``, ``files``).
    ``path`` and ``line`` are where it is given. A role that has no right of its own is here too, where principals of it
    are somebody who has one. ``role`` may be ``mesh-deployer``, ``lake-formation-admin`` or ``break-glass`` too.
    """

    role: str
    principals: tuple[str, ...]
    domain: str
    dataset: str
    version: str
    columns: tuple[ColumnAccess, ...]
    via: tuple[str, ...]
    path: str
    line: int


def matrix(
    spec: Spec, environment: str, role: str | None = None, dataset: str | None = None, column: str | None = None
) -> tuple[AccessRow, ...]:
    """Everybody who reads something in an environment, dataset by dataset; or only that role, dataset, column.

    ``dataset`` may carry domain and version. Raises ``UsageError`` for an unknown environment, role, dataset or column.
    """
    readers = readers_of(spec, environment)
    if role is not None:
        check_role(readers, role)
    wanted = {(c.domain, c.id) for c in find_datasets(spec, dataset)} if dataset is not None else None
    chosen = [
        found
        for found in readers.datasets.values()
        if (wanted is None or (found.domain.name, found.dataset.id) in wanted)
        and (column is None or _has(found, column))
    ]
    if column is not None and not chosen:
        known = {c.name for found in readers.datasets.values() for c in found.dataset.columns}
        where = f"{quoted(dataset)} has" if dataset is not None else "no dataset has"
        raise UsageError(
            f"{where} {'no' if dataset is not None else 'a'} column {quoted(column)}", _near(column, known)
        )
    called = _roles_by_principal(readers)
    return tuple(
        row
        for found in chosen
        for title in (*found.titles, *_others(found, called))
        if role in (None, title.name)
        for row in _rows(found, title, column)
    )


def find_datasets(spec: Spec, reference: str) -> tuple[Contract, ...]:
    """The contracts that ``orders``, ``sales.orders`` or ``sales.orders.v2`` means; ``UsageError`` where it is none."""
    found = Datasets(spec.contracts).find(reference, domain="")
    if found:
        return found
    known = {
        name for c in spec.contracts for name in (c.dataset, c.id, f"{c.domain}.{c.dataset}", f"{c.domain}.{c.id}")
    }
    raise UsageError(f"there is no dataset {quoted(reference)}", _near(reference, known) or "see 'mesh list'")


def check_role(readers: Readers, role: str) -> None:
    """Raise ``UsageError`` where nobody is called ``role``."""
    known = (*readers.roles, *EVERYWHERE.values())
    if role not in known:
        raise UsageError(f"there is no role {quoted(role)}", did_you_mean(role, known, "roles") or "see 'mesh access'")


def _near(word: str, known: Iterable[str]) -> str:
    hint = did_you_mean(word, known)
    return hint if hint.startswith("did you mean") else ""


def _has(found: DatasetReaders, column: str) -> bool:
    return any(c.name == column for c in found.dataset.columns)


def _roles_by_principal(readers: Readers) -> Mapping[str, Sequence[str]]:
    called: dict[str, list[str]] = {}
    for name, role in readers.roles.items():
        for arn in role.principals:
            called.setdefault(arn, []).append(name)
    return called


def _others(found: DatasetReaders, called: Mapping[str, Sequence[str]]) -> Iterator[Title]:
    """What is read by roles that have no title here, by the widest title of their principals."""
    named = {title.name for title in found.titles}
    others: dict[tuple[str, int], list[str]] = {}
    for arn, reader in found.readers.items():
        roles = [role for role in called.get(arn, ()) if role not in named]
        if not roles or not reader.columns:
            continue
        columns = frozenset(reader.columns)
        held = [index for index, title in enumerate(found.titles) if arn in title.principals]
        widest = max(held, key=lambda index: len(found.titles[index].gives(columns)), default=None)
        if widest is not None:
            for role in roles:
                others.setdefault((role, widest), []).append(arn)
    for (role, widest), principals in sorted(others.items()):
        yield replace(found.titles[widest], name=role, principals=tuple(principals))


def _rows(found: DatasetReaders, title: Title, only: str | None) -> Iterator[AccessRow]:
    alike: dict[tuple[frozenset[str], tuple[str, ...]], list[str]] = {}
    for arn in title.principals:
        reader = found.readers.get(arn)
        sees = (frozenset(reader.columns), tuple(via.value for via in reader.via)) if reader else (frozenset(), ())
        alike.setdefault(sees, []).append(arn)
    for (visible, via), principals in alike.items():
        yield AccessRow(
            role=title.name,
            principals=tuple(principals),
            domain=found.domain.name,
            dataset=found.dataset.dataset,
            version=found.dataset.version,
            columns=tuple(
                ColumnAccess(column.name, column.sensitive, column.name in visible)
                for column in found.dataset.columns
                if only in (None, column.name)
            ),
            via=via,
            path=title.origin.path,
            line=title.origin.line,
        )
