"""mesh.yaml and the files of domains: YAML → models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from mesh_infra.spec import leaves, names, principals
from mesh_infra.spec.document import Yaml
from mesh_infra.spec.model import Classification, Domain, Environment, Mesh, Severities, Stacks
from mesh_infra.spec.problems import UnfitError, quoted
from mesh_infra.spec.reader import Fields, Reader
from mesh_infra.spec.roles import read_roles
from mesh_infra.spec.source import Loc

MODULES = "modules"
"""The key under ``governance`` in mesh.yaml that is no rule: it names files of the organisation's own rules."""

_MESH = Fields(
    "mesh.yaml",
    {
        "organization": leaves.named(names.tag_value),
        "description": leaves.prose,
        "environments": leaves.mapping,
        "roles": leaves.mapping,
        "classifications": leaves.mapping,
        "governance": leaves.mapping,
        "github": leaves.listing,
    },
    required=("organization", "environments"),
    hints={"organisation": "write 'organization'"},
)
_ENVIRONMENT = Fields(
    "an environment",
    {
        "prefix": leaves.named(names.prefix),
        "account": principals.account,
        "region": principals.region,
        "deployer": principals.identity,
        "lake_formation_admins": leaves.listing,
        "break_glass": leaves.listing,
        "stacks": leaves.choice(Stacks, "stacks"),
    },
    required=("prefix", "account", "region", "deployer"),
    keyed=True,
)
_CLASSIFICATION = Fields(
    "a classification", {"sensitive": leaves.flag, "description": leaves.prose}, required=("sensitive",), keyed=True
)
_DOMAIN = Fields(
    "a domain",
    {
        "domain": leaves.named(names.domain_name),
        "owner": leaves.named(names.tag_value),
        "description": leaves.prose,
        "roles": leaves.mapping,
        "governance": leaves.mapping,
        "tags": leaves.mapping,
        "github": leaves.listing,
    },
    required=("domain", "owner"),
    hints={"name": "write 'domain'", "contracts": "contracts lie in contracts/<domain>/"},
)


def read_mesh(reader: Reader, data: dict[str, Yaml]) -> Mesh:
    """The mesh that mesh.yaml describes; stand-ins take the place of what is wrong, which the reader then knows."""
    values = reader.fields(data, (), _MESH)
    governance = values.get("governance", {})
    environments = _environments(reader, values.get("environments", {}))
    if not environments and isinstance(data.get("environments"), dict):
        reader.report("value", ("environments",), "'environments' is empty", "declare one, such as 'dev'")
    return Mesh(
        organization=values.get("organization", ""),
        description=values.get("description", ""),
        environments=environments,
        roles=read_roles(reader, values.get("roles", {}), list(environments)),
        classifications=_classifications(reader, values.get("classifications", {})),
        governance=_governance(reader, governance),
        rule_modules=_rule_modules(reader, governance),
        github=_github(reader, values.get("github", ())),
        source=reader.source,
    )


def read_domain(reader: Reader, data: dict[str, Yaml], stem: str, mesh: Mesh | None) -> Domain:
    """The domain that the file called ``stem`` describes; ``mesh`` is None where mesh.yaml could not be read."""
    values = reader.fields(data, (), _DOMAIN)
    name = values.get("domain", stem)
    if MODULES in values.get("governance", {}):
        position = reader.source.key(("governance", MODULES))
        reader.report_at("key", position, "a domain has no modules of rules", "name them in mesh.yaml")
    if name != stem:
        message = f"the domain {quoted(name)} stands in a file called {quoted(stem + '.yaml')}"
        reader.report("file", ("domain",), message, f"rename the file to {quoted(name + '.yaml')} or the domain")
    return Domain(
        domain=stem,
        owner=values.get("owner", ""),
        description=values.get("description", ""),
        roles=read_roles(reader, values.get("roles", {}), None if mesh is None else list(mesh.environments)),
        governance=_governance(reader, values.get("governance", {})),
        tags=_tags(reader, values.get("tags", {})),
        github=_github(reader, values.get("github", ())),
        source=reader.source,
    )


