"""One domain's contracts, checked by all that is fixed for the whole mesh."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cached_property

from mesh_infra.findings import Finding, Severity
from mesh_infra.governance import Evaluation
from mesh_infra.manifest.check import Sizes
from mesh_infra.spec.files import MeshFiles
from mesh_infra.spec.load import Held, Organisation, check_contracts
from mesh_infra.spec.model import Spec
from mesh_infra.survey.record import Record, name_of


class Examiner:
    """Checks contracts against an organisation without errors, as of a day."""

    def __init__(self, organisation: Organisation, as_of: date) -> None:
        if organisation.mesh is None:
            raise ValueError("there is no mesh.yaml")
        self._organisation = organisation
        self._as_of = as_of
        self._spec = Spec(organisation.mesh, organisation.domains, ())
        self._domains = {domain.domain: domain for domain in organisation.domains}

    @cached_property
    def _evaluation(self) -> Evaluation:
        return Evaluation(self._spec, as_of=self._as_of)

    @cached_property
    def _sizes(self) -> Sizes:
        return Sizes(self._spec)

    def read(self, files: MeshFiles, held: Held, consumed: Iterable[Finding] = ()) -> Record:
        """What is known of the contracts of a folder before they are judged.

        ``consumed`` is what is wrong with the datasets that they name, which only the whole mesh can tell.
        """
        found = (*files.findings, *held.findings, *check_contracts(held.contracts, self._organisation), *consumed)
        outlines = tuple(contract.outline for contract in held.contracts)
        return Record(outlines, held.unread, found, named=name_of(outlines))

    def examine(self, files: MeshFiles, held: Held, consumed: Iterable[Finding] = ()) -> Record:
        """As ``read``, with the rules that they break; contracts with an error are not judged."""
        record = self.read(files, held, consumed)
        flawed = {finding.path for finding in record.found if finding.severity is Severity.ERROR}
        sound = [contract for contract in held.contracts if contract.source.path not in flawed]
        judged = list(self._evaluation.of(sound))
        domains = {self._domains[c.domain].domain: self._domains[c.domain] for c in sound if c.domain in self._domains}
        for domain in domains.values():
            judged.extend(self._sizes.check(domain, sound))
        dated = any(contract.accept for contract in sound)
        day = self._as_of.isoformat() if dated else None
        return replace(record, judged=tuple(judged), day=day)
