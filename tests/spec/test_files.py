"""The files of a mesh as files: links, sizes, names that no case folder can hold."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mesh_infra.errors import UsageError
from mesh_infra.findings import Finding, Severity
from mesh_infra.spec.files import MAX_BYTES
from mesh_infra.spec.load import load
from mesh_infra.spec.selection import select
from tests.spec.test_cases import CASES, laid_over_base

CONTRACT = CASES / "good" / "design" / "contracts" / "checkout" / "checkout_orders_summary.yaml"


@pytest.fixture
def mesh(tmp_path: Path) -> Path:
    return laid_over_base(CASES / "good" / "design", tmp_path / "mesh")


def said(root: Path) -> list[str]:
    return [str(finding) for finding in load(root)[1]]


@pytest.mark.parametrize("name", ["mesh", "mesh/contracts", "nowhere"])
def test_a_folder_without_mesh_yaml(mesh: Path, name: str) -> None:
    (mesh / "mesh.yaml").unlink()
    with pytest.raises(UsageError, match=r"there is no mesh.yaml in '.*'; run this in the folder that holds mesh.yaml"):
        load(mesh.parent / name)


def test_mesh_yml(mesh: Path) -> None:
    (mesh / "mesh.yaml").rename(mesh / "mesh.yml")
    with pytest.raises(UsageError, match=r"rename mesh\.yml to mesh\.yaml"):
        load(mesh)


def test_a_mesh_without_domains_and_contracts(tmp_path: Path) -> None:
    (tmp_path / "mesh.yaml").write_bytes((CASES / "base" / "mesh.yaml").read_bytes())
    spec, findings = load(tmp_path)
    assert spec is not None
    assert (spec.domains, spec.contracts, findings) == ((), (), ())


def test_a_file_that_is_too_large(mesh: Path) -> None:
    file = mesh / "contracts" / "checkout" / "checkout_orders_summary.yaml"
    padding = b"#" * (MAX_BYTES - file.stat().st_size)
    file.write_bytes(file.read_bytes() + padding)
    assert said(mesh) == []
    file.write_bytes(file.read_bytes() + b"#")
    assert said(mesh) == [
        "contracts/checkout/checkout_orders_summary.yaml: the file is larger than 1 MiB;"
        " describe one dataset in each file [file-size]"
    ]


def test_links_inside_the_mesh_are_followed(mesh: Path) -> None:
    shared = mesh / "shared"
    shared.mkdir()
    (mesh / "contracts" / "marketing").rename(shared / "marketing")
    (mesh / "contracts" / "marketing").symlink_to(shared / "marketing")
    (mesh / "domains" / "marketing.yaml").rename(shared / "marketing.yaml")
    (mesh / "domains" / "marketing.yaml").symlink_to("../shared/marketing.yaml")
    assert said(mesh) == []


@pytest.mark.parametrize(
    "path", ["mesh.yaml", "domains", "domains/sales.yaml", "contracts", "contracts/sales", "contracts/checkout/x.yaml"]
)
def test_links_out_of_the_mesh_are_not_followed(mesh: Path, path: str) -> None:
    outside = mesh.parent / "outside"
    source = mesh / path
    if source.exists():
        source.rename(outside)
    else:
        outside.write_bytes(CONTRACT.read_bytes())
    source.symlink_to(outside)
    assert f"{path}: the link leads out of the mesh; replace it by a copy [file-link]" in said(mesh)
    assert not [line for line in said(mesh) if "checkout_orders_summary'" in line]


def test_links_that_lead_nowhere(mesh: Path) -> None:
    (mesh / "domains" / "loop.yaml").symlink_to("loop.yaml")
    (mesh / "domains" / "gone.yaml").symlink_to("nothing.yaml")
    assert said(mesh) == [
        "domains/gone.yaml: the link leads nowhere; remove it [file-link]",
        "domains/loop.yaml: the link leads nowhere; remove it [file-link]",
    ]


def test_a_pipe_is_not_read(mesh: Path) -> None:
    os.mkfifo(mesh / "domains" / "pipe.yaml")
    assert said(mesh) == ["domains/pipe.yaml: this is no file that can be read; replace it by a file [file-unreadable]"]


def test_folders_in_the_place_of_files_and_the_other_way_round(mesh: Path) -> None:
    (mesh / "domains" / "sales.yaml").mkdir()
    (mesh / "contracts" / "checkout" / "orders.yaml").mkdir()
    assert [line.partition("[")[2] for line in said(mesh)] == ["file-place]", "file-place]"]
    (mesh / "mesh.yaml").unlink()
    (mesh / "mesh.yaml").mkdir()
    assert "mesh.yaml: this is no file that can be read; replace it by a file [file-unreadable]" in said(mesh)


def test_contracts_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "mesh.yaml").write_bytes((CASES / "base" / "mesh.yaml").read_bytes())
    (tmp_path / "contracts").write_text("")
    assert said(tmp_path) == ["contracts: the folder cannot be read: Not a directory [file-unreadable]"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [(b"a\x1b[2Jb.yaml", r"a\x1b[2Jb.yaml"), (b"caf\xe9.yaml", r"caf\udce9.yaml"), (b"a\nb.yaml", r"a\nb.yaml")],
)
def test_names_of_files_are_safe_to_print(mesh: Path, name: bytes, shown: str) -> None:
    folder = os.fsencode(mesh / "contracts" / "checkout")
    Path(os.fsdecode(folder + b"/" + name)).write_bytes(CONTRACT.read_bytes())
    found = said(mesh)
    assert any(line.startswith(f"contracts/checkout/{shown}:1:10: the dataset") for line in found)
    assert all(line.isprintable() for line in found)


FINDINGS = tuple(
    Finding("rule", Severity.ERROR, path, 1, 1, "message")
    for path in ("contracts/a/x.yaml", "contracts/ab/y.yaml", "domains/a.yaml", "mesh.yaml")
)


@pytest.mark.parametrize(
    ("paths", "kept"),
    [
        ([], [0, 1, 2, 3]),
        (["."], [0, 1, 2, 3]),
        (["contracts"], [0, 1]),
        (["contracts/a"], [0]),
        (["contracts/a/x.yaml", "mesh.yaml"], [0, 3]),
        (["contracts/../domains"], [2]),
    ],
)
def test_select(tmp_path: Path, paths: list[str], kept: list[int]) -> None:
    for finding in FINDINGS:
        (tmp_path / finding.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / finding.path).write_text("")
    chosen = select(FINDINGS, tmp_path, [tmp_path / path for path in paths])
    assert chosen == tuple(FINDINGS[index] for index in kept)


def test_select_refuses_what_is_not_of_the_mesh(tmp_path: Path) -> None:
    root = tmp_path / "mesh"
    root.mkdir()
    with pytest.raises(UsageError, match=r"there is no '.*/nothing'"):
        select(FINDINGS, root, [root / "nothing"])
    (root / "contracts/sales").mkdir(parents=True)
    (root / "contracts/sales/orders.yaml").write_text("")
    for wrong, right in (("contract", "contracts"), ("contracts/slaes/order.yaml", "contracts/sales/orders.yaml")):
        with pytest.raises(UsageError, match=rf"there is no '.*/{wrong}'; did you mean '.*/{right}'\?"):
            select(FINDINGS, root, [root / wrong])
    with pytest.raises(UsageError, match="is not in the mesh"):
        select(FINDINGS, root, [tmp_path])
