"""Everything that is checked before a mesh is used: what `mesh check` prints and what stops `pulumi up`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mesh_infra.cache import Cache, NoCache
from mesh_infra.codeowners import Codeowners, codeowners_finding, find_codeowners
from mesh_infra.findings import Finding, in_order
from mesh_infra.governance import RULES, OwnRules, evaluate, evaluate_part, load_own_rules, not_run
from mesh_infra.host import today
from mesh_infra.manifest.check import check_names
from mesh_infra.spec.files import MeshFiles, read_files
from mesh_infra.spec.load import Part, ReadContracts, load_partial
from mesh_infra.spec.model import Mesh, Spec
from mesh_infra.spec.tree import Disk
from mesh_infra.survey import Means, open_mesh, survey
from mesh_infra.verdict import Checked


def check_mesh(root: Path, as_of: date | None = None) -> tuple[Spec | None, tuple[Finding, ...]]:
    """The mesh at ``root`` and all findings in order; no mesh where its files have errors.

    ``as_of`` is the day on which accepted findings are judged; default: today, in UTC. The organisation's own rules are
    run. Raises ``UsageError`` where there is no mesh at ``root``.
    """
    return check_files(read_files(root), find_codeowners(root), as_of=as_of, root=root)


def check_only(root: Path, as_of: date | None = None, cache: Cache | None = None, processes: int = 1) -> Checked:
    """The findings of ``check_mesh``, for which contracts that did not change since need not be read.

    ``cache`` keeps what was found, for the next time; ``processes`` is how many may work on it in a large mesh. Where
    there are several, the caller's main module must bear to be imported again (``multiprocessing``, "spawn").
    """
    as_of = as_of or today()
    means = Means(cache or NoCache(), processes, root)
    found = survey(open_mesh(Disk(root), str(root)), as_of, means, find_codeowners(root))
    if found is None:
        spec, findings = check_mesh(root, as_of)
        return Checked(findings, len(spec.domains), len(spec.contracts)) if spec else Checked(findings)
    if not found.whole:
        return Checked(found.findings)
    return Checked(found.findings, len(found.spec.domains), len(found.spec.others))


def check_files(
    files: MeshFiles,
    owners: Codeowners | None,
    read: ReadContracts | None = None,
    as_of: date | None = None,
    root: Path | None = None,
) -> tuple[Spec | None, tuple[Finding, ...]]:
    """As ``check_mesh``, of files that are read already; ``owners`` is the CODEOWNERS file with our section.

    ``root`` is the folder that the files were read from. Without one the organisation's own rules are not run, since
    the files may be anybody's: a commit under review.
    """
    as_of = as_of or today()
    loaded = load_partial(files, read)
    if loaded.whole is not None:
        spec = loaded.whole
        stale = codeowners_finding(spec, owners)
        found = (*check_names(spec), *evaluate(spec, RULES, as_of, _own_rules(spec.mesh, root)))
        return spec, in_order((*loaded.findings, *found, *([stale] if stale else [])))
    if loaded.part is None:
        return None, loaded.findings
    own = _own_rules(loaded.part.spec.mesh, root)
    found = (*check_names(_nameable(loaded.part)), *evaluate_part(loaded.part, RULES, as_of, own))
    return None, in_order((*loaded.findings, *found))


def _own_rules(mesh: Mesh, root: Path | None) -> OwnRules:
    return not_run(mesh) if root is None else load_own_rules(mesh, root)


def _nameable(part: Part) -> Spec:
    """What of a mesh with errors has names that can be composed: those in a flawed file may be refused already."""
    spec, flawed = part.spec, part.flawed
    mesh = spec.mesh.model_copy(update={"roles": {}}) if spec.mesh.source.path in flawed else spec.mesh
    return Spec(mesh, tuple(d for d in spec.domains if d.source.path not in flawed), spec.contracts)
