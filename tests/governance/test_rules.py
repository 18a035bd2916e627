"""Rules over meshes made from the models: for what the loader refuses already, and for rules that are not built in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mesh_infra import governance
from mesh_infra.findings import Severity
from mesh_infra.governance import (
    RULES,
    Context,
    Level,
    Order,
    Problem,
    Rule,
    Setting,
    SettingError,
    Violation,
    evaluate,
)
from mesh_infra.governance.testing import MESH, findings
from mesh_infra.spec.model import AccessEntry, Contract, OidcTrust, Permission, Role, Spec
from tests.governance.models import column, environment, small_mesh

IAM = "arn:aws:iam::111122223333"

ERRORS = {name: rule for name, rule in RULES.items() if rule.level is Level.ERROR}


def rules_broken(spec: Spec) -> list[tuple[str, Severity]]:
    return [(finding.rule, finding.severity) for finding in evaluate(spec, ERRORS)]


@pytest.mark.parametrize(
    "everybody",
    [
        "*",
        "IAM_ALLOWED_PRINCIPALS",
        "IAMAllowedPrincipals",
        "111122223333:IAMPrincipals",
        "arn:aws:iam::*:root",
        "arn:aws:iam::*:role/reader",
        f"{IAM}:role/*",
        f"{IAM}:role/team-?",
        "*.amazonaws.com",
        f"{IAM}:oidc-provider/token.actions.githubusercontent.com",
    ],
)
def test_everybody_is_no_role(everybody: str) -> None:
    places = (
        small_mesh(roles={"reader": Role(trust={"*": (everybody,)})}),
        small_mesh(roles={"reader": Role(trust={"dev": (f"{IAM}:root", everybody)})}),
        small_mesh(roles={"reader": Role(principals={"dev": (everybody,)})}),
        small_mesh(environments={"dev": environment(break_glass=(everybody,))}),
        small_mesh(environments={"dev": environment(lake_formation_admins=(everybody,))}),
    )
    for spec in places:
        assert rules_broken(spec) == [("public-role", Severity.ERROR)]


@pytest.mark.parametrize(
    ("issuer", "subject", "is_public"),
    [
        ("token.actions.githubusercontent.com", "*", True),
        ("token.actions.githubusercontent.com", "", True),
        ("token.actions.githubusercontent.com", "**", True),
        ("token.actions.githubusercontent.com", "*:*", True),
        ("token.actions.githubusercontent.com", "repo:*", True),
        ("token.actions.githubusercontent.com", "repo:*/mesh:*", True),
        ("token.actions.githubusercontent.com", "repo:acme*", True),
        ("token.actions.githubusercontent.com", "repo:acme/*", False),
        ("token.actions.githubusercontent.com", "repo:acme/mesh:ref:refs/heads/main", False),
        ("gitlab.com", "project_path:*", True),
        ("gitlab.com", "project_path:acme/*:ref_type:branch:ref:main", False),
        ("app.terraform.io", "organization:acme:project:*", False),
        ("login.acme.example", "*", True),
        ("login.acme.example", "team-*", False),
        ("*.acme.example", "team-data", True),
    ],
)
def test_a_subject_says_whose_it_is(issuer: str, subject: str, *, is_public: bool) -> None:
    trust = OidcTrust(oidc=f"{IAM}:oidc-provider/{issuer}", subject=subject)
    spec = small_mesh(roles={"ci": Role(trust={"*": (trust,)})})
    assert rules_broken(spec) == [("public-role", Severity.ERROR)] * is_public


@pytest.mark.parametrize(
    "somebody",
    [f"{IAM}:root", f"{IAM}:role/team/reader", "444455556666", "glue.amazonaws.com", f"{IAM}:saml-provider/okta"],
)
def test_somebody_is_a_role(somebody: str) -> None:
    assert not rules_broken(small_mesh(roles={"reader": Role(trust={"*": (somebody,)})}))


def test_a_producer_does_not_read_its_own_dataset_masked() -> None:
    entry = AccessEntry(role="sales_producer", permission=Permission.READ_MASKED)
    assert rules_broken(small_mesh(access_policy=(entry,))) == [("producer-masked", Severity.ERROR)]


@pytest.mark.parametrize(
    ("owner", "is_address"),
    [
        ("team-sales@company.com", True),
        ("Jean.Dupont+data@eu.company.co.uk", True),
        ("équipe@company.com", True),
        ("a@b.c", True),
        ("", False),
        ("team", False),
        ("@company.com", False),
        ("team@", False),
        ("team@company", False),
        ("team@company..com", False),
        ("team@-company.com", False),
        ("team@company.com, other@company.com", False),
        ("one@two@company.com", False),
        ("team sales@company.com", False),
        ("team\n@company.com", False),
        (f"{'a' * 65}@company.com", False),
        (f"team@{'a.' * 200}com", False),
        ("a" * 100_000 + "@", False),
    ],
)
def test_an_owner_is_an_address(owner: str, *, is_address: bool) -> None:
    assert rules_broken(small_mesh(owner=owner)) == [("owner-contact", Severity.ERROR)] * (not is_address)


def test_a_finding_stays_on_its_line_whatever_it_quotes() -> None:
    (finding,) = evaluate(small_mesh(owner="team\n\x1b[31m" + "x" * 1000), ERRORS)
    assert str(finding).isprintable()
    assert len(str(finding)) < 300


class TestEveryRule:
    @pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
    def test_says_what_it_is_for(self, rule: Rule[Contract]) -> None:
        for text in (rule.summary, rule.rationale, rule.example, rule.remedy):
            assert text.strip() == text.rstrip("\n")
            assert text.isprintable() or text in (rule.example, rule.remedy)

    def test_is_listed_by_its_name(self) -> None:
        assert {name: rule.name for name, rule in RULES.items()} == {name: name for name in RULES}
        assert {name for name, rule in RULES.items() if rule.fixed} == {"pii-partition", "producer-masked"}
        assert "evaluate" in governance.__all__


def _at_least(value: object) -> int:
    if not isinstance(value, int):
        raise SettingError(Problem(f"must be a number, not {value!r}"))
    return value


def _own_check(context: Context[Contract]) -> Iterator[Violation]:
    least, most = (context.settings.get(name, default) for name, default in (("least", 0), ("most", 99)))
    count = len(context.subject.columns)
    if not least <= count <= most:
        yield Violation(("schema",), f"{count} columns")


OWN = Rule(
    name="columns",
    subjects=(Contract,),
    check=_own_check,
    summary="",
    rationale="",
    example="",
    remedy="",
    level=Level.OFF,
    settings=(Setting("least", "", Order.AT_LEAST, _at_least), Setting("most", "", Order.AT_MOST, _at_least)),
)


def _own(organization: object, domain: object) -> list[str]:
    governance_of = [{} if value is None else {"columns": value} for value in (organization, domain)]
    spec = small_mesh([column("a"), column("b")], governance=governance_of[0], of_domain=governance_of[1])
    return [f"{f.severity} {f.message} [{f.rule}]" for f in evaluate(spec, {"columns": OWN})]


@pytest.mark.parametrize(
    ("organization", "domain", "found"),
    [
        (None, None, []),
        (None, "error", []),
        ({"least": 3}, None, ["error 2 columns [columns]"]),
        ({"least": 3, "severity": "warning"}, None, ["warning 2 columns [columns]"]),
        ({"least": 3, "severity": "off"}, None, []),
        ({"least": 3, "severity": "off"}, "warning", ["warning 2 columns [columns]"]),
        ({"least": 3, "severity": "off"}, {"most": 9}, ["error 2 columns [columns]"]),
        ({"least": 1}, {"least": 3}, ["error 2 columns [columns]"]),
        ({"most": 9}, {"most": 1}, ["error 2 columns [columns]"]),
        ({"most": 1}, {"least": 2}, ["error 2 columns [columns]"]),
        (
            {"least": 3},
            {"least": 1},
            [
                "error 'least' is not at least 3, which mesh.yaml:1 sets for the organisation [governance-weaker]",
                "error 2 columns [columns]",
            ],
        ),
        (
            {"most": 3},
            {"most": 4},
            ["error 'most' is not at most 3, which mesh.yaml:1 sets for the organisation [governance-weaker]"],
        ),
        ({"least": "x"}, None, ["error 'least' must be a number, not 'x' [governance-value]"]),
    ],
)
def test_a_rule_of_ones_own(organization: object, domain: object, found: list[str]) -> None:
    assert sorted(_own(organization, domain)) == sorted(found)


DEFAULTS = {
    "dataset": "orders",
    "version": "v1",
    "owner": "team-sales@company.com",
    "schema": "[{name: order_id, type: string}]",
}
SETTINGS = {
    "pii-explicit": "error",
    "pii-read": "{allowed: [fraud]}",
    "naming": "{datasets: [domain-prefix]}",
    "formats": "{allowed: [parquet, delta]}",
}


@pytest.mark.parametrize(
    "name",
    [
        "description-required",
        "formats",
        "naming",
        "owner-contact",
        "pii-explicit",
        "pii-partition",
        "pii-read",
        "pii-untagged",
        "producer-masked",
        "retention-required",
        "shared-principal",
        "sla-required",
    ],
)
def test_the_example_of_a_rule_breaks_it_and_the_remedy_does_not(name: str) -> None:
    assert _found_in(RULES[name], RULES[name].example)
    assert not _found_in(RULES[name], RULES[name].remedy)


def _found_in(rule: Rule[Contract], text: str) -> list[str]:
    """What a rule finds in a contract with the lines of ``text``; where roles share a principal, all of them do."""
    given = {line.partition(":")[0] for line in text.splitlines()}
    head = "".join(f"{key}: {value}\n" for key, value in DEFAULTS.items() if key not in given)
    arn = "arn:aws:iam::111122223333:role/analyst"
    roles = "".join(f'  {role}: {{principals: ["{arn}"]}}\n' for role in ("crm", "fraud", "etl"))
    path = f"contracts/sales/{'sales_orders' if 'sales_orders' in text else 'orders'}.yaml"
    files = {
        "mesh.yaml": f"{MESH}roles:\n{roles}governance:\n  {rule.name}: {SETTINGS.get(rule.name, 'error')}\n",
        "domains/marketing.yaml": "domain: marketing\nowner: team-marketing@company.com\n",
        path: head + text.replace("sales_producer", "etl"),
    }
    if rule.name == "producer-masked":
        files["domains/sales.yaml"] = (
            f'domain: sales\nowner: team-sales@company.com\nroles: {{sales_producer: {{principals: ["{arn}"]}}}}\n'
        )
    return findings(rule, files)
