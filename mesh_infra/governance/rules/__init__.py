"""The built-in rules."""

from __future__ import annotations

from collections.abc import Mapping

from mesh_infra.governance.rule import AnyRule
from mesh_infra.governance.rules.formats import FORMATS
from mesh_infra.governance.rules.owners import OWNER_CONTACT
from mesh_infra.governance.rules.personal import PII_PARTITION, PII_UNTAGGED
from mesh_infra.governance.rules.producers import PRODUCER_MASKED
from mesh_infra.governance.rules.public import PUBLIC_ROLE

RULES: Mapping[str, AnyRule] = {
    rule.name: rule for rule in (FORMATS, OWNER_CONTACT, PII_PARTITION, PII_UNTAGGED, PRODUCER_MASKED, PUBLIC_ROLE)
}
"""All built-in rules by name."""
