"""What names are made of is permanent: environments keep their prefix, account, region and stacks; roles leave last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mesh_infra.findings import Finding, Severity
from mesh_infra.review.contracts.blast import full_name
from mesh_infra.review.environments import pair_environments
from mesh_infra.spec.model import Environment, Mesh, Spec, Stacks, producer_of
from mesh_infra.spec.problems import listed, quoted
from mesh_infra.spec.reader import error_at
from mesh_infra.spec.source import Loc, Source

_NAMED = 8
_DESTROY = "run 'pulumi state unprotect --all' and 'pulumi destroy' on the stacks of"


def environment_findings(base: Mesh, head: Mesh) -> Iterator[Finding]:
    """Environments that would be built anew somewhere else, or that can no longer be reached."""
    now = dict(pair_environments(base, head))
    for name, old in base.environments.items():
        new = head.environments.get(name)
        if new is None:
            yield _removed(name, now[name], head)
        else:
            yield from _elsewhere(name, old, new, head.source)
            if old.stacks is not new.stacks:
                yield _stacks(name, old, new, head.source)


def _removed(name: str, renamed: str | None, head: Mesh) -> Finding:
    """The stacks of an environment are found by its name, and nothing else remembers them."""
    if renamed is None:
        message = f"the environment {quoted(name)} is removed: its stacks can no longer be changed or destroyed"
        hint = f"{_DESTROY} {quoted(name)} first"
    else:
        message = f"the environment {quoted(name)} is renamed to {quoted(renamed)}: its stacks keep their old names"
        hint = "rename each of them with 'pulumi stack rename' before the next deployment"
    loc = ("environments",) if renamed is None else ("environments", renamed)
    position = head.source.key(loc)
    severity = Severity.WARNING
    return Finding("environment-removed", severity, head.source.path, position.line, position.column, message, hint)


def _elsewhere(name: str, old: Environment, new: Environment, mesh: Source) -> Iterator[Finding]:
    values = {
        "prefix": (old.prefix, new.prefix),
        "account": (old.account, new.account),
        "region": (old.region, new.region),
    }
    for key, (before, after) in values.items():
        if before != after:
            message = (
                f"the {key} of {quoted(name)} changes from {quoted(before)} to {quoted(after)}: that is a new bucket, "
                "key and database for every domain, and the data stays behind"
            )
            hint = (
                f"put {quoted(before)} back, declare the new one as an environment of its own beside it, deploy that, "
                f"copy the data, let consumers change over, then {_DESTROY} {quoted(name)}"
            )
            position = mesh.value(("environments", name, key))
            yield error_at(mesh, position, "environment-moved", message, hint)


def _stacks(name: str, old: Environment, new: Environment, mesh: Source) -> Finding:
    message = (
        f"the stacks of {quoted(name)} change from {quoted(old.stacks)} to {quoted(new.stacks)}: the new stacks know "
        "nothing of what the old ones have made"
    )
    parts = f"'{name}.platform' and a stack for each domain"
    source, target = (f"'{name}'", parts) if new.stacks is Stacks.PER_DOMAIN else (parts, f"'{name}'")
    hint = (
        f"put {quoted(old.stacks)} back; to change it, stop all deployments, move the resources from {source} to "
        f"{target} with 'pulumi state move', and merge when 'pulumi preview' shows no changes"
    )
    return error_at(mesh, mesh.value(("environments", name, "stacks")), "stacks-changed", message, hint)


def role_findings(base: Spec, head: Spec) -> Iterator[Finding]:
    """Roles that go while BASE still grants to them: grants and role stand in different stacks."""
    after = _roles(head)
    gone = {name: place for name, place in _roles(base).items() if name not in after}
    if not gone:
        return
    used: dict[str, list[str]] = {}
    for contract in base.contracts:
        for entry in contract.access_policy if contract.status.is_served else ():
            if entry.role in gone:
                used.setdefault(entry.role, []).append(full_name(contract))
    sources = {source.path: source for source in (head.mesh.source, *(domain.source for domain in head.domains))}
    for name, datasets in used.items():
        yield _in_use(name, datasets, *gone[name], sources)


def _roles(spec: Spec) -> dict[str, tuple[Source, Loc]]:
    """Every role with the place that declares it; a domain has two without a word."""
    found: dict[str, tuple[Source, Loc]] = {name: (spec.mesh.source, ("roles", name)) for name in spec.mesh.roles}
    for domain in spec.domains:
        found |= dict.fromkeys((domain.domain, producer_of(domain.domain)), (domain.source, ("domain",)))
        found |= {name: (domain.source, ("roles", name)) for name in domain.roles}
    return found


def _in_use(name: str, datasets: list[str], source: Source, loc: Loc, after: Mapping[str, Source]) -> Finding:
    shown = datasets if len(datasets) <= _NAMED else [*datasets[:_NAMED], f"{len(datasets) - _NAMED} more"]
    message = f"the role {quoted(name)} is removed together with its access to {listed(shown, 'and')}"
    hint = "do it in two steps: remove its entries and deploy, then remove the role"
    if source.path not in after:
        return Finding("role-in-use-at-base", Severity.ERROR, source.path, 0, 0, message, hint)
    head = after[source.path]
    return error_at(head, head.value(loc), "role-in-use-at-base", message, hint)
