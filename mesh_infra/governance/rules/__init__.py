"""The built-in rules."""

from __future__ import annotations

from collections.abc import Mapping

from mesh_infra.governance.rule import AnyRule
from mesh_infra.governance.rules.documentation import DESCRIPTION_REQUIRED, SLA_REQUIRED
from mesh_infra.governance.rules.formats import FORMATS, MASKED_CSV, MASKED_ENGINES
from mesh_infra.governance.rules.naming import NAMING
from mesh_infra.governance.rules.owners import OWNER_CONTACT
from mesh_infra.governance.rules.personal import PII_PARTITION, PII_UNTAGGED
from mesh_infra.governance.rules.personal_use import PII_EXPLICIT, PII_READ, RETENTION_REQUIRED
from mesh_infra.governance.rules.producers import PRODUCER_MASKED
from mesh_infra.governance.rules.public import PUBLIC_ROLE
from mesh_infra.governance.rules.usage import GRANT_UNUSED_DOMAIN, SHARED_PRINCIPAL, UNUSED_ROLE

RULES: Mapping[str, AnyRule] = {
    rule.name: rule
    for rule in (
        DESCRIPTION_REQUIRED,
        FORMATS,
        GRANT_UNUSED_DOMAIN,
        MASKED_CSV,
        MASKED_ENGINES,
        NAMING,
        OWNER_CONTACT,
        PII_EXPLICIT,
        PII_PARTITION,
        PII_READ,
        PII_UNTAGGED,
        PRODUCER_MASKED,
        PUBLIC_ROLE,
        RETENTION_REQUIRED,
        SHARED_PRINCIPAL,
        SLA_REQUIRED,
        UNUSED_ROLE,
    )
}
"""All built-in rules by name, in the order of their names."""
