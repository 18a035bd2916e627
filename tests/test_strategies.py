"""The meshes that laws are tested on are such as users can have."""

from __future__ import annotations

from hypothesis import given, settings

from mesh_infra.findings import has_errors
from mesh_infra.governance import evaluate
from mesh_infra.manifest.check import check_names
from mesh_infra.spec.model import Spec
from tests.strategies import specs


@given(specs())
@settings(max_examples=50, deadline=None)
def test_made_up_meshes_have_no_errors(spec: Spec) -> None:
    findings = (*check_names(spec), *evaluate(spec))
    assert not has_errors(findings), [str(finding) for finding in findings]
