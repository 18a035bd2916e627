"""The roles that mesh.yaml and domains declare: YAML → models."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mesh_infra.spec import leaves, names, principals
from mesh_infra.spec.document import Yaml
from mesh_infra.spec.model import OidcTrust, Role, Trust
from mesh_infra.spec.problems import UnfitError, did_you_mean, quoted
from mesh_infra.spec.reader import Fields, Reader
from mesh_infra.spec.source import Loc


def _list_or_mapping(value: Yaml) -> list[Yaml] | dict[str, Yaml]:
    if isinstance(value, (list, dict)):
        return value
    expected = "a list, or a mapping from environments to lists"
    raise UnfitError(expected, leaves.list_remedy(value), remedy=lambda written: f'write ["{written}"]')


_ROLE = Fields(
    "a role",
    {"description": leaves.prose, "trust": _list_or_mapping, "principals": _list_or_mapping},
    hints={"principal": "write 'principals', a list", "members": "write 'principals' or 'trust'"},
)
_OIDC = Fields(
    "an entry of 'trust'",
    {"oidc": principals.oidc_provider, "subject": principals.oidc_subject, "audience": leaves.text},
    required=("oidc", "subject"),
    missing={"subject": ("public-role", "without one everybody at the provider is trusted: say whose subject it is")},
)


def read_roles(reader: Reader, data: Mapping[str, Yaml], environments: Collection[str] | None) -> dict[str, Role]:
    """The roles under ``roles``; ``environments`` are those of the mesh, None where they are not known."""
    roles = {}
    for name, value in data.items():
        loc: Loc = ("roles", name)
        reader.name(name, loc, names.role_name)
        values = reader.fields({} if value is None else value, loc, _ROLE)
        trust = _by_environment(reader, values.get("trust"), (*loc, "trust"), environments)
        identities = _by_environment(reader, values.get("principals"), (*loc, "principals"), environments)
        if both := sorted(key for key in identities if trust and (key in trust or key == "*")):
            where = "" if "*" in both else f" in {', '.join(both)}"
            message = f"the role {quoted(name)} has both principals and trust{where}"
            reader.report("role", (*loc, "trust"), message, "a role that exists already keeps its own trust: keep one")
        roles[name] = Role(
            description=values.get("description", ""),
            trust={key: _trust(reader, items, place) for key, (place, items) in trust.items()},
            principals={
                key: reader.each(items, place, principals.identity) for key, (place, items) in identities.items()
            },
        )
    return roles


def _by_environment(
    reader: Reader, value: Yaml, loc: Loc, environments: Collection[str] | None
) -> dict[str, tuple[Loc, list[Yaml]]]:
    """Lists by environment, each with its place; a plain list is that of all environments and stands under ``*``."""
    if value is None:
        return {}
    if isinstance(value, list):
        if not value:
            reader.refuse(UnfitError("a list with at least one entry"), loc, value)
        return {"*": (loc, value)} if value else {}
    if not isinstance(value, dict):
        return {}
    for name in value:
        place = (*loc, name)
        if environments is not None and name not in environments and name != "local":
            hint = (
                "write a plain list for all environments"
                if name == "*"
                else did_you_mean(name, environments, "environments")
            )
            reader.report_at("environment", reader.source.key(place), f"unknown environment {quoted(name)}", hint)
    lists = reader.entries(value, loc, leaves.filled_listing)
    return {name: ((*loc, name), items) for name, items in lists.items()}


def _trust(reader: Reader, items: list[Yaml], loc: Loc) -> tuple[Trust, ...]:
    trusts: list[Trust] = []
    for index, item in enumerate(items):
        place = (*loc, index)
        if isinstance(item, dict):
            values = reader.fields(item, place, _OIDC)
            trusts.append(OidcTrust(**{"oidc": "", "subject": "", **values}))
        elif (trust := reader.one(item, place, principals.trusted)) is not None:
            trusts.append(trust)
    return tuple(trusts)