def _environments(reader: Reader, data: Mapping[str, Yaml]) -> dict[str, Environment]:
    environments = {}
    for name, value in data.items():
        loc: Loc = ("environments", name)
        reader.name(name, loc, names.environment_name)
        values = reader.fields(value, loc, _ENVIRONMENT)
        admins = values.get("lake_formation_admins", [])
        values["lake_formation_admins"] = reader.each(admins, (*loc, "lake_formation_admins"), principals.identity)
        rescuers = values.get("break_glass", [])
        values["break_glass"] = reader.each(rescuers, (*loc, "break_glass"), principals.identity)
        environments[name] = Environment(**{"prefix": "", "account": "", "region": "", "deployer": "", **values})
        _check_administrators(reader, environments[name], admins, loc)
    _check_overlaps(reader, environments)
    return environments


def _check_administrators(reader: Reader, environment: Environment, written: list[Yaml], loc: Loc) -> None:
    """Lake Formation admins belong to the account that they administer (PutDataLakeSettings, DataLakeAdmins).

    ``written`` is the list of admins as it stands in the file.
    """
    places: dict[str, Loc] = {
        arn: (*loc, "lake_formation_admins", written.index(arn)) for arn in environment.lake_formation_admins
    }
    if environment.deployer:
        places[environment.deployer] = (*loc, "deployer")
    for arn, place in places.items():
        if environment.account and principals.account_of(arn) != environment.account:
            message = f"{quoted(arn)} is not of the environment's account {environment.account}"
            reader.report("account", place, message, "name a role of that account")


def _check_overlaps(reader: Reader, environments: Mapping[str, Environment]) -> None:
    """Two environments in one account must not be able to make the same name, nor match each other's names."""
    checked: list[tuple[str, Environment]] = []
    for name, environment in environments.items():
        for other_name, other in checked:
            ours, theirs = f"{environment.prefix}-", f"{other.prefix}-"
            if environment.prefix and environment.account == other.account and _overlap(ours, theirs):
                message = f"the prefix {quoted(environment.prefix)} overlaps with that of {quoted(other_name)}"
                hint = "in one account neither prefix may begin with the other"
                reader.report("prefix", ("environments", name, "prefix"), message, hint)
        checked.append((name, environment))


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _classifications(reader: Reader, data: Mapping[str, Yaml]) -> dict[str, Classification]:
    found = {}
    for name, value in data.items():
        values = reader.fields(value, ("classifications", name), _CLASSIFICATION)
        found[name] = Classification(**{"sensitive": True, **values})
    return found


def _governance(reader: Reader, data: Mapping[str, Yaml]) -> Severities:
    """Rules as written: what they are called and what they take is governance's to check."""
    rules = {name: value for name, value in data.items() if name != MODULES}
    return reader.entries(rules, ("governance",), _severity_or_settings)


def _rule_modules(reader: Reader, governance: Mapping[str, Yaml]) -> tuple[str, ...]:
    """The files of rules at their places, an empty text for what was refused: governance looks for the files.

    Each path in its plain form, without ``./`` and ``//``: reviews and CODEOWNERS must know the file by one name.
    """
    loc: Loc = ("governance", MODULES)
    if MODULES not in governance:
        return ()
    listed = reader.one(governance[MODULES], loc, leaves.filled_listing)
    return ("",) if listed is None else tuple(path and str(PurePosixPath(path)) for path in reader.texts(listed, loc))


def _severity_or_settings(value: Yaml) -> str | dict[str, Yaml]:
    if isinstance(value, dict) or (isinstance(value, str) and value.strip()):
        return value
    raise UnfitError("a severity (error, warning or off) or a mapping of settings")


def _github(reader: Reader, items: Iterable[Yaml]) -> tuple[str, ...]:
    """Who approves changes on GitHub."""
    return reader.each(items, ("github",), leaves.named(names.github_owner))


def _tags(reader: Reader, data: Mapping[str, Yaml]) -> dict[str, str]:
    for key in data:
        reader.name(key, ("tags", key), names.tag_key)
    return reader.entries(data, ("tags",), leaves.named(names.tag_value))
