"""The evaluator, which knows no reasons, against what contracts say: who gets what was asked for, and no more.

The evaluator sees only what AWS would hold. What contracts ask for is worked out here from the contracts again.
"""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mesh_infra.access import Access, Reader, evaluate
from mesh_infra.aws.lakeformation import Table
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.environments import find_environment
from mesh_infra.manifest.lake import lake_state
from mesh_infra.manifest.names import Names
from mesh_infra.spec.model import AccessEntry, Contract, Permission, Role, Spec, Status, producer_of
from tests.strategies import CLASSIFICATIONS, specs

SERVED = (Status.ACTIVE, Status.DEPRECATED)

environments = st.sampled_from(("dev", "local"))


class Asked:
    """What the files of a mesh ask for in one environment, in terms of AWS's names."""

    def __init__(self, spec: Spec, environment: str) -> None:
        self.names = Names(find_environment(spec.mesh, environment))
        self._environment = environment
        self._roles: dict[str, Role] = {**spec.mesh.roles}
        for domain in spec.domains:
            self._roles |= domain.roles

    def table(self, contract: Contract) -> Table:
        names = self.names
        return Table(names.environment.account, names.database(contract.domain), names.table(contract))

    def principals(self, role: str) -> set[str]:
        said = self._roles.get(role, Role()).principals
        return {*said.get(self._environment, said.get("*", ()))} or {self.names.account.role(self.names.role(role))}

    def readers(self, contract: Contract, *permissions: Permission) -> set[str]:
        """The principals of the roles that a contract in use gives one of ``permissions``."""
        if contract.status not in SERVED:
            return set()
        entries = [entry for entry in contract.access_policy if entry.permission in permissions]
        return {principal for entry in entries for principal in self.principals(entry.role)}

    def insiders(self, contract: Contract) -> set[str]:
        """Who reads without an entry: who runs the lake, who writes, who rescues, and Lake Formation."""
        environment = self.names.environment
        return {
            environment.deployer,
            *environment.lake_formation_admins,
            *environment.break_glass,
            *self.principals(producer_of(contract.domain)),
            self.names.account.role(self.names.registration_role(contract.domain)),
        }


def _sensitive(contract: Contract) -> set[str]:
    return {
        column.name
        for column in contract.columns
        if any(
            part.pii is True or (part.classification and CLASSIFICATIONS[part.classification].sensitive)
            for _, part in column.walk()
        )
    }


def _access(spec: Spec, environment: str) -> Access:
    return evaluate(lake_state(build_manifest(spec, environment)))


def _outside(access: Access, asked: Asked, contract: Contract) -> Iterator[Reader]:
    """The readers of a contract's table that need an entry for it."""
    for principal, reader in access.tables[asked.table(contract)].readers.items():
        if principal not in asked.insiders(contract):
            yield reader


@given(specs(), environments)
@settings(max_examples=40, deadline=None)
def test_masked_readers_see_what_is_not_sensitive_and_clear_readers_everything(spec: Spec, environment: str) -> None:
    access, asked = _access(spec, environment), Asked(spec, environment)
    for contract in spec.contracts:
        every = {column.name for column in contract.columns}
        clear = asked.readers(contract, Permission.READ)
        for reader in _outside(access, asked, contract):
            shown = every if reader.principal in clear else every - _sensitive(contract)
            assert {*reader.columns} == shown, (contract.id, reader.principal)
            assert {*reader.hidden} == every - shown
            assert reader.rows == "all"
            assert not reader.may_grant


@given(specs(), environments)
@settings(max_examples=40, deadline=None)
def test_who_reads_has_an_entry_and_who_has_an_entry_reads(spec: Spec, environment: str) -> None:
    access, asked = _access(spec, environment), Asked(spec, environment)
    assert access.tables.keys() == {asked.table(contract) for contract in spec.contracts}
    for contract in spec.contracts:
        named = asked.readers(contract, Permission.READ, Permission.READ_MASKED)
        readers = {reader.principal for reader in _outside(access, asked, contract)}
        assert readers == named - asked.insiders(contract)


@given(specs(), environments)
@settings(max_examples=40, deadline=None)
def test_a_draft_or_retired_dataset_has_no_consumers(spec: Spec, environment: str) -> None:
    access, asked = _access(spec, environment), Asked(spec, environment)
    for contract in spec.contracts:
        if contract.status not in SERVED:
            assert not list(_outside(access, asked, contract))


@given(specs(), environments)
@settings(max_examples=40, deadline=None)
def test_insiders_read_everything_and_nothing_is_left_open(spec: Spec, environment: str) -> None:
    access, asked = _access(spec, environment), Asked(spec, environment)
    assert not access.at_least
    for contract in spec.contracts:
        of = access.tables[asked.table(contract)]
        assert not of.reads("arn:aws:iam::111122223333:role/anybody-else")
        for principal in asked.insiders(contract):
            assert not of.readers[principal].hidden


@given(specs(), environments, st.data())
@settings(max_examples=40, deadline=None)
def test_an_entry_for_one_role_changes_nobody_elses_access(spec: Spec, environment: str, data: st.DataObject) -> None:
    assume(spec.contracts)
    index = data.draw(st.integers(0, len(spec.contracts) - 1))
    contract = spec.contracts[index]
    taken = {entry.role for entry in contract.access_policy}
    free = sorted({*spec.mesh.roles, *(domain.domain for domain in spec.domains)} - taken)
    assume(free)
    entry = AccessEntry(role=data.draw(st.sampled_from(free)), permission=data.draw(st.sampled_from(Permission)))
    wider = contract.model_copy(update={"access_policy": (*contract.access_policy, entry)})
    contracts = (*spec.contracts[:index], wider, *spec.contracts[index + 1 :])

    before = _access(spec, environment)
    after = _access(Spec(spec.mesh, spec.domains, contracts), environment)
    asked = Asked(spec, environment)
    theirs = asked.principals(entry.role)
    for table, of in before.tables.items():
        others = {name: reader for name, reader in of.readers.items() if name not in theirs}
        assert {name: r for name, r in after.tables[table].readers.items() if name not in theirs} == others
        for principal in theirs:
            assert before.reads(principal, table) <= after.reads(principal, table)
            if table != asked.table(contract):
                assert before.reads(principal, table) == after.reads(principal, table)
