"""What holds for all tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from mesh_infra.cache import FOLDER
from mesh_infra.local.pulumi.cli import find_or_install

# A shared machine is slow at times: that is no failure of the code. Examples are drawn anew in each run, so that many
# runs see many; `pytest --hypothesis-profile thorough` sees many in one.
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("each-run", _patient, max_examples=40)
settings.register_profile("thorough", _patient, max_examples=1000)
settings.load_profile("each-run")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Get the Pulumi CLI before any test needs it: building it may take longer than a test may."""
    engine = any(item.get_closest_marker("engine") for item in session.items)
    if engine and not session.config.option.collectonly:
        # Where tests share the work, their standard output is not a terminal's.
        find_or_install(lambda line: print(line, file=sys.__stderr__, flush=True))


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the user has been told before is not known here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER, str(tmp_path_factory.mktemp("cache")))
        yield
