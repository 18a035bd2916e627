"""Meshes of any size, the same each time: contracts of 30 columns, ten or more in a domain."""

from __future__ import annotations

import itertools
from pathlib import Path

MAX_DOMAINS = 100
COLUMNS = 30
CONSUMING = 4
"""Every fourth contract is made from another one, mostly of another domain."""

_MESH = """\
organization: bench
environments:
  dev:
    prefix: bench-dev
    account: "111122223333"
    region: eu-west-1
    deployer: "arn:aws:iam::111122223333:role/mesh-deployer"
roles:
  analyst: {description: Analysts of the whole company}
classifications:
  internal: {sensitive: false}
  restricted: {sensitive: true}
"""

_DOMAIN = """\
domain: {name}
owner: team-{name}@company.com
description: What {name} knows
"""

_HEAD = """\
dataset: {dataset}
version: v1
owner: team-{domain}@company.com
description: One row for each event of {dataset}
retention_days: 730
sla:
  freshness: "1 hour" # from event to row
  quality: "99.9%"

schema:
  - name: event_id
    type: bigint
    required: true
    primary_key: true
    description: Unique in the dataset
  - name: user_email
    type: string
    pii: true
    description: "Who caused it: hidden from masked readers"
  - name: channel
    type: string
    classification: internal
    description: Where it happened
"""

_COLUMN = """\
  - name: attribute_{number:02d}
    type: {type}
    description: Attribute {number} of the event
"""

_TAIL = """\

access_policy:
  - role: analyst
    permission: read_masked
    purpose: Reporting
  - role: {reader}
    permission: read
"""

_CONSUMES = """\

consumes:
  - dataset: {domain}.{dataset}
    columns: [event_id, attribute_03]
"""

TYPES = ("string", "bigint", "double", "decimal(12,2)", "date", "timestamp", "boolean", "array<string>")


def generate(root: Path, size: int, most_domains: int = MAX_DOMAINS) -> Path:
    """Write a mesh of ``size`` contracts without findings to ``root``, and return ``root``."""
    domains = [f"domain_{number:03d}" for number in range(max(1, min(most_domains, size // 10)))]
    (root / "domains").mkdir(parents=True)
    (root / "mesh.yaml").write_text(_MESH, encoding="utf-8")
    for domain in domains:
        (root / "contracts" / domain).mkdir(parents=True)
        (root / "domains" / f"{domain}.yaml").write_text(_DOMAIN.format(name=domain), encoding="utf-8")
    for number, domain in zip(range(size), itertools.cycle(domains), strict=False):
        dataset, reader = f"dataset_{number:05d}", domains[(number + 1) % len(domains)]
        text = _contract(dataset, domain, reader)
        if number % CONSUMING == CONSUMING - 1:
            text += _CONSUMES.format(domain=domains[(number - 1) % len(domains)], dataset=f"dataset_{number - 1:05d}")
        (root / "contracts" / domain / f"{dataset}.yaml").write_text(text, encoding="utf-8")
    return root


def any_contract(root: Path) -> Path:
    """A contract of a generated mesh, always the same."""
    return root / "contracts" / "domain_000" / "dataset_00000.yaml"


def _contract(dataset: str, domain: str, reader: str) -> str:
    further = (_COLUMN.format(number=n, type=TYPES[n % len(TYPES)]) for n in range(COLUMNS - 3))
    return _HEAD.format(dataset=dataset, domain=domain) + "".join(further) + _TAIL.format(reader=reader)
