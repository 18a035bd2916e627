"""A new repository of a mesh: one domain, one contract, and all that deploying them takes."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template

from mesh_infra.authoring.json_schema import FileKind
from mesh_infra.authoring.new import as_text, domain_lines
from mesh_infra.authoring.schema_file import SCHEMAS, schema_comment, schema_text
from mesh_infra.authoring.workspace import create_text, refuse_existing
from mesh_infra.authoring.yaml_text import scalar
from mesh_infra.checks import check_mesh
from mesh_infra.codeowners import codeowners
from mesh_infra.errors import MeshInvalid, UsageError
from mesh_infra.findings import has_errors
from mesh_infra.spec.files import CONTRACTS, DOMAINS, MESH_FILE
from mesh_infra.spec.names import domain_name
from mesh_infra.spec.problems import RefusedError
from mesh_infra.version import __version__

OWNERS = ".github/CODEOWNERS"

_PARTITIONS = {"cn": "aws-cn", "us-gov": "aws-us-gov"}
"""Partitions other than 'aws', by how their regions begin (IAM user guide, "Amazon Resource Names")."""

_SAME = {
    "Pulumi.yaml": "Pulumi.yaml",
    "__main__.py": "__main__.py",
    "README.md": "README.md",
    ".gitignore": "gitignore",
    "requirements.txt": "requirements.txt",
    MESH_FILE: "mesh.yaml",
}
"""Files of the new repository, and the templates they are made from."""

_VERBATIM = {
    ".github/actions/mesh-tools/action.yml": "mesh-tools.yml",
    ".github/workflows/mesh.yml": "mesh.yml",
    ".github/workflows/mesh-deploy.yml": "mesh-deploy.yml",
    ".github/zizmor.yml": "zizmor.yml",
    "docs/ci.md": "ci.md",
    "docs/deployer-policy.json": "deployer-policy.json",
    "docs/preview-policy.json": "preview-policy.json",
}
"""Files that every mesh has alike: what GitHub runs and how to set it up, and those they are copied from."""

_EVERYTHING_ELSE = "# Whatever no line below names: the program could import it.\n* {}\n"
"""What stands in CODEOWNERS above our section."""


@dataclass(frozen=True, slots=True)
class NewMesh:
    """What a new mesh is to say; ``github``: who approves changes of mesh.yaml there, empty for nobody."""

    organization: str
    account: str = "111122223333"
    region: str = "eu-west-1"
    domain: str = "sales"
    owner: str = ""
    github: str = ""


def new_mesh_files(new: NewMesh) -> dict[str, str]:
    """The files of a new repository by path, which pass `mesh check`.

    Raises ``UsageError`` where the domain cannot be called so, ``MeshInvalid`` where another value cannot be used.
    """
    try:
        domain_name(new.domain)
    except RefusedError as refused:
        raise UsageError(refused.message, refused.hint) from None
    texts = _texts(new)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_files(root, texts)
        spec, findings = check_mesh(root)
    if spec is None or has_errors(findings):
        raise MeshInvalid(findings)
    others = _EVERYTHING_ELSE.format(new.github) if new.github else ""
    return {**texts, OWNERS: codeowners(spec, others), **_schemas(), **_verbatim()}


def write_files(root: Path, texts: dict[str, str], *, force: bool = False) -> None:
    """Write ``texts`` by path below ``root``, or none of them.

    Raises ``UsageError`` where one is there already and ``force`` is not given, or one cannot be written.
    """
    refuse_existing([root / path for path in texts], force=force)
    for path, text in texts.items():
        create_text(root / path, text, force=force)


def organization_of(directory: Path) -> str:
    """What the organisation is called, where nobody says: as the folder is."""
    return re.sub(r"[^A-Za-z0-9]+", "-", directory.resolve().name).strip("-").lower() or "mesh"


def _texts(new: NewMesh) -> dict[str, str]:
    owner = new.owner or f"team-{new.domain}@example.com".replace("_", "-")
    values = {
        "organization": scalar(new.organization),
        "title": " ".join(new.organization.split()),
        "prefix": scalar(_prefix(new.organization)),
        "account": _inside_quotes(new.account),
        "region": scalar(new.region),
        "partition": next((p for start, p in _PARTITIONS.items() if new.region.startswith(f"{start}-")), "aws"),
        "owner": scalar(owner),
        "github": f"\ngithub: [{json.dumps(new.github)}] # who approves changes of this file" if new.github else "",
        "version": __version__,
    }
    texts = {path: _filled(template, values, "mesh", path) for path, template in _SAME.items()}
    domain, contract = f"{DOMAINS}/{new.domain}.yaml", f"{CONTRACTS}/{new.domain}/customers.yaml"
    texts[domain] = as_text([schema_comment("domain", domain), *domain_lines(new.domain, owner, "Who buys, and what")])
    texts[contract] = _filled("contract.yaml", values, "contract", contract)
    return {path: text.rstrip("\n") + "\n" for path, text in texts.items()}


def _filled(template: str, values: dict[str, str], kind: str, path: str) -> str:
    text = _template(f"{template}.template")
    return Template(text).substitute(values, schema_comment=schema_comment(kind, path))


def _verbatim() -> dict[str, str]:
    return {path: _template(f"ci/{template}") for path, template in _VERBATIM.items()}


def _template(name: str) -> str:
    return (files("mesh_infra.authoring") / "templates" / name).read_text(encoding="utf-8")


def _inside_quotes(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _prefix(organization: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", organization.lower()).strip("-")[:20].strip("-")
    return f"{slug or 'my'}-mesh-dev" if not slug[:1].isdigit() else f"m{slug}-mesh-dev"


def _schemas() -> dict[str, str]:
    return {f"{SCHEMAS}/{kind}.json": schema_text(kind) for kind in FileKind}
