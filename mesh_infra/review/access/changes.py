"""What a change does to access: for each role and dataset the columns gained and lost, by the evaluator on both sides.

Who stands for a whole domain or environment (producers, the deployer, administrators, break-glass roles) reads whatever
is new there; that is said where they change, not at every new column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from mesh_infra.manifest.origin import Origin
from mesh_infra.review.access.chains import Arrivals, Comers, Trusts
from mesh_infra.review.access.parts import Part, Reason, Sight
from mesh_infra.review.access.readers import DatasetReaders, Readers, Title, TitleKind, readers_of
from mesh_infra.review.access.renames import Known, known_columns
from mesh_infra.review.access.trust import public_roles
from mesh_infra.review.access.words import (
    abroad_in_words,
    account_in_words,
    also_in_words,
    gain_in_words,
    loss_in_words,
    trust_in_words,
)
from mesh_infra.review.contracts.heirs import Heirs
from mesh_infra.review.contracts.protection import reclassified
from mesh_infra.review.environments import PairOfNames, pair_environments
from mesh_infra.review.manifests import Manifests
from mesh_infra.review.model import AccessChange, Impact
from mesh_infra.spec.model import Spec
from mesh_infra.spec.outline import DatasetKey
from mesh_infra.spec.problems import listed, quoted

_WORST_FIRST = tuple(Impact)
_MOST_REASONS = 8
"""How many are told of one role and one dataset."""

_Comers = Mapping[str, tuple[Comers, ...]]
"""By the reader that they may become."""


def access_changes(base: Spec, head: Spec, manifests: Manifests | None = None) -> tuple[AccessChange, ...]:
    """The columns that each role gains and loses, in the environments of mesh.yaml.

    ``manifests`` are those of both sides, as far as they differ.

    A change that is the same in all environments stands once; others name theirs. Sorted by dataset and role. An
    environment that is called otherwise now, and is where it was, is compared with itself.

    ``critical``: sensitive data, or what was sensitive until now, in clear to a consumer or to somebody who reads a
    whole environment; anything to a role that lets everybody in. ``high``: a producer comes, or somebody of another
    account. ``medium``: other data to a consumer. ``info``: less access, and what comes with a new domain or
    environment.
    """
    environments = pair_environments(base.mesh, head.mesh)
    manifests = manifests or Manifests()
    heirs = Heirs(base)
    found: dict[AccessChange, list[str]] = {}
    flipped = frozenset(reclassified(base.mesh, head.mesh))
    before = _Side(base, {pair: pair[0] for pair in environments if pair[0]}, flipped)
    after = _Side(head, {pair: pair[1] for pair in environments if pair[1]}, flipped)
    come, gone = after.trusts.arrivals(before.trusts), before.trusts.arrivals(after.trusts)
    for pair in environments:
        sights = before.sight(pair, manifests), after.sight(pair, manifests)
        for change in _Comparison(*sights, heirs, come, gone).changes():
            found.setdefault(change, []).append(pair[1] or pair[0] or "")
    changes = (_named(change, sorted(where), len(environments)) for change, where in found.items())
    return tuple(sorted(changes, key=lambda c: (c.domain, c.dataset, c.version, c.role, c.message)))


def _named(change: AccessChange, environments: list[str], count: int) -> AccessChange:
    if len(environments) == count:
        return change
    return replace(change, message=f"{change.message} (in {listed(environments, 'and')})")


class _Side:
    """One side of all environments, which are called ``environments`` there."""

    def __init__(self, spec: Spec, environments: Mapping[PairOfNames, str], flipped: frozenset[str]) -> None:
        self._environments = environments
        self.trusts = Trusts(spec, environments)
        self._anywhere = Sight(
            spec=spec,
            environment=(None, None),
            readers=Readers(),
            trusts=self.trusts,
            public=public_roles(spec),
            reclassified=flipped,
            contracts={contract.key: contract for contract in spec.contracts},
        )

    def sight(self, environment: PairOfNames, manifests: Manifests) -> Sight:
        name = self._environments.get(environment)
        readers = readers_of(self._anywhere.spec, name, manifests) if name else Readers()
        return replace(self._anywhere, environment=environment, readers=readers)


@dataclass(frozen=True, slots=True)
class _Cause:
    severity: Impact
    text: str
    origin: Origin


@dataclass(slots=True)
class _Found:
    """What has been found of one role and one dataset so far; ``sensitive``: what is gained of sensitive data."""

    gained: set[str] = field(default_factory=set)
    sensitive: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    gains: set[_Cause] = field(default_factory=set)
    losses: set[_Cause] = field(default_factory=set)


class _Comparison:
    """One environment on both sides."""

    def __init__(self, before: Sight, after: Sight, heirs: Heirs, come: Arrivals, gone: Arrivals) -> None:
        self._before = before
        self._after = after
        self._heirs = heirs
        self._come = after.trusts.by_identity(come, after.environment, before.trusts)
        self._gone = before.trusts.by_identity(gone, before.environment, after.trusts)
        self._known: dict[DatasetKey, Mapping[str, Known]] = {}

    def changes(self) -> Iterator[AccessChange]:
        """What changes for whom, dataset by dataset."""
        before, after = self._before.readers.datasets, self._after.readers.datasets
        for key in sorted({*before, *after}):
            for role, found in self._dataset(key, before.get(key), after.get(key)).items():
                yield self._change(key, role, found)

    def _dataset(self, key: DatasetKey, old: DatasetReaders | None, new: DatasetReaders | None) -> dict[str, _Found]:
        found: dict[str, _Found] = {}
        had, has = old.reads if old else {}, new.reads if new else {}
        for identity in sorted({*had, *has}):
            before, after = had.get(identity, frozenset()), has.get(identity, frozenset())
            if new and after - before:
                for part in _parts(self._after, self._before, key, identity, after - before):
                    self._gain(part, before, found.setdefault(part.title.name, _Found()))
            if old and before - after:
                for part in _parts(self._before, self._after, key, identity, before - after):
                    _lose(part, found.setdefault(part.title.name, _Found()))
        if new:
            self._trust(new, self._come, found, gained=True)
        if old:
            self._trust(old, self._gone, found, gained=False)
        return found

    def _gain(self, part: Part, had: frozenset[str], found: _Found) -> None:
        inherited = self._sensitive(part.key) & part.columns
        known = self._known_to(part, had, inherited)
        sensitive = inherited - known.keys()
        found.gained |= part.columns
        found.sensitive |= sensitive
        unprotected = sensitive - part.dataset.sensitive
        for reason, columns in (*part.reasons(known), *([(Reason.PROTECTION, unprotected)] if unprotected else [])):
            severity = _severity(part, reason, exposes=bool(sensitive & columns))
            found.gains |= _causes(part, reason, severity, gain_in_words(part, reason, columns), columns)
            found.gains |= {_Cause(severity, text, part.origin(reason, columns)) for text in _from_abroad(part, reason)}

    def _known_to(self, part: Part, had: frozenset[str], sensitive: frozenset[str]) -> Mapping[str, Reason]:
        """The columns that the reader, who ``had`` some, read under another name, or what is sensitive in them."""
        if part.other is None or part.columns <= {column.name for column in part.other.dataset.columns}:
            return {}
        if part.key not in self._known:
            head = self._after.contracts[part.key]
            classes = self._after.spec.mesh.classifications
            alone = not self._heirs.has_versions_beside(head)
            self._known[part.key] = known_columns(self._before.contracts[part.key], head, classes, alone=alone)
        return {
            column: Reason.NAME if known.renamed else Reason.PLACE
            for column, known in self._known[part.key].items()
            if column in part.columns and known.columns <= had and (known.renamed or column in sensitive)
        }

    def _trust(self, dataset: DatasetReaders, comers: _Comers, found: dict[str, _Found], *, gained: bool) -> None:
        """Whoever may newly become a role reads what the role reads, by whichever title."""
        for identity in [identity for identity in dataset.reads if identity in comers]:
            for title, columns in dataset.explained(identity, dataset.reads[identity]):
                change = found.setdefault(title.name, _Found())
                causes = change.gains if gained else change.losses
                sensitive = columns & self._sensitive(_key(dataset)) if gained else frozenset[str]()
                (change.gained if gained else change.lost).update(columns)
                change.sensitive |= sensitive
                for some in comers[identity]:
                    severity = self._trust_severity(title, some, exposes=bool(sensitive)) if gained else Impact.INFO
                    causes.add(self._trust_cause(title, identity, some, severity, gained=gained))

    def _trust_cause(self, title: Title, identity: str, some: Comers, severity: Impact, *, gained: bool) -> _Cause:
        side = self._after if gained else self._before
        words = trust_in_words([side.called(made) for made in some.way], some, gained=gained)
        if title.name != identity:
            words = f"{words}; {also_in_words(side.reader(identity), title.name)}"
        return _Cause(severity, words, side.readers.roles[some.said_by.role].origin)

    def _trust_severity(self, title: Title, some: Comers, *, exposes: bool) -> Impact:
        if not self._after.public.isdisjoint((title.name, *(made.role for made in some.way))):
            return Impact.CRITICAL
        if title.kind is TitleKind.PRODUCER:
            return Impact.HIGH
        if exposes:
            return Impact.CRITICAL
        foreign = any(self._after.abroad((some,)))
        return Impact.HIGH if foreign or title.kind is not TitleKind.CONSUMER else Impact.MEDIUM

    def _sensitive(self, key: DatasetKey) -> frozenset[str]:
        """The columns of HEAD that hold sensitive data, by HEAD's word or by BASE's."""
        return self._after.readers.datasets[key].sensitive | self._heirs.of(self._after.contracts[key])

    def _change(self, key: DatasetKey, role: str, found: _Found) -> AccessChange:
        causes = [*_in_order(found.gains), *_in_order(found.losses)]
        old, new = self._before.readers.datasets.get(key), self._after.readers.datasets.get(key)
        owners = (self._before.readers.owners.get(key[0]), self._after.readers.owners.get(key[0]))
        shown = new or old
        return AccessChange(
            role=role,
            dataset=key[1],
            version=shown.dataset.version if shown else "",
            severity=min((cause.severity for cause in causes), key=_WORST_FIRST.index),
            gained=_columns(new, found.gained),
            lost=_columns(old, found.lost),
            sensitive=_columns(new, found.sensitive),
            message=_in_words(causes),
            # The owner of today decides, also about handing the domain to another one.
            approvers=tuple(dict.fromkeys(owner for owner in owners if owner)),
            path=causes[0].origin.path,
            line=causes[0].origin.line,
            domain=key[0],
        )


def _in_words(causes: Iterable[_Cause]) -> str:
    """The worst of the reasons; in a web of roles there may be hundreds."""
    texts = list(dict.fromkeys(cause.text for cause in causes))
    more = [f"and {len(texts) - _MOST_REASONS} more reasons"] if len(texts) > _MOST_REASONS else []
    return "; ".join([*texts[:_MOST_REASONS], *more])


def _parts(here: Sight, there: Sight, key: DatasetKey, identity: str, columns: frozenset[str]) -> Iterator[Part]:
    """What somebody reads here and not there, by each of its titles that give some of it."""
    for title, given in here.readers.datasets[key].explained(identity, columns):
        part = Part(here, there, key, title, identity, given)
        if not part.is_standing:
            yield part


def _lose(part: Part, found: _Found) -> None:
    found.lost |= part.columns
    for reason, columns in part.reasons():
        found.losses |= _causes(part, reason, Impact.INFO, loss_in_words(part, reason, columns), columns)


def _causes(part: Part, reason: Reason, severity: Impact, text: str, columns: frozenset[str]) -> set[_Cause]:
    """The cause in those words; and which other role it is true of, where the words name none."""
    origin = part.origin(reason, columns)
    nameless = reason is not Reason.PERSON and part.title.kind in (TitleKind.CONSUMER, TitleKind.PRODUCER)
    words = [text]
    if part.has_another_title and nameless:
        words.append(also_in_words(quoted(part.identity), part.title.name))
    return {_Cause(severity, each, origin) for each in words}


def _from_abroad(part: Part, reason: Reason) -> Iterator[str]:
    """What makes a newcomer foreign, as far as the reason does not name it."""
    here = part.here
    if not part.is_newcomer:
        return
    named = reason is Reason.PERSON or part.title.kind not in (TitleKind.CONSUMER, TitleKind.PRODUCER)
    if not named and part.account not in ("", here.readers.account):
        yield account_in_words(part.title.name, part.account)
    for some in here.abroad(here.comers(part.identity)):
        yield abroad_in_words([here.called(made) for made in some.way], some)


def _severity(part: Part, reason: Reason, *, exposes: bool) -> Impact:
    if part.here.lets_everybody_in(part.title.name, part.identity):
        return Impact.CRITICAL
    foreign = part.is_newcomer and part.is_foreign
    match part.title.kind:
        case TitleKind.CONSUMER:
            if exposes:
                return Impact.CRITICAL
            return Impact.HIGH if foreign else Impact.MEDIUM
        case TitleKind.PRODUCER:
            return Impact.HIGH if foreign or reason is Reason.PERSON else Impact.INFO
        case TitleKind.UNEXPLAINED:
            return Impact.CRITICAL if exposes else Impact.HIGH
        case _:
            if reason is Reason.ENVIRONMENT:
                return Impact.HIGH if foreign else Impact.INFO
            return Impact.CRITICAL if exposes else Impact.HIGH


def _in_order(causes: set[_Cause]) -> list[_Cause]:
    return sorted(causes, key=lambda c: (_WORST_FIRST.index(c.severity), c.text, c.origin.path, c.origin.line))


def _columns(dataset: DatasetReaders | None, names: set[str]) -> tuple[str, ...]:
    """Columns in the order of the table."""
    return tuple(column.name for column in dataset.dataset.columns if column.name in names) if dataset else ()


def _key(dataset: DatasetReaders) -> DatasetKey:
    return dataset.domain.name, dataset.dataset.dataset, int(dataset.dataset.id.rpartition(".v")[2])
