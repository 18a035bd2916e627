"""Why a role sees a column, or does not: the chain from role to data, with the line of YAML behind each link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mesh_infra.access import Reader, Via, Way
from mesh_infra.errors import UsageError
from mesh_infra.manifest.model import ManifestGrant
from mesh_infra.manifest.origin import Origin
from mesh_infra.review.access.matrix import check_role, find_datasets
from mesh_infra.review.access.readers import EVERYWHERE, DatasetReaders, Readers, Title, TitleKind, readers_of
from mesh_infra.spec.model import Contract, Spec
from mesh_infra.spec.problems import did_you_mean, listed, quoted
from mesh_infra.spec.source import Loc


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain, and the line that says so."""

    text: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether those ``principals`` of a role see a column, and why."""

    role: str
    principals: tuple[str, ...]
    domain: str
    dataset: str
    version: str
    column: str
    sensitive: bool
    visible: bool
    steps: tuple[Step, ...]


def why(spec: Spec, environment: str, role: str, dataset: str, column: str) -> tuple[Answer, ...]:
    """Why ``role`` sees ``column`` of ``dataset`` in an environment; several answers where its principals differ.

    Raises ``UsageError`` for an unknown environment, role, dataset or column, and for a dataset that could be several.
    """
    readers = readers_of(spec, environment)
    check_role(readers, role)
    contracts = find_datasets(spec, dataset)
    if len(contracts) > 1:
        names = listed([f"{contract.domain}.{contract.id}" for contract in contracts], "and")
        raise UsageError(f"{quoted(dataset)} could be {names}", "name one of them")
    contract = contracts[0]
    columns = [c.name for c in contract.columns]
    if column not in columns:
        raise UsageError(f"{quoted(dataset)} has no column {quoted(column)}", did_you_mean(column, columns))
    found = readers.datasets[contract.domain, contract.dataset, contract.major]
    return tuple(_Explanation(spec, environment, readers, found, contract, column).answers(role))


@dataclass(frozen=True, slots=True)
class _Explanation:
    spec: Spec
    environment: str
    readers: Readers
    found: DatasetReaders
    contract: Contract
    column: str

    def answers(self, role: str) -> Iterator[Answer]:
        """One for each way in which principals of the role are treated; one too where nobody is called so."""
        if not self._principals(role):
            yield self._answer(role, (), (self._nobody(role),), visible=False)
            return
        alike: dict[tuple[bool, tuple[Step, ...]], list[str]] = {}
        for arn in self._principals(role):
            reader = self.found.readers.get(arn)
            visible = reader is not None and self.column in reader.columns
            steps = (*self._giving(arn, reader),) if reader and visible else (*self._withholding(role, arn),)
            alike.setdefault((visible, steps), []).append(arn)
        for (visible, steps), principals in alike.items():
            yield self._answer(role, principals, (*self._role(role, principals), *steps), visible=visible)

    def _answer(self, role: str, principals: Sequence[str], steps: Iterable[Step], *, visible: bool) -> Answer:
        return Answer(
            role=role,
            principals=tuple(principals),
            domain=self.contract.domain,
            dataset=self.contract.dataset,
            version=self.contract.version,
            column=self.column,
            sensitive=self.column in self.found.sensitive,
            visible=visible,
            steps=(*steps, *self._column()),
        )

    def _nobody(self, role: str) -> Step:
        source = self.spec.mesh.source
        line = source.key(("environments", self.environment)).line
        return Step(f"nobody is {quoted(role)} in {quoted(self.environment)}", source.path, line)

    def _principals(self, role: str) -> tuple[str, ...]:
        if role in self.readers.roles:
            return self.readers.roles[role].principals
        title = self.found.title(role)
        return title.principals if title else ()

    def _role(self, role: str, principals: list[str]) -> Iterator[Step]:
        if role in self.readers.roles:
            made = self.readers.roles[role]
            what = f"the IAM role {quoted(made.iam_role)}" if made.iam_role else listed(principals, "and")
            yield _step(f"{quoted(role)} is {what}", made.origin)

    def _giving(self, arn: str, reader: Reader) -> Iterator[Step]:
        for title in self._titles(arn):
            yield _step(_right(title), title.origin)
        for way in reader.ways_to(self.column):
            yield from self._way(arn, way)

    def _titles(self, arn: str) -> list[Title]:
        """The titles by which a principal sees the column."""
        sees = frozenset((self.column,))
        return [title for title in self.found.titles if arn in title.principals and title.gives(sees)]

    def _way(self, arn: str, way: Way) -> Iterator[Step]:
        if way.via is not Via.GRANT:
            rights = (title.origin for title in self._titles(arn))
            yield _step(_PAST_GRANTS[way.via], next(rights, self.found.dataset.origin))
            return
        for made in self.found.dataset.grants:
            if made.grant.principal == arn:
                on = f"the filter {quoted(way.filter.name)}, which lists it" if way.filter else "the table"
                yield _step(f"the grant {quoted(made.name)} gives SELECT on {on}", self._asking(made))

    def _asking(self, made: ManifestGrant) -> Origin:
        """The line that asks for a grant: of all titles that its principal has, of the widest, which it stands for."""
        rights = [title for title in self._titles(made.grant.principal) if title.kind in _GRANTED]
        widest = min(rights, key=lambda title: (_GRANTED.index(title.kind), title.masked), default=None)
        return widest.origin if widest else made.origins[0]

    def _withholding(self, role: str, arn: str) -> Iterator[Step]:
        entries = [title for title in self.found.titles if title.kind is TitleKind.CONSUMER and arn in title.principals]
        for title in entries:
            yield _step(_right(title), title.origin)
        if entries:
            yield _step("the filter 'masked' does not list it", entries[0].origin)
        elif not self.contract.status.is_served:
            text = f"the dataset is {quoted(self.contract.status.value)}: its access policy is not in effect"
            yield self._here(text, ("status",))
        else:
            yield self._here(f"{quoted(role)} has no entry in 'access_policy'", ("access_policy",))

    def _column(self) -> Iterator[Step]:
        """What makes the column sensitive, or that nothing does."""
        index = next(i for i, column in enumerate(self.contract.columns) if column.name == self.column)
        classes = self.spec.mesh.classifications
        for loc, part in self.contract.columns[index].walk(("schema", index)):
            inside = "" if len(loc) == 2 else f"{quoted(part.name)} in it "
            if part.pii:
                yield self._here(f"{inside or f'{quoted(self.column)} '}is personal data", (*loc, "pii"))
                return
            if part.classification and classes[part.classification].sensitive:
                said = f"{inside or f'{quoted(self.column)} '}is classified {quoted(part.classification)}"
                yield self._here(said, (*loc, "classification"))
                place: Loc = ("classifications", part.classification, "sensitive")
                source = self.spec.mesh.source
                text = f"{quoted(part.classification)} is sensitive"
                yield Step(text, source.path, source.value(place).line)
                return
        yield self._here(f"{quoted(self.column)} is not sensitive", ("schema", index))

    def _here(self, text: str, loc: Loc) -> Step:
        """A link that the contract says."""
        return Step(text, self.contract.source.path, self.contract.source.value(loc).line)


_GRANTED = (TitleKind.PRODUCER, TitleKind.CONSUMER)
"""The rights that a dataset's grants are made for, the widest first."""


def _right(title: Title) -> str:
    if title.name in EVERYWHERE.values():
        return f"{quoted(title.name)} reads the whole environment"
    if title.kind is TitleKind.PRODUCER:
        return f"{quoted(title.name)} reads and writes the domain"
    return f"{quoted(title.name)} may read {'masked' if title.masked else 'in clear'}"


def _step(text: str, origin: Origin) -> Step:
    return Step(text, origin.path, origin.line)


_PAST_GRANTS = {
    Via.ADMIN: "a Lake Formation administrator may grant itself everything",
    Via.CREATOR: "who makes a table holds every permission on it",
    Via.SECOND_TABLE: "it may make a table of its own over the same files",
    Via.FILES: "the policies of bucket and key let it read the files, past Lake Formation",
    Via.IAM: "Lake Formation does not govern the location, so IAM decides",
}
