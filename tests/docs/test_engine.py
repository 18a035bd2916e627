"""The pages of the documentation that deploy, each in a local AWS of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.docs.follow import Reader, held, mesh_inside
from tests.docs.pages import Page, run_pages

pytestmark = pytest.mark.engine


@pytest.fixture
def deployer(reader: Reader) -> Iterator[Reader]:
    root = reader.place
    yield reader
    mesh_inside(["-C", str(root), "local", "stop"])


@pytest.mark.parametrize("page", run_pages(engine=True), ids=lambda page: page.name)
def test_a_page_shows_what_happens(page: Page, deployer: Reader) -> None:
    held(deployer, page)
