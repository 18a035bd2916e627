"""Reviews made by hand, and reviews made of anything that people may write."""

from __future__ import annotations

from hypothesis import strategies as st

from mesh_infra.findings import Finding, Severity
from mesh_infra.review.model import AccessChange, ContractChange, Impact, InfrastructureChange, Review

ORDERS = "contracts/sales/orders.yaml"
OWNER = "team-sales@company.com"
KEY = "aws:kms/key:Key"
PERMISSIONS = "aws:lakeformation/permissions:Permissions"

NOTHING = Review((), (), (), ())

BREAKING = ContractChange(
    "orders", "v1", "column-removed", True, Impact.HIGH, "column 'amount' is removed (read by finance)", ORDERS, 6
)
DESCRIBED = ContractChange("orders", "v1", "description-changed", False, Impact.INFO, "the text changes", ORDERS, 3)
EXPOSED = AccessChange(
    role="marketing",
    dataset="orders",
    version="v1",
    severity=Impact.CRITICAL,
    gained=("order_id", "user_email"),
    lost=(),
    sensitive=("user_email",),
    message="'marketing' is a new reader",
    approvers=(OWNER,),
    path=ORDERS,
    line=12,
    domain="sales",
)
WITHDRAWN = AccessChange(
    "auditor", "orders", "v1", Impact.INFO, (), ("amount",), (), "no longer a reader", (OWNER,), ORDERS, 14, "sales"
)
KEY_GONE = InfrastructureChange("dev", "delete", KEY, "sales", (), (), True)
REPLACED = InfrastructureChange(
    "dev", "replace", PERMISSIONS, "sales.orders_v1.marketing", ("table", "permissions"), ("table",), False
)
DRIFTED = InfrastructureChange("dev", "update", "aws:iam/role:Role", "auditor", ("description",), (), False, True)
ERROR = Finding(
    "breaking-change",
    Severity.ERROR,
    ORDERS,
    6,
    5,
    "breaks consumers: column 'amount' is removed (read by finance)",
    "create contracts/sales/orders.v2.yaml with 'version: v2'",
)
WARNING = Finding("pii-untagged", Severity.WARNING, ORDERS, 9, 5, "'phone' sounds personal", "say 'pii: true'")

EVERYTHING = Review((BREAKING, DESCRIBED), (WITHDRAWN, EXPOSED), (KEY_GONE, REPLACED, DRIFTED), (WARNING, ERROR))

HOSTILE = (
    "\x1b[31mred\u202e\u200b <img src=x onerror=alert(1)> </details> <!-- | a | [click](http://evil.example) "
    "![x](y) @acme/sales @octocat #12 GH-7 acme/mesh#3 https://evil.example www.evil.example team@evil.example "
    "`code` **bold** _it_ ~~s~~ $x$ &lt; \\| \n\n# heading\n- item\r\n::error::injected %0A 100%"
)

_NAMES = st.one_of(st.text(max_size=40), st.sampled_from((HOSTILE, "orders", "`", "``` |", " ", "a|b")))
_LINES = st.integers(0, 5000)
_IMPACTS = st.sampled_from(Impact)
_LISTS = st.lists(_NAMES, max_size=12).map(tuple)


def reviews() -> st.SearchStrategy[Review]:
    """Anything, wherever people's own words can come to stand."""
    contracts = st.builds(
        ContractChange,
        _NAMES,
        _NAMES,
        st.sampled_from(("column-removed", "x")),
        st.booleans(),
        _IMPACTS,
        _NAMES,
        _NAMES,
        _LINES,
        _LISTS,
        _NAMES,
    )
    access = st.builds(
        AccessChange, _NAMES, _NAMES, _NAMES, _IMPACTS, _LISTS, _LISTS, _LISTS, _NAMES, _LISTS, _NAMES, _LINES, _NAMES
    )
    infrastructure = st.builds(
        InfrastructureChange,
        _NAMES,
        st.sampled_from(("create", "update", "replace", "delete")),
        _NAMES,
        _NAMES,
        _LISTS,
        _LISTS,
        st.booleans(),
        st.booleans(),
    )
    findings = st.builds(
        Finding,
        st.sampled_from(("pii-untagged", "own")),
        st.sampled_from(Severity),
        _NAMES,
        _LINES,
        _LINES,
        _NAMES,
        _NAMES,
    )
    return st.builds(
        Review,
        *(st.lists(part, max_size=6).map(tuple) for part in (contracts, access, infrastructure, findings)),
        approvers=_LISTS,
    )
