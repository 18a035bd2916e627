"""What holds for any mesh: nothing crashes, every problem has a place, and a mesh comes only without errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mesh_infra.findings import has_errors, in_order
from mesh_infra.spec.load import load
from tests.spec.test_cases import CASES, laid_over_base

FILES = (
    "mesh.yaml",
    "domains/checkout.yaml",
    "contracts/checkout/orders.yaml",
)

# Pieces that mean something to a reader of meshes, beside any text.
SIGNS = ("- ", ": ", "[", "]", "{", "}", "\n", "  ", "\t", '"', "'", "|", "&a ", "*a", "<<", "---", "\\x1b", "\x1b")
WORDS = ("null", "true", "1", "struct<", ">", "type: struct", "fields: [{}]", "pii: yes", "role: ", "\u202e", "é")
PIECES = st.sampled_from((*SIGNS, *WORDS))
VALUES = st.recursive(
    st.sampled_from(
        (None, True, 0, -1, 1.5, "", "*", "orders", "v1", "read", "struct", "array", "map", "a.b.c", "1 hour")
    )
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("name", "type", "dev", "x")), inner),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield laid_over_base(CASES / "good" / "every-field", Path(folder) / "mesh")


def check(root: Path, path: str, content: bytes) -> None:
    """Load the mesh with one file replaced, and hold the outcome to what every outcome has to keep."""
    file = root / path
    before = file.read_bytes()
    file.write_bytes(content)
    try:
        spec, findings = load(root)
    finally:
        file.write_bytes(before)
    assert (spec is None) == has_errors(findings)
    assert findings == in_order(findings)
    lines = content.count(b"\n") + content.count(b"\r") + 2
    for finding in findings:
        assert str(finding).isprintable()
        assert finding.message
        if finding.path == path:
            assert 0 <= finding.line <= lines
            assert finding.column >= (1 if finding.line else 0)


def mutated(data: st.DataObject, text: str) -> str:
    """``text`` with some short pieces of it replaced."""
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        until = data.draw(st.integers(at, min(len(text), at + 12)))
        text = text[:at] + data.draw(PIECES | st.text(max_size=3)) + text[until:]
    return text


def some_place(data: st.DataObject, document: Any) -> tuple[Any, Any]:  # noqa: ANN401 - whatever YAML holds
    """A mapping or list somewhere in ``document``, and one of its keys."""
    holder = document
    while True:
        keys = sorted(holder) if isinstance(holder, dict) else range(len(holder))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(holder[key], (dict, list)) or not holder[key] or data.draw(st.booleans()):
            return holder, key
        holder = holder[key]


@given(path=st.sampled_from(FILES), content=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_content_crashes(root: Path, path: str, content: bytes) -> None:
    check(root, path, content)


@given(data=st.data(), path=st.sampled_from(FILES))
def test_no_mutation_crashes(root: Path, path: str, data: st.DataObject) -> None:
    text = mutated(data, (root / path).read_text(encoding="utf-8"))
    check(root, path, text.encode("utf-8", "surrogatepass"))


@given(data=st.data(), path=st.sampled_from(FILES))
def test_no_value_crashes(root: Path, path: str, data: st.DataObject) -> None:
    """Any value in the place of any other, with YAML that is always right."""
    document = yaml.safe_load((root / path).read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = some_place(data, document)
        holder[key] = data.draw(VALUES)
    check(root, path, yaml.safe_dump(document).encode())
