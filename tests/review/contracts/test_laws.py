"""What holds for any two meshes, whatever they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_infra.findings import has_errors
from mesh_infra.review.contracts import contract_changes
from mesh_infra.review.model import Impact
from mesh_infra.review.rules import change_findings
from mesh_infra.review.rules.breaking import POSITIONAL, WITHOUT_NEW_VERSION
from mesh_infra.spec.model import Column, Contract, Format, Spec, Status
from mesh_infra.spec.source import Source
from mesh_infra.spec.types import STRING
from tests.review.contracts.variants import variants
from tests.strategies import specs

THERE_AND_BACK: Mapping[str, str] = {
    "access-given": "access-withdrawn",
    "access-narrowed": "access-widened",
    "access-restated": "access-restated",
    "billing-changed": "billing-changed",
    "classification-changed": "classification-changed",
    "column-added": "column-removed",
    "column-description-changed": "column-description-changed",
    "column-nested": "column-unnested",
    "column-renamed": "column-renamed",
    "column-sensitive": "column-unprotected",
    "column-tags-changed": "column-tags-changed",
    "columns-reordered": "columns-reordered",
    "consumes-changed": "consumes-changed",
    "contract-added": "contract-removed",
    "contract-moved": "contract-moved",
    "description-changed": "description-changed",
    "csv-changed": "csv-changed",
    "csv-header-changed": "csv-header-changed",
    "endpoint-changed": "endpoint-changed",
    "field-added": "field-removed",
    "field-renamed": "field-renamed",
    "fields-reordered": "fields-reordered",
    "format-changed": "format-changed",
    "key-changed": "key-changed",
    "owner-changed": "owner-changed",
    "partitioning-changed": "partitioning-changed",
    "pii-changed": "pii-changed",
    "required-added": "required-dropped",
    "projection-changed": "projection-changed",
    "projection-widened": "projection-narrowed",
    "retention-lengthened": "retention-shortened",
    "sla-strengthened": "sla-weakened",
    "status-changed": "status-changed",
    "tags-changed": "tags-changed",
    "title-changed": "title-changed",
    "type-changed": "type-changed",
    "type-meaning-changed": "type-meaning-changed",
    "type-widened": "type-narrowed",
    "unique-added": "unique-dropped",
    "version-raised": "version-lowered",
    "version-respelled": "version-respelled",
}
"""Each code with that of the change back."""

MIRROR = {**THERE_AND_BACK, **{back: there for there, back in THERE_AND_BACK.items()}}


def codes(base: Spec, head: Spec) -> Counter[tuple[str, str]]:
    return Counter((change.dataset, change.change) for change in contract_changes(base, head))


@given(st.one_of(specs(), variants()))
@settings(max_examples=30, deadline=None)
def test_nothing_changes_between_a_mesh_and_itself(spec: Spec) -> None:
    assert contract_changes(spec, spec) == ()
    assert change_findings(spec, spec, ()) == ()


@given(variants(), variants())
@settings(max_examples=100, deadline=None)
def test_there_and_back_mirror_each_other(one: Spec, other: Spec) -> None:
    there = Counter({(dataset, MIRROR[code]): n for (dataset, code), n in codes(one, other).items()})
    assert there == codes(other, one)


@given(specs(), specs())
@settings(max_examples=25, deadline=None)
def test_whole_meshes_mirror_each_other(one: Spec, other: Spec) -> None:
    there = Counter({(dataset, MIRROR[code]): n for (dataset, code), n in codes(one, other).items()})
    assert there == codes(other, one)


@given(variants(), variants())
@settings(max_examples=40, deadline=None)
def test_only_what_has_consumers_can_be_broken(base: Spec, head: Spec) -> None:
    def unserved(spec: Spec) -> Spec:
        drafts = tuple(contract.model_copy(update={"status": Status.DRAFT}) for contract in spec.contracts)
        return Spec(spec.mesh, spec.domains, drafts)

    changes = contract_changes(unserved(base), head)
    assert not any(change.breaking for change in changes)
    assert not any(change.severity is Impact.HIGH for change in changes)


@given(variants(), variants())
@settings(max_examples=40, deadline=None)
def test_what_breaks_consumers_is_an_error_unless_it_must_be_possible(base: Spec, head: Spec) -> None:
    changes = contract_changes(base, head)
    breaking = [c for c in changes if c.breaking and c.change not in WITHOUT_NEW_VERSION]
    positional = [c for c in changes if c.change in POSITIONAL and c.severity is Impact.CRITICAL]
    rules = ("breaking-change", "columns-by-position")
    errors = [f for f in change_findings(base, head, changes) if f.rule in rules]
    assert bool(breaking or positional) == bool(errors)
    assert has_errors(errors) == bool(errors)
    assert all(c.severity is Impact.HIGH or c in positional for c in breaking)


@given(variants(), st.sampled_from((STRING, None)))
@settings(max_examples=30, deadline=None)
def test_a_column_at_the_end_breaks_nobody(base: Spec, classified: object) -> None:
    column = Column(name="zzz", type=STRING, pii=bool(classified))
    head = Spec(base.mesh, base.domains, tuple(_with_column(contract, column) for contract in base.contracts))
    changes = contract_changes(base, head)
    assert [change.change for change in changes] == ["column-added"] * len(base.contracts)
    assert not any(change.breaking for change in changes)
    made_once = [contract for contract in base.contracts if contract.format is Format.ICEBERG]
    rules = [finding.rule for finding in change_findings(base, head, changes)]
    assert rules == ["iceberg-evolution"] * len(made_once)


def _with_column(contract: Contract, column: Column) -> Contract:
    return contract.model_copy(update={"columns": (*contract.columns, column)})


@given(variants())
@settings(max_examples=30, deadline=None)
def test_the_name_of_a_file_means_nothing(base: Spec) -> None:
    renamed = tuple(
        contract.model_copy(update={"source": Source(contract.source.path.replace(".v", "_v"), "")})
        for contract in base.contracts
    )
    assert contract_changes(base, Spec(base.mesh, base.domains, renamed)) == ()
