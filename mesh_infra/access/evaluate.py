"""From a data lake's state to who reads what: the union of all ways, as there is no deny in Lake Formation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mesh_infra.access.columns import TableColumns
from mesh_infra.access.files import FileReaders
from mesh_infra.access.lake import Lake
from mesh_infra.access.model import Access, Doubt, Reader, TableAccess, Via, Way
from mesh_infra.access.principals import covers, is_group
from mesh_infra.aws.lake import LakeState, LakeTable
from mesh_infra.aws.lakeformation import IAM_ALLOWED_PRINCIPALS, LakeGrant


def evaluate(state: LakeState) -> Access:
    """Who reads which columns of every table of ``state``, and in which ways.

    Pure, and linear in tables and grants. The rules are those of Lake Formation's developer guide ("Lake Formation
    permissions reference", "Implicit Lake Formation permissions", "Data filtering and cell-level security", "Hybrid
    access mode"); what is not evaluated stands in the answer as a doubt.
    """
    lake = Lake(state)
    return Access({table.table: _TableEvaluation(table, lake).access() for table in state.tables})


@dataclass(slots=True)
class _Found:
    """What has been found of one principal so far."""

    ways: list[Way] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


class _TableEvaluation:
    """The evaluation of one table."""

    def __init__(self, table: LakeTable, lake: Lake) -> None:
        self._table = table
        self._lake = lake
        self._columns = TableColumns(table)
        self._governed = lake.governed(table)
        self._found: dict[str, _Found] = {}

    def access(self) -> TableAccess:
        files = self._lake.file_readers(self._table)
        for grant in self._lake.grants.on(self._table):
            self._take_grant(grant)
        if self._governed.registered:
            self._take_implicit()
        everything = self._everything(Via.FILES)
        for principal in files.named:
            self._of(principal).ways.append(everything)
        if files.anyone:
            self._leave_to_iam()
        self._spread_groups()
        return TableAccess(
            table=self._table,
            readers=dict(sorted(self._readers())),
            doubts=tuple(self._doubts(files)),
            opted_in=self._governed.opted_in,
        )

    def _of(self, principal: str) -> _Found:
        return self._found.setdefault(principal, _Found())

    def _everything(self, via: Via, grants: tuple[LakeGrant, ...] = (), *, grantable: bool = False) -> Way:
        return Way(via, self._columns.every, grants, grantable=grantable)

    def _take_grant(self, grant: LakeGrant) -> None:
        recipients = self._governed.recipients(grant)
        # Whoever was granted something is listed where IAM lets everyone read, and shown to read more than granted.
        self._of(grant.principal)
        way, doubts = self._lake.grants.read(grant, self._columns) if recipients else (None, ())
        for principal in recipients:
            found = self._of(principal)
            found.doubts.extend(doubts)
            if way is not None:
                found.ways.append(way)

    def _take_implicit(self) -> None:
        admin = self._everything(Via.ADMIN, grantable=True)
        for principal in self._lake.admins(self._table):
            self._of(principal).ways.append(admin)
        creator = self._table.creator
        if creator and self._governed.governs(creator):
            self._of(creator).ways.append(self._everything(Via.CREATOR, grantable=True))
        for principal, grants in self._lake.second_tables(self._table):
            if not self._governed.governs(principal):
                continue
            conditions = [grant.condition for grant in grants if grant.condition]
            if conditions:
                self._of(principal).doubts.append(_second_table_doubt(principal, conditions[0]))
            else:
                self._of(principal).ways.append(self._everything(Via.SECOND_TABLE, grants))

    def _leave_to_iam(self) -> None:
        if not self._governed.leaves_some_to_iam:
            return
        everybody = self._of(IAM_ALLOWED_PRINCIPALS)
        everybody.ways.append(self._everything(Via.IAM))
        everybody.doubts.append(Doubt("iam", "whom IAM lets read the files is not evaluated"))

    def _spread_groups(self) -> None:
        """Add to each principal what the virtual groups have that it belongs to."""
        groups = [(name, self._found[name].ways[:]) for name in self._found if is_group(name)]
        for name, found in self._found.items():
            exempt = self._governed.hybrid and self._governed.governs(name)
            for group, ways in groups:
                if covers(group, name):
                    found.ways.extend(way for way in ways if not (exempt and way.via is Via.IAM))

    def _readers(self) -> Iterator[tuple[str, Reader]]:
        ordered: dict[frozenset[str], tuple[tuple[str, ...], tuple[str, ...]]] = {}
        for principal, found in self._found.items():
            if not found.ways and not found.doubts:
                continue
            clear = _union([way.columns for way in found.ways])
            if all(way.every_row for way in found.ways):
                filtered = _NONE
            else:
                filtered = clear - _union([way.columns for way in found.ways if way.every_row])
            if clear not in ordered:
                names = self._columns.names
                ordered[clear] = tuple(n for n in names if n in clear), tuple(n for n in names if n not in clear)
            columns, hidden = ordered[clear]
            doubts = tuple(sorted(set(found.doubts), key=lambda doubt: (doubt.kind, doubt.text)))
            yield principal, Reader(principal, columns, hidden, filtered, _in_order(found.ways), doubts)

    def _doubts(self, files: FileReaders) -> Iterator[Doubt]:
        yield from self._lake.doubts(self._table)
        yield from files.doubts
        if not self._columns.every:
            yield Doubt("columns-unknown", "the catalogue does not say which columns it has")
        if files.anyone and self._governed.registered:
            yield Doubt("files-open", "the policies of bucket and key let everyone read the files whom IAM lets")


_ORDER = {via: index for index, via in enumerate(Via)}
_NONE: frozenset[str] = frozenset()


def _union(sets: list[frozenset[str]]) -> frozenset[str]:
    first = sets[0] if sets else _NONE
    return first if all(other is first for other in sets) else first.union(*sets)


def _in_order(ways: list[Way]) -> tuple[Way, ...]:
    if len(ways) == 1:
        return tuple(ways)
    return tuple(sorted(dict.fromkeys(ways), key=lambda way: (_ORDER[way.via], str(way.grants) if way.grants else "")))


def _second_table_doubt(principal: str, condition: str) -> Doubt:
    text = f"'{principal}' may make a table over the files where '{condition}', which is not evaluated"
    return Doubt("condition", text)
