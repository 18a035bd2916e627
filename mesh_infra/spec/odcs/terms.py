"""What a contract of the Open Data Contract Standard promises and to whom: owner, roles, service levels."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from open_data_contract_standard.model import (
    OpenDataContractStandard,
    Role,
    ServiceLevelAgreementProperty,
    Team,
    TeamMember,
)

from mesh_infra.spec.document import Yaml
from mesh_infra.spec.leaves import parse_duration, parse_percentage
from mesh_infra.spec.model import Permission
from mesh_infra.spec.odcs.custom import OwnFields, bare_name, refuse_protection
from mesh_infra.spec.odcs.document import OdcsReader
from mesh_infra.spec.problems import did_you_mean, quoted
from mesh_infra.spec.source import Loc

_OWNERS = frozenset(("owner", "data owner", "product owner", "data product owner"))
"""What people call the role of a member who answers for the data; the standard leaves it open."""

_WRITES = frozenset(("write", "readwrite", "read_write", "read-write", "admin", "owner"))
_ROLE_HOMES = {"role": "role", "permission": "access"}

_UNITS = {
    **dict.fromkeys(("minute", "minutes", "min"), "minute"),
    **dict.fromkeys(("hour", "hours", "h", "hr"), "hour"),
    **dict.fromkeys(("day", "days", "d"), "day"),
    **dict.fromkeys(("week", "weeks", "w"), "week"),
}
"""Units of time by what contracts call them (the standard's examples: ``d``, ``day``, ``days``); ``m`` is ambiguous."""

_DAYS = {"day": 1, "week": 7}
_PROMISES = {"freshness": "freshness", "latency": "freshness", "ly": "freshness", "availability": "availability"} | {
    "av": "availability",
    "quality": "quality",
    "retention": "retention",
    "re": "retention",
}
"""Service levels that mean something here, by property; the short ones are those of the standard's periodic table."""


class Owner(NamedTuple):
    """Who answers for the data, and where the file says so."""

    name: str
    loc: Loc


def owner_of(document: OpenDataContractStandard) -> Owner | None:
    """The member of the team whose role is that of an owner, else the team as a whole."""
    team = document.team
    members = team.members if isinstance(team, Team) else team
    at: Loc = ("team", "members") if isinstance(team, Team) else ("team",)
    for index, member in enumerate(members or ()):
        if (member.role or "").strip().lower() in _OWNERS and not member.dateOut:
            key = _name_key(member)
            return Owner(getattr(member, key) or "", (*at, index, key))
    return Owner(team.name, ("team", "name")) if isinstance(team, Team) and team.name else None


def _name_key(member: TeamMember) -> str:
    return "username" if member.username else "name"


class Terms:
    """Translates what holds for a table of the document; ``places`` gets where each value stands in the file."""

    def __init__(self, reader: OdcsReader, places: dict[Loc, Loc]) -> None:
        self._reader = reader
        self._places = places
        self._own = OwnFields(reader, places)

    def access_policy(self, roles: list[Role] | None) -> list[Yaml]:
        """Who reads the table."""
        self._places["access_policy",] = ("roles",)
        entries: list[Yaml] = []
        for index, role in enumerate(roles or ()):
            at: Loc = ("roles", index)
            own: Loc = ("access_policy", len(entries))
            self._places[own] = at
            self._places[*own, "permission"] = (*at, "access")
            if at in self._reader.left_out:
                continue
            if not role.role:
                self._reader.missing(at, "role", "a role has no 'role'", "write what it is called")
                continue
            permission = self._permission(role, at)
            custom = self._own.fields(role.customProperties, (*at, "customProperties"), own, _ROLE_HOMES)
            entries.append({"role": role.role, "permission": permission, **custom})
        return entries

    def _permission(self, role: Role, at: Loc) -> str:
        for index, custom in enumerate(role.customProperties or ()):
            if bare_name(custom) != "masking":
                refuse_protection(self._reader, custom, (*at, "customProperties", index))
        access = (role.access or "").strip().lower()
        if access == Permission.READ_MASKED.value:
            return access
        if access == Permission.READ.value:
            return self._masked(role, at)
        if role.access is None:
            hint = "write 'access: read' or 'access: read_masked'"
            self._reader.missing(at, "access", "it does not say what it may do", hint)
        elif access in _WRITES:
            hint = "only the producer of the domain writes: remove the role"
            self._reader.report("role", (*at, "access"), f"access {quoted(role.access)} cannot be given", hint)
        else:
            hint = did_you_mean(role.access, list(Permission), "access can be")
            self._reader.report("role", (*at, "access"), f"unknown access {quoted(role.access)}", hint)
        return Permission.READ_MASKED.value

    def _masked(self, role: Role, at: Loc) -> str:
        """``read``, or what a custom property ``masking`` makes of it."""
        for index, custom in enumerate(role.customProperties or ()):
            if bare_name(custom) == "masking":
                if custom.value is False:
                    continue
                if custom.value is not True:
                    hint = "write true, which hides sensitive columns, or false"
                    loc = (*at, "customProperties", index, "value")
                    self._reader.report("unsupported", loc, "this kind of 'masking' is not supported yet", hint)
                return Permission.READ_MASKED.value
        return Permission.READ.value

    def service_levels(
        self, levels: list[ServiceLevelAgreementProperty] | None, names: Collection[str]
    ) -> dict[str, Yaml]:
        """``sla`` and ``retention_days``; ``names`` are what the table and its columns are called.

        A level that cannot be expressed here is kept in the file and means nothing.
        """
        sla: dict[str, Yaml] = {}
        values: dict[str, Yaml] = {}
        for index, level, promise in _promises(levels, names):
            at: Loc = ("slaProperties", index)
            if promise == "retention":
                days = self._retention(level, at)
                if days is not None and values.setdefault("retention_days", days) != days:
                    message = "another entry gives another retention"
                    self._reader.report("sla", at, message, "keep one of them")
                self._places.setdefault(("retention_days",), (*at, "value"))
                continue
            said = _duration(level) if promise == "freshness" else _percentage(level)
            if said is not None and promise not in sla:
                sla[promise] = said
                self._places["sla", promise] = (*at, "value")
        if sla:
            values["sla"] = sla
            self._places["sla",] = ("slaProperties",)
        return values

    def _retention(self, level: ServiceLevelAgreementProperty, at: Loc) -> int | None:
        unit = _UNITS.get((level.unit or "").strip().lower(), "")
        if unit in _DAYS and isinstance(level.value, int) and not isinstance(level.value, bool):
            return level.value * _DAYS[unit]
        message = "the retention is no number of days, after which data is deleted"
        self._reader.report("sla", (*at, "value"), message, "write it as 'value: 365' and 'unit: d'")
        return None


def _promises(
    levels: list[ServiceLevelAgreementProperty] | None, names: Collection[str]
) -> Iterator[tuple[int, ServiceLevelAgreementProperty, str]]:
    """The levels that are about the table and mean something; ``freshness`` before ``latency``."""
    found = []
    for index, level in enumerate(levels or ()):
        promise = _PROMISES.get((level.property or "").strip().lower())
        elements = [element.strip().partition(".")[0] for element in (level.element or "").split(",")]
        if promise is not None and (not level.element or any(element in names for element in elements)):
            found.append((index, level, promise))
    yield from sorted(found, key=lambda item: (item[1].property or "").lower() != "freshness")


def _duration(level: ServiceLevelAgreementProperty) -> str | None:
    """``1 hour``, as our format writes it."""
    if isinstance(level.value, str) and not level.unit:
        return level.value if parse_duration(level.value) else None
    written = (level.unit or "").strip()
    unit = _UNITS.get(written.lower())
    if unit is None or isinstance(level.value, bool) or not isinstance(level.value, int | str):
        return None
    plural = written.lower() if written.lower() in (unit, f"{unit}s") else unit + "s" * (str(level.value) != "1")
    said = f"{level.value} {plural}"
    return said if parse_duration(said) else None


def _percentage(level: ServiceLevelAgreementProperty) -> str | None:
    """``99.9%``, as our format writes it."""
    if isinstance(level.value, str) and not level.unit:
        return level.value if parse_percentage(level.value) is not None else None
    if (level.unit or "").strip().lower() not in {"%", "percent", "pct"} or isinstance(level.value, bool):
        return None
    said = f"{level.value}%"
    return said if parse_percentage(said) is not None else None
