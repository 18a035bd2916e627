"""Partition projection as Athena reads it from a table's parameters.

Athena User Guide, "Use partition projection with Amazon Athena" and "Supported types for partition projection". The
partitions lie in folders named ``key=value`` below the table's location, as without projection, so that there is no
``storage.location.template``. The names of partition keys in the parameters give nothing away: every reader sees them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from mesh_infra.spec.model import DateProjection, EnumProjection, IntegerProjection, Projection


def projection_parameters(projections: Mapping[str, Projection]) -> dict[str, str]:
    """The parameters; none where nothing is projected."""
    if not projections:
        return {}
    parameters = {"projection.enabled": "true"}
    for key, projection in projections.items():
        settings = {"type": projection.type, **_settings(projection)}
        parameters |= {f"projection.{key}.{name}": value for name, value in settings.items()}
    return parameters


def _settings(projection: Projection) -> dict[str, str]:
    match projection:
        case DateProjection():
            settings = {"range": ",".join(projection.range), "format": projection.format}
            if projection.interval is not None and projection.interval_unit is not None:
                settings["interval"] = str(projection.interval)
                settings["interval.unit"] = projection.interval_unit.value.upper()
            return settings
        case IntegerProjection():
            first, last = projection.range
            digits = {} if projection.digits is None else {"digits": str(projection.digits)}
            return {"range": f"{first},{last}", "interval": str(projection.interval), **digits}
        case EnumProjection():
            return {"values": ",".join(projection.values)}
        case never:
            assert_never(never)
