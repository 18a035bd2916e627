"""A lake's state made ready to be asked about one table after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest

from mesh_infra.access.files import FileReaders, file_readers
from mesh_infra.access.grants import ReadingGrants, account_of
from mesh_infra.access.locations import nearest, s3_path, upward
from mesh_infra.access.model import Doubt
from mesh_infra.access.principals import covers
from mesh_infra.access.second_tables import Grants, SecondTables
from mesh_infra.aws.lake import LakeState, LakeTable
from mesh_infra.aws.lakeformation import IAM_ALLOWED_PRINCIPALS, AllTables, LakeGrant, Registration, Table


@dataclass(frozen=True, slots=True)
class Governed:
    """For whom Lake Formation governs a table: for all, for those who opted in (``hybrid``), or for nobody.

    Lake Formation, "Hybrid access mode": who did not opt in is let in by IAM alone, and for who did, the grants to
    IAM_ALLOWED_PRINCIPALS do not count.
    """

    registered: bool
    hybrid: bool = False
    opted_in: frozenset[str] = frozenset()

    @property
    def leaves_some_to_iam(self) -> bool:
        """Whether there is anybody for whom IAM alone decides."""
        return not self.registered or (self.hybrid and IAM_ALLOWED_PRINCIPALS not in self.opted_in)

    def governs(self, principal: str) -> bool:
        """Whether Lake Formation decides for ``principal``."""
        if not self.hybrid:
            return self.registered
        return principal in self.opted_in or any(covers(group, principal) for group in self.opted_in)

    def recipients(self, grant: LakeGrant) -> frozenset[str]:
        """Who gets what a grant gives; members of virtual groups not singled out."""
        if not self.hybrid:
            return frozenset((grant.principal,)) if self.registered else frozenset()
        if grant.principal == IAM_ALLOWED_PRINCIPALS:
            return frozenset()
        members = frozenset(member for member in self.opted_in if covers(grant.principal, member))
        return members | {grant.principal} if self.governs(grant.principal) else members


class Lake:
    """The state of a lake, found by table."""

    def __init__(self, state: LakeState) -> None:
        self.grants = ReadingGrants(state)
        self._second_tables = SecondTables(state)
        self._settings = {settings.account: settings for settings in state.settings}
        self._registrations = _registrations(state.registrations)
        self._files = {bucket.name: file_readers(bucket) for bucket in state.buckets}
        self._opted_in: dict[Table | AllTables, set[str]] = {}
        for opt_in in state.opt_ins:
            self._opted_in.setdefault(opt_in.resource, set()).add(opt_in.principal)
        self._sharing = _sharing(state.tables)

    def governed(self, table: LakeTable) -> Governed:
        """For whom Lake Formation governs ``table``.

        One that lies on no S3 location is taken for governed: its grants are all there is to go by.
        """
        path = s3_path(table.location)
        if path is None:
            return Governed(registered=True)
        registration = nearest(self._registrations, path)
        if registration is None or not registration.hybrid:
            return Governed(registered=registration is not None)
        every = AllTables(table.table.catalog_id, table.table.database)
        opted_in = self._opted_in.get(table.table, set()) | self._opted_in.get(every, set())
        return Governed(registered=True, hybrid=True, opted_in=frozenset(opted_in))

    def admins(self, table: LakeTable) -> tuple[str, ...]:
        """The data lake administrators of the account that ``table`` is in; read-only ones read no data."""
        settings = self._settings.get(account_of(table.table.catalog_id))
        return settings.admins if settings else ()

    def second_tables(self, table: LakeTable) -> Iterator[tuple[str, Grants]]:
        """Who may make a table of its own over the files of ``table``."""
        path = s3_path(table.location)
        if path is not None:
            yield from self._second_tables.over(path)

    def file_readers(self, table: LakeTable) -> FileReaders:
        """Who reads the files of ``table`` past Lake Formation."""
        path = s3_path(table.location)
        if path is None:
            doubt = Doubt("location-unknown", f"the location '{table.location}' is not on S3")
            return FileReaders(frozenset(), anyone=False, doubts=(doubt,))
        bucket = path.partition("/")[0]
        if bucket in self._files:
            return self._files[bucket]
        doubt = Doubt("bucket-unknown", f"the policies of the bucket '{bucket}' and of its key are not known")
        return FileReaders(frozenset(), anyone=True, doubts=(doubt,))

    def doubts(self, table: LakeTable) -> Iterator[Doubt]:
        """What is not evaluated of grants, settings and other tables over the same files."""
        yield from self.grants.doubts(table)
        settings = self._settings.get(account_of(table.table.catalog_id))
        if settings and settings.external_engines:
            yield Doubt("external-engines", "engines that filter for themselves get the data unfiltered")
        other = self._sharing.get(table.table)
        if other is not None:
            yield Doubt("shared-files", f"the table '{other.database}.{other.name}' has files in common with it")


def _registrations(registrations: Iterable[Registration]) -> dict[str, Registration]:
    by_path = ((s3_path(registration.arn), registration) for registration in registrations)
    return {path: registration for path, registration in by_path if path is not None}


def _sharing(tables: Iterable[LakeTable]) -> dict[Table, Table]:
    """For each table that has files in common with others, the first of those by name.

    Whoever reads one of them reads the files of the other, under other column names maybe.
    """
    at: dict[str, list[Table]] = {}
    for table in tables:
        path = s3_path(table.location)
        if path is not None:
            at.setdefault(path, []).append(table.table)
    found: dict[Table, Table] = {}
    for path, here in at.items():
        over = list(dict.fromkeys(other for place in upward(path) for other in at.get(place, ())))
        if len(over) > 1:
            _pair(found, here, over)
            _pair(found, over, here)
    return found


def _pair(found: dict[Table, Table], tables: Iterable[Table], others: Iterable[Table]) -> None:
    """Give each of ``tables`` the first by name of ``others``, or of what it has already, that is not itself."""
    first, *rest = nsmallest(2, others, key=_name)
    for table in tables:
        candidates = [other for other in (first, *rest, found.get(table, table)) if other != table]
        if candidates:
            found[table] = min(candidates, key=_name)


def _name(table: Table) -> tuple[str, str, str]:
    return table.catalog_id, table.database, table.name
