"""Trying a rule out on contracts in YAML: what the built-in rules are tested with, and an organisation's own can be.

def test_an_amount_has_a_currency() -> None:
    assert findings(AMOUNT_CURRENCY, {"contracts/sales/orders.yaml": ORDERS}) == [
        "contracts/sales/orders.yaml:5:11: the column 'amount' names no currency [acme-amount-currency]"
    ]
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from mesh_infra.errors import MeshInvalid
from mesh_infra.governance.evaluate import evaluate
from mesh_infra.governance.rule import AnyRule
from mesh_infra.spec.load import load

MESH = """\
organization: acme
environments:
  dev:
    prefix: acme-mesh-dev
    account: "111122223333"
    region: eu-west-1
    deployer: "arn:aws:iam::111122223333:role/mesh-deployer"
"""
"""The mesh.yaml of a mesh that brings none of its own."""


def findings(rule: AnyRule, files: Mapping[str, str], as_of: date | None = None) -> list[str]:
    """What one rule finds in a mesh of ``files`` (path to text), as `mesh check` prints it, in order.

    A mesh.yaml that is not in ``files`` is ``MESH``, and a domain that contracts lie in is a plain one. ``as_of`` is
    the day on which contracts' ``accept`` is judged. Raises ``MeshInvalid`` where the files have errors of their own.
    """
    with TemporaryDirectory() as folder:
        for path, text in {**_needed(files), **files}.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return findings_at(Path(folder), {rule.name: rule}, as_of)


def findings_at(root: Path, rules: Mapping[str, AnyRule], as_of: date | None = None) -> list[str]:
    """As ``findings``, of ``rules`` in the mesh at ``root``."""
    spec, problems = load(root)
    if spec is None:
        raise MeshInvalid(problems)
    return [str(finding) for finding in evaluate(spec, rules, as_of)]


def _needed(files: Mapping[str, str]) -> dict[str, str]:
    domains = {path.split("/")[1] for path in files if path.startswith("contracts/")}
    plain = {f"domains/{name}.yaml": f"domain: {name}\nowner: team-{name}@company.com\n" for name in sorted(domains)}
    return {"mesh.yaml": MESH, **plain}
