"""What holds for any file of the Open Data Contract Standard: nothing crashes, and every problem has a place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.test_cases import CASES, laid_over_base
from tests.spec.test_laws import check, mutated, some_place

FILE = "contracts/checkout/orders.odcs.yaml"
WORDS = ("active", "string", "object", "array", "map", "pii", "pii:false", "read", "orders", "1.0.0", "v3.2.0", "d")
KEYS = ("name", "properties", "items", "map", "key", "value", "tags", "property", "physicalType", "x")
VALUES = st.recursive(
    st.sampled_from((None, True, 0, -1, 1.5, "", *WORDS)) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module", params=["odcs-everything", "odcs-every-type", "odcs-v3-0"])
def root(request: pytest.FixtureRequest) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield laid_over_base(CASES / "good" / request.param, Path(folder) / "mesh")


@given(data=st.data())
def test_no_mutation_crashes(root: Path, data: st.DataObject) -> None:
    text = mutated(data, (root / FILE).read_text(encoding="utf-8"))
    check(root, FILE, text.encode("utf-8", "surrogatepass"))


@given(data=st.data())
def test_no_value_crashes(root: Path, data: st.DataObject) -> None:
    """Any value in the place of any other, and under any key, with YAML that is always right."""
    document = yaml.safe_load((root / FILE).read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 4))):
        holder, key = some_place(data, document)
        if isinstance(holder, dict) and data.draw(st.booleans()):
            key = data.draw(st.sampled_from(KEYS))
        holder[key] = data.draw(VALUES)
    check(root, FILE, yaml.safe_dump(document).encode())
