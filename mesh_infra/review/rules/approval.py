"""Who decides from now on: domains that a change hands to another owner, and whom GitHub asks for approval."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.findings import Finding
from mesh_infra.review.rules.loosened import AGREE, warning
from mesh_infra.spec.model import Domain, Spec
from mesh_infra.spec.problems import listed, quoted


def owner_findings(base: Spec, head: Spec) -> Iterator[Finding]:
    """Domains that get another owner, who then decides about who reads their data."""
    for old, new in _kept(base, head):
        if old.owner != new.owner:
            message = f"the owner of the domain changes from {quoted(old.owner)} to {quoted(new.owner)}"
            yield warning("domain-owner-changed", new, ("owner",), message, f"have {quoted(old.owner)} agree")


def approver_findings(base: Spec, head: Spec) -> Iterator[Finding]:
    """Others whom GitHub asks to approve changes: of mesh.yaml and what runs as the deployer, and of single domains.

    To name somebody where nobody had to approve takes nothing from anybody.
    """
    old, new = base.mesh.github, head.mesh.github
    if old and {*old} != {*new}:
        yield warning("approvers-changed", head.mesh, ("github",), _changed("the mesh", old, new), AGREE)
    for before, after in _asked_otherwise(base, head):
        message = _changed("the domain", _asked(base, before), _asked(head, after))
        yield warning("approvers-changed", after, ("github",), message, f"have {quoted(before.owner)} agree")


def owners_asked(base: Spec, head: Spec) -> Iterator[str]:
    """The owners, old and new, of domains that change hands."""
    for old, new in _kept(base, head):
        if old.owner != new.owner:
            yield from (old.owner, new.owner)


def approvers_asked(base: Spec, head: Spec) -> Iterator[str]:
    """Who must agree to ``approver_findings``: whom mesh.yaml named, and the owners of domains."""
    if {*base.mesh.github} != {*head.mesh.github}:
        yield from base.mesh.github
    for old, _ in _asked_otherwise(base, head):
        yield old.owner
        if not old.github:
            yield from base.mesh.github


def _kept(base: Spec, head: Spec) -> list[tuple[Domain, Domain]]:
    before = {domain.domain: domain for domain in base.domains}
    return [(before[domain.domain], domain) for domain in head.domains if domain.domain in before]


def _asked_otherwise(base: Spec, head: Spec) -> Iterator[tuple[Domain, Domain]]:
    """Domains that name others than before; of what a change of mesh.yaml does to those without, that tells."""
    for old, new in _kept(base, head):
        before, after = _asked(base, old), _asked(head, new)
        if {*old.github} != {*new.github} and before and {*before} != {*after}:
            yield old, new


def _asked(spec: Spec, domain: Domain) -> tuple[str, ...]:
    """As ``mesh_infra.codeowners`` has it: where a domain names nobody, whom mesh.yaml names."""
    return domain.github or spec.mesh.github


def _changed(what: str, old: tuple[str, ...], new: tuple[str, ...]) -> str:
    after = listed(new, "and") if new else "nobody"
    return f"who approves for {what} on GitHub changes from {listed(old, 'and')} to {after}"
