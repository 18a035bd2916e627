"""What holds for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from mesh_infra.cache import FOLDER

# A shared machine is slow at times: that is no failure of the code. Examples are drawn anew in each run, so that many
# runs see many; `pytest --hypothesis-profile thorough` sees many in one.
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("each-run", _patient, max_examples=40)
settings.register_profile("thorough", _patient, max_examples=1000)
settings.load_profile("each-run")


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the user has been told before is not known here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER, str(tmp_path_factory.mktemp("cache")))
        yield
