"""What a survey relies on: a built-in rule looks at one contract, and at no more of the others than their outlines."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from mesh_infra.governance import RULES, Evaluation
from mesh_infra.spec.model import Contract, Spec
from tests.strategies import specs


@settings(max_examples=30)
@given(specs())
def test_a_contract_is_judged_by_itself(spec: Spec) -> None:
    whole, alone = Evaluation(spec), Evaluation(replace(spec, contracts=()))
    for contract in spec.contracts:
        assert list(alone.of([contract])) == list(whole.of([contract]))


@settings(max_examples=30)
@given(specs())
def test_mesh_and_domains_are_judged_by_outlines_of_contracts(spec: Spec) -> None:
    outlined = replace(spec, contracts=(), others=spec.outlines)
    subjects = (spec.mesh, *spec.domains)
    assert list(Evaluation(outlined).of(subjects)) == list(Evaluation(spec).of(subjects))


def test_no_rule_over_contracts_waits_for_all_of_them() -> None:
    assert [rule.name for rule in RULES.values() if rule.needs_all and Contract in rule.subjects] == []
