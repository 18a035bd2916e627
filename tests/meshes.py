"""Small meshes on disk, for tests that need one or two files to be special."""

from __future__ import annotations

from pathlib import Path

from mesh_infra.checks import check_mesh
from mesh_infra.findings import Finding, has_errors
from mesh_infra.spec.model import Spec

MESH = """\
organization: acme
environments:
  dev:
    prefix: acme-dev
    account: "111122223333"
    region: eu-west-1
    deployer: "arn:aws:iam::111122223333:role/mesh-deployer"
classifications: {secret: {sensitive: true}}
governance: {description-required: off, retention-required: off, sla-required: off, grant-unused-domain: off, \
unused-role: off}
"""
DOMAIN = "domain: {name}\nowner: team-{name}@company.com\n"
CONTRACT = """\
dataset: orders
version: v1
owner: team-sales@company.com
schema:
  - name: order_id
    type: string
  - name: user_email
    type: string
    pii: true
access_policy:
  - role: marketing
    permission: read_masked
"""
BASE = {
    "mesh.yaml": MESH,
    "domains/sales.yaml": DOMAIN.format(name="sales"),
    "domains/marketing.yaml": DOMAIN.format(name="marketing"),
    "contracts/sales/orders.yaml": CONTRACT,
}


def write_mesh(root: Path, files: dict[str, str] | None = None) -> Path:
    """The base mesh with ``files`` (path to text) laid over it."""
    for path, text in {**BASE, **(files or {})}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return root


def read_spec(root: Path, files: dict[str, str] | None = None) -> Spec:
    """The base mesh with ``files`` laid over it, which must have no errors."""
    spec, found = check_mesh(write_mesh(root, files))
    assert spec is not None, found
    assert not has_errors(found), [str(finding) for finding in found]
    return spec


def findings_of(root: Path, files: dict[str, str]) -> list[Finding]:
    """Everything that is said about the base mesh with ``files`` laid over it."""
    return list(check_mesh(write_mesh(root, files))[1])
