"""Who reads which column, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh_infra.errors import UsageError
from mesh_infra.review.access import AccessRow, matrix, why
from mesh_infra.spec.model import Spec
from tests.meshes import DOMAIN, MESH, read_spec

ORDERS = """\
dataset: orders
version: v1
owner: team-sales@company.com
schema:
  - name: order_id
    type: string
  - name: user_email
    type: string
    pii: true
  - name: margin
    type: bigint
    classification: secret
  - name: buyer
    type: struct
    fields:
      - name: name
        type: string
        pii: true
access_policy:
  - role: marketing
    permission: read_masked
  - role: auditor
    permission: read
  - role: partner
    permission: read_masked
"""
DEPLOYER = "arn:aws:iam::111122223333:role/mesh-deployer"
ALICE, BOB = "arn:aws:iam::111122223333:role/alice", "arn:aws:iam::111122223333:role/bob"
RESCUER = "arn:aws:iam::111122223333:role/rescuer"
MARKETING = "arn:aws:iam::111122223333:role/acme-dev-marketing"
FILES = {
    "mesh.yaml": MESH.replace("classifications", f'    break_glass: ["{RESCUER}"]\nclassifications')
    + f'roles:\n  auditor: {{principals: ["{ALICE}"]}}\n  partner: {{principals: ["{ALICE}", "{BOB}"]}}\n',
    "contracts/sales/orders.yaml": ORDERS,
    "contracts/sales/drafts.yaml": ORDERS.replace("orders", "drafts").replace(
        "version: v1", "version: v1\nstatus: draft"
    ),
    "contracts/marketing/clicks.yaml": "dataset: clicks\nversion: v2\nowner: team-m@company.com\nschema:\n"
    "  - {name: page, type: string}\naccess_policy:\n  - {role: sales, permission: read}\n",
    "domains/sales.yaml": DOMAIN.format(name="sales"),
}
ORDERS_FILE = "contracts/sales/orders.yaml"


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Spec:
    return read_spec(tmp_path_factory.mktemp("mesh"), FILES)


def shown(row: AccessRow) -> str:
    columns = ", ".join(c.name + ("!" if c.sensitive else "") if c.visible else f"({c.name})" for c in row.columns)
    who = " ".join(arn.rpartition("/")[2] for arn in row.principals)
    return f"{row.role} [{who}] {row.dataset} {row.version}: {columns} via {'+'.join(row.via)} {row.path}:{row.line}"


class TestMatrix:
    def test_one_dataset(self, spec: Spec) -> None:
        assert [shown(row) for row in matrix(spec, "dev", dataset="orders")] == [
            "marketing [acme-dev-marketing] orders v1: order_id, (user_email), (margin), (buyer)"
            f" via grant {ORDERS_FILE}:20",
            f"auditor [alice] orders v1: order_id, user_email!, margin!, buyer! via grant {ORDERS_FILE}:22",
            f"partner [alice] orders v1: order_id, user_email!, margin!, buyer! via grant {ORDERS_FILE}:24",
            f"partner [bob] orders v1: order_id, (user_email), (margin), (buyer) via grant {ORDERS_FILE}:24",
            "sales_producer [acme-dev-sales-producer] orders v1: order_id, user_email!, margin!, buyer!"
            " via grant+files domains/sales.yaml:1",
            "mesh-deployer [mesh-deployer] orders v1: order_id, user_email!, margin!, buyer!"
            " via admin+creator mesh.yaml:7",
            "break-glass [rescuer] orders v1: order_id, user_email!, margin!, buyer! via files mesh.yaml:8",
        ]

    def test_a_draft_has_no_consumers(self, spec: Spec) -> None:
        roles = [row.role for row in matrix(spec, "dev", dataset="sales.drafts.v1")]
        assert roles == ["sales_producer", "mesh-deployer", "break-glass"]

    def test_one_role(self, spec: Spec) -> None:
        found = [(row.domain, row.dataset, row.principals) for row in matrix(spec, "dev", role="partner")]
        assert found == [("sales", "orders", (ALICE,)), ("sales", "orders", (BOB,))]

    def test_one_column(self, spec: Spec) -> None:
        rows = matrix(spec, "dev", column="page")
        assert {(row.dataset, tuple(c.name for c in row.columns)) for row in rows} == {("clicks", ("page",))}
        assert matrix(spec, "dev", role="sales", column="order_id") == ()

    def test_a_role_that_is_another_one_too(self, tmp_path: Path) -> None:
        also = FILES["mesh.yaml"].replace(f'["{ALICE}"]', f'["{ALICE}", "{MARKETING}"]')
        also = also.replace(f'["{RESCUER}"]', f'["{MARKETING}"]')
        spec = read_spec(tmp_path, {**FILES, "mesh.yaml": also})
        every = "order_id, user_email!, margin!, buyer!"
        assert [shown(row) for row in matrix(spec, "dev", "auditor", "orders")] == [
            f"auditor [acme-dev-marketing] orders v1: {every} via grant+files {ORDERS_FILE}:22",
            f"auditor [alice] orders v1: {every} via grant {ORDERS_FILE}:22",
        ]
        assert [shown(row) for row in matrix(spec, "dev", "marketing", "drafts")] == [
            f"marketing [acme-dev-marketing] drafts v1: {every} via files mesh.yaml:8"
        ]
        roles = [row.role for row in matrix(spec, "dev", dataset="clicks")]
        assert roles[-3:] == ["break-glass", "auditor", "marketing"]
        assert matrix(spec, "dev", "auditor", "clicks")[0].principals == (MARKETING,)

    def test_a_role_without_an_entry_whose_principal_has_one_as_another(self, tmp_path: Path) -> None:
        spec = read_spec(tmp_path, {**FILES, ORDERS_FILE: ORDERS.rpartition("  - role: partner")[0]})
        assert [shown(row) for row in matrix(spec, "dev", "partner", "orders")] == [
            f"partner [alice] orders v1: order_id, user_email!, margin!, buyer! via grant {ORDERS_FILE}:22"
        ]

    def test_the_local_environment(self, spec: Spec) -> None:
        rows = matrix(spec, "local", role="mesh-deployer", dataset="clicks")
        assert [row.principals for row in rows] == [("arn:aws:iam::123456789012:role/mesh-deployer",)]

    @pytest.mark.parametrize(
        ("asked", "message"),
        [
            ({"role": "marketin"}, "there is no role 'marketin'; did you mean 'marketing'?"),
            ({"dataset": "order"}, "there is no dataset 'order'; did you mean 'orders'?"),
            ({"dataset": "orders.v9"}, "there is no dataset 'orders.v9'; did you mean 'orders.v1'?"),
            ({"column": "user_mail"}, "no dataset has a column 'user_mail'; did you mean 'user_email'?"),
            ({"dataset": "clicks", "column": "user_email"}, "'clicks' has no column 'user_email'"),
        ],
    )
    def test_what_is_not_there(self, spec: Spec, asked: dict[str, str], message: str) -> None:
        with pytest.raises(UsageError) as caught:
            matrix(spec, "dev", **asked)
        assert str(caught.value).startswith(message)


class TestWhy:
    def chain(self, spec: Spec, role: str, dataset: str, column: str) -> list[tuple[bool, list[str]]]:
        answers = why(spec, "dev", role, dataset, column)
        return [(a.visible, [f"{step.text} ({step.path}:{step.line})" for step in a.steps]) for a in answers]

    def test_hidden_from_a_masked_reader(self, spec: Spec) -> None:
        assert self.chain(spec, "marketing", "orders", "user_email") == [
            (
                False,
                [
                    "'marketing' is the IAM role 'acme-dev-marketing' (domains/marketing.yaml:1)",
                    f"'marketing' may read masked ({ORDERS_FILE}:20)",
                    f"the filter 'masked' does not list it ({ORDERS_FILE}:20)",
                    f"'user_email' is personal data ({ORDERS_FILE}:9)",
                ],
            )
        ]

    def test_seen_by_a_masked_reader(self, spec: Spec) -> None:
        assert self.chain(spec, "marketing", "sales.orders.v1", "order_id")[0] == (
            True,
            [
                "'marketing' is the IAM role 'acme-dev-marketing' (domains/marketing.yaml:1)",
                f"'marketing' may read masked ({ORDERS_FILE}:20)",
                "the grant 'sales.orders_v1.marketing' gives SELECT on the filter 'masked', which lists it"
                f" ({ORDERS_FILE}:20)",
                f"'order_id' is not sensitive ({ORDERS_FILE}:5)",
            ],
        )

    def test_classified(self, spec: Spec) -> None:
        assert self.chain(spec, "marketing", "orders", "margin")[0][1][-2:] == [
            f"'margin' is classified 'secret' ({ORDERS_FILE}:12)",
            "'secret' is sensitive (mesh.yaml:9)",
        ]

    def test_a_field_inside_hides_the_column(self, spec: Spec) -> None:
        assert self.chain(spec, "marketing", "orders", "buyer")[0][1][-1] == (
            f"'name' in it is personal data ({ORDERS_FILE}:18)"
        )

    def test_principals_that_differ_have_an_answer_each(self, spec: Spec) -> None:
        (sees, one), (hidden, other) = self.chain(spec, "partner", "orders", "user_email")
        assert (sees, hidden) == (True, False)
        assert one[:3] == [
            f"'partner' is '{ALICE}' (mesh.yaml:13)",
            f"'auditor' may read in clear ({ORDERS_FILE}:22)",
            f"the grant 'sales.orders_v1.role/alice' gives SELECT on the table ({ORDERS_FILE}:22)",
        ]
        assert other[0] == f"'partner' is '{BOB}' (mesh.yaml:13)"

    def test_no_entry(self, spec: Spec) -> None:
        found = self.chain(spec, "sales", "orders", "order_id")
        assert found[0][0] is False
        assert found[0][1][1] == f"'sales' has no entry in 'access_policy' ({ORDERS_FILE}:20)"

    def test_a_draft(self, spec: Spec) -> None:
        found = self.chain(spec, "auditor", "drafts", "order_id")
        assert (
            found[0][1][1]
            == "the dataset is 'draft': its access policy is not in effect (contracts/sales/drafts.yaml:3)"
        )

    def test_the_producer(self, spec: Spec) -> None:
        assert self.chain(spec, "sales_producer", "orders", "user_email")[0][1][1:4] == [
            "'sales_producer' reads and writes the domain (domains/sales.yaml:1)",
            "the grant 'sales.orders_v1.sales_producer' gives SELECT on the table (domains/sales.yaml:1)",
            "the policies of bucket and key let it read the files, past Lake Formation (domains/sales.yaml:1)",
        ]

    def test_who_reads_everything(self, spec: Spec) -> None:
        assert self.chain(spec, "mesh-deployer", "orders", "order_id")[0][1][:2] == [
            "'mesh-deployer' reads the whole environment (mesh.yaml:7)",
            "a Lake Formation administrator may grant itself everything (mesh.yaml:7)",
        ]
        assert self.chain(spec, "break-glass", "orders", "order_id")[0][0] is True

    def test_nobody_is_called_so(self, spec: Spec) -> None:
        assert self.chain(spec, "lake-formation-admin", "orders", "user_email") == [
            (
                False,
                [
                    "nobody is 'lake-formation-admin' in 'dev' (mesh.yaml:3)",
                    f"'user_email' is personal data ({ORDERS_FILE}:9)",
                ],
            )
        ]
        assert why(spec, "local", "break-glass", "orders", "order_id")[0].principals == ()

    def test_the_grant_is_asked_for_by_the_widest_entry(self, tmp_path: Path) -> None:
        narrow_first = ORDERS.replace("permission: read\n", "permission: read_masked\n", 1)
        narrow_first = narrow_first.removesuffix("permission: read_masked\n") + "permission: read\n"
        spec = read_spec(tmp_path, {**FILES, ORDERS_FILE: narrow_first})
        for column, entries in (("user_email", 1), ("order_id", 2)):
            ((sees, steps),) = self.chain(spec, "auditor", "orders", column)
            assert sees
            assert steps[1 + entries] == (
                f"the grant 'sales.orders_v1.role/alice' gives SELECT on the table ({ORDERS_FILE}:24)"
            )

    @pytest.mark.parametrize(
        ("role", "dataset", "column", "message"),
        [
            ("marketin", "orders", "order_id", "there is no role 'marketin'; did you mean 'marketing'?"),
            ("marketing", "order", "order_id", "there is no dataset 'order'; did you mean 'orders'?"),
            ("marketing", "orders", "oder_id", "'orders' has no column 'oder_id'; did you mean 'order_id'?"),
        ],
    )
    def test_what_is_not_there(self, spec: Spec, role: str, dataset: str, column: str, message: str) -> None:
        with pytest.raises(UsageError) as caught:
            why(spec, "dev", role, dataset, column)
        assert str(caught.value) == message

    def test_a_dataset_with_two_versions(self, tmp_path: Path) -> None:
        second = ORDERS.replace("version: v1", "version: v2")
        both = read_spec(tmp_path, {**FILES, "contracts/sales/orders.v2.yaml": second})
        with pytest.raises(UsageError, match=r"'orders' could be 'sales.orders.v1' and 'sales.orders.v2'; name one"):
            why(both, "dev", "marketing", "orders", "order_id")
        assert why(both, "dev", "marketing", "orders.v2", "order_id")[0].version == "v2"
