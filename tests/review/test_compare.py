"""A review of some domains at a time is the same as one of the whole mesh."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_infra.cache import FolderCache, NoCache
from mesh_infra.findings import Severity
from mesh_infra.review.build import review
from mesh_infra.review.compare import Sharing, compare
from mesh_infra.review.git import GitObject, Repository
from mesh_infra.review.model import Review
from mesh_infra.review.portions import in_portions
from mesh_infra.review.render.as_json import render_json
from mesh_infra.review.render.markdown import render_markdown
from mesh_infra.review.sides import find_places, read_sides
from tests.meshes import DOMAIN
from tests.review.repository import Repo, new_repository
from tests.survey.meshes import contract

ACCOUNTS = ("111122223333", "444455556666")
DOMAINS = ("finance", "marketing", "sales", "support")
ONE_DOMAIN_EACH = Sharing(worth=0, portion=1)

_arns = st.sampled_from([f"arn:aws:iam::{account}:role/{name}" for account in ACCOUNTS for name in ("ann", "ops")])
_trust = st.lists(st.one_of(_arns, st.sampled_from(ACCOUNTS)), min_size=1, max_size=2, unique=True)
_roles = st.one_of(
    st.just({}),
    _trust.map(lambda trust: {"trust": trust}),
    st.lists(_arns, min_size=1, max_size=2, unique=True).map(lambda principals: {"principals": principals}),
)
_severities = st.sampled_from(("off", "warning"))


@st.composite
def _environments(draw: st.DrawFn, name: str) -> dict[str, object]:
    account = draw(st.sampled_from(ACCOUNTS))
    return {
        "prefix": draw(st.sampled_from((f"acme-{name}", f"other-{name}"))),
        "account": account,
        "region": draw(st.sampled_from(("eu-west-1", "eu-central-1"))),
        "deployer": f"arn:aws:iam::{account}:role/mesh-deployer",
        "stacks": draw(st.sampled_from(("one", "per-domain"))),
        "lake_formation_admins": draw(st.lists(st.just(f"arn:aws:iam::{account}:role/admin"), max_size=1)),
        "break_glass": draw(st.lists(st.just(f"arn:aws:iam::{account}:role/rescue"), max_size=1)),
    }


@st.composite
def _changed(
    draw: st.DrawFn, mesh: dict[str, object], parts: dict[str, st.SearchStrategy[object]]
) -> dict[str, object]:
    """Some parts of a mesh drawn again."""
    names = draw(st.lists(st.sampled_from(sorted(parts)), min_size=1, max_size=2, unique=True))
    return mesh | {name: draw(parts[name].filter(lambda part, name=name: part != mesh[name])) for name in names}


_environment_sets = st.lists(st.sampled_from(("dev", "prod", "test")), min_size=1, max_size=2, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: _environments(name) for name in names})
)
_PARTS: dict[str, st.SearchStrategy[object]] = {
    "organization": st.sampled_from(("acme", "other")),
    "environments": _environment_sets,
    "roles": st.fixed_dictionaries({"analyst": _roles, "auditor": _roles}, optional={"unused": _roles}),
    "classifications": st.fixed_dictionaries(
        {name: st.fixed_dictionaries({"sensitive": st.booleans()}) for name in ("internal", "secret")}
    ),
    "github": st.lists(st.sampled_from(("@acme/mesh", "@ann")), max_size=2, unique=True),
    "governance": st.fixed_dictionaries(
        {
            **dict.fromkeys(("description-required", "retention-required", "sla-required"), st.just("off")),
            **dict.fromkeys(("grant-unused-domain", "unused-role", "naming", "public-role"), _severities),
        }
    ),
}
meshes: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(_PARTS)
"""What mesh.yaml says."""

_LINES = (
    "",
    "retention_days: 30\n",
    "status: retired\n",
    "format: iceberg\n",
    "consumes: [sales.orders]\n",
    "access_policy: [{role: analyst, permission: read}, {role: marketing, permission: read_masked}]\n",
    "access_policy: [{role: analyst, permission: read_masked}, {role: sales, permission: read}]\n",
    "access_policy: [{role: auditor, permission: read_masked}]\nconsumes: [sales.orders]\n",
)
_classes = st.sampled_from(("", "    classification: internal\n", "    classification: secret\n"))


@st.composite
def contracts(draw: st.DrawFn) -> dict[str, str]:
    """Contracts of some domains; others have none."""
    paths = st.sampled_from([(domain, name) for domain in DOMAINS for name in ("items", "visits")])
    found = {}
    for domain, name in (("sales", "orders"), *draw(st.lists(paths, max_size=5, unique=True))):
        lines = [line for line in _LINES if name not in line]
        text = contract(name, domain, draw(st.sampled_from(lines)))
        column = f"  - name: note\n    type: string\n{draw(_classes)}"
        found[f"contracts/{domain}/{name}.yaml"] = text.replace("schema:\n", f"schema:\n{column}")
    return found


def repository(root: Path, mesh: dict[str, object], files: dict[str, str]) -> Repo:
    """A repository with a mesh in its only commit."""
    repo = new_repository(root)
    domains = {f"domains/{name}.yaml": DOMAIN.format(name=name) for name in DOMAINS}
    repo.commit({"mesh.yaml": json.dumps(mesh, indent=1), **domains, **files})
    return repo


def portioned(repo: Repo, base: str, head: str | None = None, sharing: Sharing = ONE_DOMAIN_EACH) -> Review | None:
    """The review in portions; None where it is not made so."""
    return in_portions(repo.root, *find_places(repo.root, base, head), NoCache(), sharing)


def both(draw: st.DrawFn) -> tuple[dict[str, object], dict[str, object]]:
    base = draw(meshes)
    return base, draw(_changed(base, _PARTS))


@settings(max_examples=40)
@given(st.composite(both)(), contracts(), st.one_of(st.just({}), contracts()))
def test_of_any_edit_of_mesh_yaml(
    sides: tuple[dict[str, object], dict[str, object]], files: dict[str, str], edited: dict[str, str]
) -> None:
    with TemporaryDirectory() as folder:
        repo = repository(Path(folder) / "repo", sides[0], files)
        gone: dict[str, str | bytes | None] = dict.fromkeys(files.keys() - edited.keys()) if edited else {}
        repo.write({"mesh.yaml": json.dumps(sides[1], indent=1), **gone, **edited})
        expected = review(*read_sides(repo.root, "HEAD"))
        found = portioned(repo, "HEAD")
        assert compare(repo.root, "HEAD", None, None, ONE_DOMAIN_EACH) == expected
        if found is None:
            assert sides[0] == sides[1] or not expected.compared
        else:
            assert found == expected
            assert render_json(found) == render_json(expected)
            assert render_markdown(found) == render_markdown(expected)


MESH: dict[str, object] = {
    "organization": "acme",
    "environments": {
        name: {
            "prefix": f"acme-{name}",
            "account": ACCOUNTS[0],
            "region": "eu-west-1",
            "deployer": f"arn:aws:iam::{ACCOUNTS[0]}:role/mesh-deployer",
            "stacks": stacks,
        }
        for name, stacks in (("dev", "one"), ("prod", "per-domain"))
    },
    "roles": {"analyst": {}},
    "classifications": {"internal": {"sensitive": False}},
}
CONTRACTS = {
    f"contracts/{domain}/orders.yaml": contract(
        "orders",
        domain,
        "  - name: note\n    type: string\n    classification: internal\n"
        "access_policy: [{role: analyst, permission: read_masked}]\n",
    )
    for domain in ("finance", "sales")
}
SECRET = {"classifications": {"internal": {"sensitive": True}}}


def edited(root: Path, files: dict[str, str | bytes | None] | None = None) -> Repo:
    """A repository in which a classification that all contracts name becomes sensitive, and ``files`` change."""
    repo = repository(root / "repo", MESH, CONTRACTS)
    repo.write({"mesh.yaml": json.dumps(MESH | SECRET, indent=1), **(files or {})})
    return repo


@pytest.mark.parametrize("processes", [1, 3])
def test_by_several_processes(tmp_path: Path, processes: int) -> None:
    repo = edited(tmp_path)
    found = portioned(repo, "HEAD", sharing=Sharing(processes, worth=0, portion=1))
    assert found == review(*read_sides(repo.root, "HEAD"))
    assert [(change.domain, change.change) for change in found.contracts] == [
        ("finance", "column-sensitive"),
        ("sales", "column-sensitive"),
    ]


def test_of_two_commits_by_several_processes(tmp_path: Path) -> None:
    repo = edited(tmp_path)
    repo.commit()
    found = portioned(repo, "HEAD~1", "HEAD", Sharing(2, worth=0, portion=1))
    assert found == review(*read_sides(repo.root, "HEAD~1", "HEAD"))


_ORDERS = CONTRACTS["contracts/sales/orders.yaml"]


@pytest.mark.parametrize(
    "files",
    [
        {"contracts/sales/orders.yaml": contract("orders", "sales")},
        {"contracts/sales/orders.yaml": None},
        {"contracts/support/orders.yaml": contract("orders", "support")},
        {"contracts/sales/orders.yaml": None, "contracts/support/orders.yaml": _ORDERS.replace("sales", "support")},
        {"contracts/sales/orders.yaml": _ORDERS.replace("\n", "\r\n")},
        {"contracts/sales/orders.v2.yaml": _ORDERS.replace("version: v1", "version: v2")},
        {"contracts/finance/orders.yaml": CONTRACTS["contracts/finance/orders.yaml"] + "consumes: [sales.nothing]\n"},
    ],
    ids=["contract", "gone", "new", "moved", "other-bytes", "version", "dangling"],
)
def test_with_contracts_that_differ_too(tmp_path: Path, files: dict[str, str | bytes | None]) -> None:
    repo = edited(tmp_path, files)
    expected = review(*read_sides(repo.root, "HEAD"))
    assert expected.compared
    for processes in (1, 3):
        assert portioned(repo, "HEAD", sharing=Sharing(processes, worth=0, portion=1)) == expected
    repo.commit()
    assert portioned(repo, "HEAD~1", "HEAD", Sharing(3, worth=0, portion=1)) == expected


@pytest.mark.parametrize(
    "files",
    [
        {"domains/support.yaml": "domain: support\nowner: somebody@company.com\n"},
        {"contracts/sales/orders.yaml": "no: contract\n"},
        {"mesh.yaml": json.dumps(MESH, indent=1)},
        {"mesh.yaml": "organization: acme\n"},
        {"mesh.yaml": json.dumps(MESH | {"classifications": {}})},
        {"contracts/sales/orders.yml": "misnamed\n"},
        {"contracts/sales/old/orders.yaml": _ORDERS},
    ],
    ids=["domain", "broken", "nothing", "broken-mesh", "class-gone", "misnamed", "folder"],
)
def test_the_whole_mesh_at_once_where_more_differs_or_errors_stop_it(
    tmp_path: Path, files: dict[str, str | bytes | None]
) -> None:
    repo = edited(tmp_path, files)
    assert portioned(repo, "HEAD") is None
    assert compare(repo.root, "HEAD", None, None, ONE_DOMAIN_EACH) == review(*read_sides(repo.root, "HEAD"))


def test_the_whole_mesh_at_once_where_too_much_belongs_together(tmp_path: Path) -> None:
    repo = edited(tmp_path, {"contracts/sales/orders.yaml": contract("orders", "sales")})
    assert portioned(repo, "HEAD", sharing=Sharing(worth=0, together=0)) is None


def test_where_a_contract_is_a_link(tmp_path: Path) -> None:
    repo = edited(tmp_path)
    (repo.root / "contracts/support").mkdir()
    (repo.root / "contracts/support/orders.yaml").symlink_to("../sales/orders.yaml")
    repo.commit({"mesh.yaml": json.dumps(MESH)})
    repo.write({"mesh.yaml": json.dumps(MESH | SECRET)})
    assert portioned(repo, "HEAD") == review(*read_sides(repo.root, "HEAD"))


def test_what_nobody_reads_does_not_count(tmp_path: Path) -> None:
    repo = edited(tmp_path, {"contracts/sales/.orders.yaml.swp": b"\0", "contracts/sales/orders.yaml~": "old\n"})
    assert portioned(repo, "HEAD") == review(*read_sides(repo.root, "HEAD"))


def test_files_are_found_to_be_the_same_by_either_hash_of_git(tmp_path: Path) -> None:
    repo = edited(tmp_path)
    shutil.rmtree(repo.root / ".git")
    repo.git("init", "--quiet", "--object-format=sha256")
    repo.commit({"mesh.yaml": json.dumps(MESH)})
    repo.write({"mesh.yaml": json.dumps(MESH | SECRET)})
    assert portioned(repo, "HEAD") == review(*read_sides(repo.root, "HEAD"))


def test_no_file_of_a_contract_is_taken_out_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[GitObject] = []
    fetch = Repository.fetch

    def seen(self: Repository, objects: Iterable[GitObject]) -> None:
        wanted = list(objects)
        fetched.extend(wanted)
        fetch(self, wanted)

    monkeypatch.setattr(Repository, "fetch", seen)
    assert portioned(edited(tmp_path), "HEAD") is not None
    assert len({item.id for item in fetched}) == 1 + len(DOMAINS)  # mesh.yaml, and a file for each domain


def test_roles_that_trust_each_other_in_a_circle_are_told_with_the_rest(tmp_path: Path) -> None:
    def arns(name: str) -> dict[str, object]:
        return {"trust": [f"arn:aws:iam::{ACCOUNTS[0]}:role/acme-dev-{name}"]}

    circle = MESH | {"roles": {"analyst": arns("other"), "other": arns("analyst")}}
    repo = repository(tmp_path / "repo", MESH, CONTRACTS)
    repo.write({"mesh.yaml": json.dumps(circle)})
    there = review(*read_sides(repo.root, "HEAD"))
    assert there.compared
    assert "trust-circle" in {finding.rule for finding in there.findings}
    repo.commit()
    repo.write({"mesh.yaml": json.dumps(MESH)})
    back = review(*read_sides(repo.root, "HEAD"))
    assert back.compared
    assert {change.op for change in back.infrastructure} == {"delete", "update"}


def test_a_base_that_is_made_from_itself_is_told(tmp_path: Path) -> None:
    path = "contracts/sales/orders.yaml"
    repo = repository(tmp_path / "repo", MESH, {**CONTRACTS, path: CONTRACTS[path] + "consumes: [orders]\n"})
    repo.write({"mesh.yaml": json.dumps(MESH | SECRET), path: CONTRACTS[path]})
    assert portioned(repo, "HEAD") is None
    assert not compare(repo.root, "HEAD", None, None, ONE_DOMAIN_EACH).compared


def test_errors_of_base_are_told(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", MESH | {"classifications": {}}, CONTRACTS)
    repo.write({"mesh.yaml": json.dumps(MESH)})
    assert portioned(repo, "HEAD") is None
    found = compare(repo.root, "HEAD", None, None, ONE_DOMAIN_EACH)
    told = [one.severity for one in found.findings if one.rule == "base-unreadable"]
    assert (found.compared, told) == (False, [Severity.WARNING])


def test_a_small_mesh_is_not_shared_out(tmp_path: Path) -> None:
    assert portioned(edited(tmp_path), "HEAD", sharing=Sharing()) is None


def test_what_the_cache_knows_changes_nothing(tmp_path: Path) -> None:
    repo, cache = edited(tmp_path), FolderCache(tmp_path / "cache")
    expected = review(*read_sides(repo.root, "HEAD"))
    for _ in range(2):
        assert compare(repo.root, "HEAD", None, cache, ONE_DOMAIN_EACH) == expected
