"""Laws of editing `access_policy`, over contracts written in many ways."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mesh_infra.authoring.policy_text import with_entry, without_entry
from mesh_infra.spec.source import Source
from mesh_infra.spec.yaml import load_mapping

ROLES = ("alpha", "beta", "gamma")
ENTRY = {"role": "newcomer", "permission": "read_masked"}
comments = st.sampled_from(["", " # why", "   #  why: é 😀"])


@st.composite
def entries(draw: st.DrawFn, column: int, offset: int, role: str) -> list[str]:
    dash = " " * column + "-" + " " * (offset - 1)
    if draw(st.booleans()):
        pad = draw(st.sampled_from(["", " "]))
        return [f"{dash}{{{pad}role: {role}, permission: read{pad}}}{draw(comments)}"]
    keys = [f"role: {draw(st.sampled_from(['', chr(34), chr(39)]))}", "permission: read"]
    quote = keys[0].removeprefix("role: ")
    keys[0] = f"role: {quote}{role}{quote}"
    if draw(st.booleans()):
        keys.append("purpose: 'is it? yes, \"so\"'")
    keys = draw(st.permutations(keys))
    margin = " " * (column + offset)
    return [f"{dash if number == 0 else margin}{key}{draw(comments)}" for number, key in enumerate(keys)]


@st.composite
def policies(draw: st.DrawFn) -> list[str]:
    roles = ROLES[: draw(st.integers(1, 3))]
    if draw(st.integers(0, 3)) == 0:
        inside = ", ".join(f"{{role: {role}, permission: read}}" for role in roles)
        return [f"access_policy: [{inside}]{draw(comments)}"]
    column, offset = draw(st.integers(0, 6)), draw(st.integers(2, 5))
    lines = [f"access_policy:{draw(comments)}"]
    for role in roles:
        lines.extend(draw(st.sampled_from([[], ["# a comment"], [""]])))
        lines.extend(draw(entries(column, offset, role)))
    return lines


@st.composite
def contracts(draw: st.DrawFn) -> str:
    head = ["dataset: orders", "version:   'v1'", 'owner: "team" # us']
    schema = ["schema:", *draw(st.sampled_from([["- name: a", "  type: string"], ["    - {name: a,  type: string}"]]))]
    parts = [head, schema, *draw(st.lists(st.sampled_from([["# end"], [""], ["title: x"]]), max_size=1))]
    policy = draw(st.one_of(st.none(), policies()))
    if policy:
        parts.insert(draw(st.integers(1, len(parts))), policy)
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = newline.join(line for part in parts for line in part)
    return text + draw(st.sampled_from(["", newline]))


def said(text: str) -> dict[str, object]:
    data, problems = load_mapping(Source("orders.yaml", text))
    assert not problems, (problems, text)
    assert data is not None
    return dict(data)


@given(contracts())
def test_what_is_granted_is_said_and_nothing_else_changes(text: str) -> None:
    before, after = said(text), said(with_entry(text, ENTRY))
    policy = before.pop("access_policy", [])
    assert isinstance(policy, list)
    assert after.pop("access_policy") == [*policy, ENTRY]
    assert after == before


@given(contracts())
def test_a_grant_that_is_revoked_gives_back_the_bytes(text: str) -> None:
    assert without_entry(with_entry(text, ENTRY), ENTRY["role"]) == text


@given(contracts())
def test_granting_twice_is_granting_once(text: str) -> None:
    once = with_entry(text, ENTRY)
    assert with_entry(once, ENTRY) == once


@given(contracts(), st.sampled_from(ROLES))
def test_a_change_there_and_back_gives_back_the_bytes(text: str, role: str) -> None:
    data = said(text)
    policy = data.get("access_policy", [])
    assert isinstance(policy, list)
    if role in [entry["role"] for entry in policy]:
        masked = with_entry(text, {"role": role, "permission": "read_masked"})
        assert masked != text
        assert with_entry(masked, {"role": role, "permission": "read"}) == text


@given(contracts(), st.sampled_from(ROLES))
def test_what_is_revoked_is_not_said_and_nothing_else_changes(text: str, role: str) -> None:
    before, after = said(text), said(without_entry(text, role))
    policy = before.pop("access_policy", [])
    assert isinstance(policy, list)
    assert after.pop("access_policy", []) == [entry for entry in policy if entry["role"] != role]
    assert after == before
