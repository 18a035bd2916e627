from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.docs.follow import Reader
from tests.docs.pages import START


@pytest.fixture(scope="session")
def _begun(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    reader = Reader(tmp_path_factory.mktemp("begun"))
    reader.follow(START)
    return reader


@pytest.fixture
def reader(_begun: Reader, tmp_path: Path) -> Reader:
    """Somebody who has followed the first page, in a mesh of his own."""
    return Reader(Path(shutil.copytree(_begun.place, tmp_path / _begun.place.name)))
