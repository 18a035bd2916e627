"""A mesh whose domains name each other's datasets, and edits of it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from tests.meshes import DOMAIN, MESH

Edit = tuple[str, str | None]
"""A path and what is written there; None where the file goes."""

DOMAINS = ("finance", "marketing", "sales")


def contract(dataset: str, domain: str, extra: str = "") -> str:
    """A contract of two columns."""
    return (
        f"dataset: {dataset}\nversion: v1\nowner: team-{domain}@company.com\nschema:\n"
        f"  - name: id\n    type: string\n  - name: user_email\n    type: string\n    pii: true\n{extra}"
    )


FILES = {
    "mesh.yaml": MESH.replace("governance:", "roles: {analyst: {}}\ngovernance:"),
    **{f"domains/{name}.yaml": DOMAIN.format(name=name) for name in DOMAINS},
    "contracts/finance/invoices.yaml": contract("invoices", "finance", "consumes: [sales.orders]\n"),
    "contracts/finance/revenue.yaml": contract(
        "revenue", "finance", "consumes: [{dataset: orders.v1, columns: [user_email]}, invoices]\n"
    ),
    "contracts/sales/orders.yaml": contract(
        "orders", "sales", "access_policy:\n  - role: marketing\n    permission: read_masked\n"
    ),
    "contracts/sales/visits.yaml": contract(
        "visits", "sales", 'accept: [{rule: naming, reason: old, until: "2026-06-30"}]\n'
    ),
}

_CONTRACTS = tuple(path for path in FILES if path.startswith("contracts/"))
_LINES = (
    "consumes: [visits]\n",
    "consumes: [sales.orders, nothing]\n",
    "access_policy: [{role: analyst, permission: read}]\n",
    "access_policy: [{role: nobody, permission: read}]\n",
    "retention_days: 30\n",
    "partition_by: [user_email]\n",
    'accept: [{rule: pii-partition, reason: r, until: "2026-06-01"}]\n',
    "status: retired\n",
    "format: xlsx\n",
    "- \n",
)
_MESHES = (
    FILES["mesh.yaml"],
    FILES["mesh.yaml"].replace("unused-role: off", "unused-role: warning"),
    FILES["mesh.yaml"].replace("grant-unused-domain: off", "grant-unused-domain: warning, naming: error"),
    FILES["mesh.yaml"].replace("sensitive: true", "sensitive: false"),
    FILES["mesh.yaml"].replace("region: eu-west-1", "region: nowhere"),
)


def _of_contract(path: str) -> st.SearchStrategy[Edit]:
    dataset = path.rpartition("/")[2].removesuffix(".yaml")
    domain = path.split("/")[1]
    written = st.sampled_from(_LINES).map(lambda line: contract(dataset, domain, line))
    renamed = st.just(contract("orders", domain))
    return st.tuples(st.just(path), st.one_of(st.none(), written, renamed))


edits: st.SearchStrategy[list[Edit]] = st.lists(
    st.one_of(
        st.sampled_from(_CONTRACTS).flatmap(_of_contract),
        st.sampled_from(("contracts/marketing/new.yaml", "contracts/sales/orders.v2.yaml")).flatmap(_of_contract),
        st.tuples(st.just("mesh.yaml"), st.sampled_from(_MESHES)),
        st.sampled_from(
            (
                ("domains/marketing.yaml", None),
                ("domains/sales.yaml", DOMAIN.format(name="sales") + "roles: {seller: {}}\n"),
                ("domains/sales.yaml", "domain: sales\n"),
                ("contracts/sales/notes.yml", "x"),
                ("contracts/stray.yaml", "x"),
                ("contracts/nowhere/orders.yaml", contract("orders", "nowhere")),
            )
        ),
    ),
    min_size=1,
    max_size=3,
)


def write(root: Path, files: dict[str, str | None]) -> Path:
    """Write files, or remove those without a text."""
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            target.unlink(missing_ok=True)
        else:
            target.write_text(text, encoding="utf-8")
    return root
