"""Columns that somebody reads on one side and not on the other, and the reason why.

The same reasons explain what is gained, seen from HEAD, and what is lost, seen from BASE.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from mesh_infra.manifest.origin import Origin
from mesh_infra.review.access.chains import Comers, Made, Trusts
from mesh_infra.review.access.readers import EVERYWHERE, DatasetReaders, Readers, Title, TitleKind
from mesh_infra.review.environments import PairOfNames
from mesh_infra.spec.model import Contract, Spec
from mesh_infra.spec.outline import DatasetKey
from mesh_infra.spec.problems import quoted


class Reason(Enum):
    """Why somebody reads columns on one side alone."""

    ENVIRONMENT = auto()
    """There is no such environment on the other side."""
    DOMAIN = auto()
    """There is no such domain there."""
    DATASET = auto()
    """There is no such dataset there."""
    ENTRY = auto()
    """The role has no right to the dataset there."""
    PERSON = auto()
    """Somebody else has the right there."""
    COLUMN = auto()
    """There are no such columns there."""
    NAME = auto()
    """They are called otherwise there, and the same reader reads them."""
    PLACE = auto()
    """There are no such columns there, but what is sensitive in them is read there in others by the same reader."""
    PROTECTION = auto()
    """They are sensitive there."""
    PERMISSION = auto()
    """The role reads masked there."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One side of one environment, which both sides call ``environment``.

    ``trusts``: of its roles and those of all others; ``public``: the roles that let everybody in; ``reclassified``: the
    classifications that the other side reads otherwise.
    """

    spec: Spec
    environment: PairOfNames
    readers: Readers
    trusts: Trusts
    public: frozenset[str]
    reclassified: frozenset[str]
    contracts: Mapping[DatasetKey, Contract]

    def comers(self, identity: str) -> tuple[Comers, ...]:
        """All who may become a reader that is an IAM role of the mesh."""
        made = self.trusts.made(identity, self.environment)
        return tuple(self.trusts.comers(made)) if made else ()

    def abroad(self, comers: Iterable[Comers]) -> Iterator[Comers]:
        """Of those who may become a reader here the ones of other accounts."""
        for some in comers:
            foreign = frozenset(one for one in some.trustees if one.account not in ("", self.readers.account))
            if foreign:
                yield replace(some, trustees=foreign)

    def lets_everybody_in(self, title: str, identity: str) -> bool:
        """Whether everybody may be who reads here: as the role that has the title, or by way of others."""
        if not self.public:
            return False
        names = {title, identity, *(made.role for some in self.comers(identity) for made in some.way)}
        return not self.public.isdisjoint(names)

    def called(self, made: Made) -> str:
        """A role of the mesh, in words; one of another environment with that."""
        if made.environment == self.environment:
            return quoted(made.role)
        before, after = made.environment
        return f"{quoted(made.role)} of {quoted(after or before or '')}"

    def reader(self, identity: str) -> str:
        """A reader, in words: an IAM role of the mesh as that, others by their ARNs."""
        made = self.trusts.made(identity, self.environment)
        return self.called(made) if made else quoted(identity)


@dataclass(frozen=True, slots=True)
class Part:
    """``columns`` of a dataset that ``identity`` reads by a ``title`` where it is ``here``, and not where ``there``."""

    here: Sight
    there: Sight
    key: DatasetKey
    title: Title
    identity: str
    columns: frozenset[str]

    @property
    def dataset(self) -> DatasetReaders:
        """The dataset where it is read."""
        return self.here.readers.datasets[self.key]

    @property
    def other(self) -> DatasetReaders | None:
        """The dataset on the other side, if it is there."""
        return self.there.readers.datasets.get(self.key)

    @property
    def is_standing(self) -> bool:
        """Whether the same reader has the same right to everything on the other side, whatever is there to be read."""
        readers = self.there.readers
        match self.title.kind:
            case TitleKind.CONSUMER | TitleKind.UNEXPLAINED:
                return False
            case TitleKind.PRODUCER:
                return self.key[0] in readers.owners and self.identity in readers.identities(self.title.name)
            case _:
                return any(self.identity in title.identities for title in readers.everywhere)

    @property
    def has_another_title(self) -> bool:
        """Whether the reader is an IAM role that we make, and reads as what it is not called."""
        return ":" not in self.identity and self.identity != self.title.name

    @property
    def is_newcomer(self) -> bool:
        """Whether the reader is nobody of that name on the other side."""
        if self.title.name in EVERYWHERE.values():
            return not self.is_standing
        return self.identity not in self.there.readers.identities(self.title.name)

    @property
    def account(self) -> str:
        """Whose the reader is; empty where it is an IAM role that we make here."""
        return self.identity.split(":")[4] if ":" in self.identity else ""

    @property
    def is_foreign(self) -> bool:
        """Whether it is of another account than the environment's, or can be assumed from there."""
        if self.account not in ("", self.here.readers.account):
            return True
        return any(self.here.abroad(self.here.comers(self.identity)))

    def reasons(self, known: Mapping[str, Reason] | None = None) -> Iterator[tuple[Reason, frozenset[str]]]:
        """Why, each with the columns that it explains; ``known`` are those that the reader knows from elsewhere."""
        whole = self._reason()
        if whole is not None:
            yield whole, self.columns
            return
        there = {column.name: column.sensitive for column in self.other.dataset.columns} if self.other else {}
        found: dict[Reason, set[str]] = {}
        for column in self.columns:
            if column not in there:
                reason = (known or {}).get(column, Reason.COLUMN)
            elif there[column] and column not in self.dataset.sensitive:
                reason = Reason.PROTECTION
            else:
                reason = Reason.PERMISSION
            found.setdefault(reason, set()).add(column)
        yield from ((reason, frozenset(found[reason])) for reason in Reason if reason in found)

    def _reason(self) -> Reason | None:
        """The reason that explains all of the columns; None where it is a matter of each."""
        readers, title = self.there.readers, self.title
        if not readers.account and (title.kind is not TitleKind.CONSUMER or self.key in self.there.contracts):
            return Reason.ENVIRONMENT
        if title.kind is not TitleKind.CONSUMER:
            if title.kind is TitleKind.PRODUCER and self.key[0] not in readers.owners:
                return Reason.DOMAIN
            return Reason.PERSON
        if self.other is None:
            return Reason.DATASET
        same = self.other.title(title.name)
        if same is None:
            return Reason.ENTRY
        return Reason.PERSON if self.identity not in same.identities else None

    def origin(self, reason: Reason, columns: frozenset[str]) -> Origin:
        """The line that gives it."""
        match reason:
            case _ if self.title.kind is TitleKind.UNEXPLAINED:
                return self.title.origin
            case Reason.PERSON if self.title.name in self.here.readers.roles:
                return self.here.readers.roles[self.title.name].origin
            case Reason.COLUMN | Reason.NAME | Reason.PLACE:
                return self._column(columns)
            case Reason.PROTECTION:
                return self._classification(columns) or self._column(columns)
            case _:
                return self.title.origin

    def _column(self, columns: frozenset[str]) -> Origin:
        return next(column.origin for column in self.dataset.dataset.columns if column.name in columns)

    def _classification(self, columns: frozenset[str]) -> Origin | None:
        """The line of mesh.yaml that says what a class of data is, where that is what has changed."""
        source = self.here.spec.mesh.source
        for column in self.here.contracts[self.key].columns:
            if column.name in columns:
                for _, part in column.walk():
                    if part.classification in self.here.reclassified:
                        place = source.value(("classifications", part.classification, "sensitive"))
                        return Origin(source.path, place.line)
        return None
