"""What holds for all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A shared machine is slow at times: that is no failure of the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
