from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mesh_infra.review.model import Review
from mesh_infra.review.render.github_text import code, prose
from mesh_infra.review.render.markdown import MOST_CHARACTERS, render_markdown
from tests.review.render.reviews import (
    DESCRIBED,
    DRIFTED,
    ERROR,
    EVERYTHING,
    EXPOSED,
    HOSTILE,
    NOTHING,
    REPLACED,
    WARNING,
    reviews,
)

SHOWN = """\
### Mesh review

**1 error, 1 critical change of access, 1 breaking change, 1 resource loses data, 1 resource has drifted, 1 warning; \
2 changes in contracts, 2 in access, 3 in infrastructure**

Must approve: `team-sales@company.com`

#### Errors

- `contracts/sales/orders.yaml:6` breaks consumers: column 'amount' is removed (read by finance); \
create contracts/sales/orders.v2.yaml with 'version: v2' (`breaking-change`)

#### Who sees more

- **critical** `marketing` on `sales.orders v1` gains `user_email` (sensitive), `order_id`: \
'marketing' is a new reader (`contracts/sales/orders.yaml:12`)

#### What is lost

- **delete** `Key` `sales` of `dev`, **DATA IS LOST**

#### What has drifted

- **update** `Role` `auditor` of `dev`: `description`, **drift: the files do not change it**

<details><summary>1 more change of access</summary>

- **info** `auditor` on `sales.orders v1` loses `amount`: no longer a reader (`contracts/sales/orders.yaml:14`)

</details>

<details><summary>1 change of contracts</summary>

- **info** `orders v1`: the text changes (`contracts/sales/orders.yaml:3`)

</details>

<details><summary>Infrastructure: 1 to delete, 1 to replace, 1 to update, in 1 stack</summary>

- **delete** `Key` `sales` of `dev`, **DATA IS LOST**
- **replace** `Permissions` `sales.orders_v1.marketing` of `dev`, forced by `table`
- **update** `Role` `auditor` of `dev`: `description`, **drift: the files do not change it**

</details>

<details><summary>1 warning</summary>

- `contracts/sales/orders.yaml:9` 'phone' sounds personal; say 'pii: true' (`pii-untagged`)

</details>
"""

PARSER = MarkdownIt("gfm-like", {"linkify": False})
OURS = re.compile(r"<details><summary>[^<>]*</summary>\s*|</details>\s*|</?code>")


def tokens(markdown: str) -> list[Token]:
    found = PARSER.parse(markdown)
    return [token for block in found for token in (block, *(block.children or ()))]


def text_of(markdown: str) -> str:
    """What GitHub looks through for mentions and references: text, but not that of code."""
    shown = re.sub(r"<code>.*?</code>", "", markdown)
    return "".join(token.content for token in tokens(shown) if token.type == "text")


def test_what_matters_stands_first_and_the_rest_is_folded() -> None:
    assert render_markdown(EVERYTHING) == SHOWN


def test_nothing() -> None:
    assert render_markdown(NOTHING) == "### Mesh review\n\n**nothing changes**\n"


def test_what_could_not_be_compared_is_not_said_to_be_the_same() -> None:
    unknown = render_markdown(Review((), (), (), (ERROR,), compared=False))
    assert unknown.startswith("### Mesh review\n\n**1 error; nothing could be compared**\n")


def test_it_fits_a_comment_and_the_rest_is_counted() -> None:
    many = Review(
        contracts=tuple(replace(DESCRIBED, line=number) for number in range(2000)),
        access=tuple(replace(EXPOSED, dataset=f"d{number}", line=number) for number in range(2000)),
        infrastructure=tuple(replace(REPLACED, name=f"r{number}", stack=f"dev.d{number}") for number in range(2000)),
        findings=tuple(replace(ERROR, line=number) for number in range(90)),
    )
    shown = render_markdown(many)
    assert 59_000 < len(shown) <= MOST_CHARACTERS
    sections = re.split(r"(?m)^(?=#### |<details>)", shown)[1:]
    assert [section.splitlines()[0] for section in sections] == [
        "#### Errors",
        "#### Who sees more",
        "<details><summary>2000 changes of contracts</summary>",
        "<details><summary>Infrastructure: 2000 to replace, in 2000 stacks</summary>",
    ]
    for section, whole in zip(sections, (90, 2000, 2000, 2000), strict=True):
        items = re.findall(r"(?m)^- (?!…)", section)
        left = re.search(r"(?m)^- … and (\d+) more$", section)
        assert len(items) + (int(left[1]) if left else 0) == whole
    # The errors are all there; what matters less gives way.
    assert "… and" not in sections[0]
    assert len(sections[1]) > len(sections[2]) + len(sections[3])


def test_everybody_is_named_who_must_approve() -> None:
    few, many = (tuple(f"team-{number}@company.com" for number in range(count)) for count in (20, 200))
    shown = render_markdown(Review((), (replace(EXPOSED, approvers=few),), (), ()))
    assert f"\n\nMust approve: {', '.join(f'`{name}`' for name in sorted(few))}\n\n" in shown
    shown = render_markdown(Review((), (replace(EXPOSED, approvers=many),), (), ()))
    assert "\n\n<details><summary>Must approve: 200</summary>\n\n- `team-0@company.com`\n- `team-100@" in shown
    assert all(f"- `{name}`\n" in shown for name in many)


def test_an_owner_finds_a_dataset_that_is_only_counted_above() -> None:
    touched = tuple(replace(EXPOSED, dataset=f"d{number}") for number in range(20))
    shown = render_markdown(Review((), touched, (), ()))
    assert "`sales.d7 v1` and 12 more gains 40 columns, 20 of them sensitive" in shown
    section = shown.partition("<details><summary>20 datasets of the above, one by one</summary>\n\n")[2]
    line = "- **critical** `marketing` on `sales.d{} v1` gains `user_email` (sensitive), `order_id`\n"
    assert section.startswith("".join(line.format(number) for number in range(20)))
    assert "one by one" not in render_markdown(Review((), touched[:8], (), ()))


@given(reviews(), st.integers(3000, 12000))
@settings(max_examples=40)
def test_it_is_never_longer_than_it_may_be(review: Review, most: int) -> None:
    assert len(render_markdown(review, most)) <= most


@given(reviews())
@settings(max_examples=40)
def test_what_people_write_shows_as_itself(review: Review) -> None:
    markdown = render_markdown(review)
    assert all(line.isprintable() for line in markdown.split("\n"))
    for token in tokens(markdown):
        assert token.type not in ("link_open", "image", "fence", "code_block", "table_open", "hr", "blockquote_open")
        assert token.type not in ("em_open", "s_open", "ordered_list_open")
        if token.type in ("html_block", "html_inline"):
            assert OURS.sub("", token.content) == "", token.content
    headings = [
        t.content for t in PARSER.parse(markdown) if t.type == "inline" and t.level == 1 and t.content in _TITLES
    ]
    opened = sum(token.type == "heading_open" for token in tokens(markdown))
    assert opened == len(headings)


_TITLES = (
    "Mesh review",
    "Errors",
    "Who sees more",
    "What is no longer protected",
    "What breaks",
    "What is lost",
    "What has drifted",
)

CALLS = re.compile(r"@\w|#\d|GH-\d|https?://|www\.")


@given(reviews())
@settings(max_examples=40)
def test_nobody_is_called_and_nothing_is_referred_to(review: Review) -> None:
    assert not CALLS.search(text_of(render_markdown(review)))


def test_hostile_text_in_every_place() -> None:
    hostile = Review(
        (replace(DESCRIBED, domain=HOSTILE, dataset=HOSTILE, version=HOSTILE, message=HOSTILE, path=HOSTILE),),
        (replace(EXPOSED, role=HOSTILE, gained=(HOSTILE,), message=HOSTILE, approvers=(HOSTILE, "@acme/sales")),),
        (replace(DRIFTED, name=HOSTILE, stack=HOSTILE, inputs=(HOSTILE,)),),
        (replace(WARNING, rule=HOSTILE, message=HOSTILE, hint=HOSTILE),),
    )
    markdown = render_markdown(hostile)
    assert not CALLS.search(text_of(markdown))
    assert "<img" not in re.sub(r"`+[^`]*`+", "", markdown)
    assert markdown.count("</details>") == markdown.count("<details>")


@given(st.text())
def test_prose_shows_every_character(text: str) -> None:
    shown = PARSER.parseInline(f"x {prose(text)} x")[0].children or []
    assert all(token.type in ("text", "text_special") for token in shown)
    expected = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    assert "".join(token.content for token in shown).replace("\u200b", "") == f"x {expected} x"


@given(st.text(alphabet="`| ab\n", min_size=1))
def test_names_show_every_character(text: str) -> None:
    if "|" in text:
        assert "|" not in code(text)
        return
    (shown,) = [
        token for token in PARSER.parseInline(f"x {code(text)} x")[0].children or [] if token.type == "code_inline"
    ]
    assert shown.content.strip(" ") == text.replace("\n", "\\n").strip(" ")


def test_what_is_very_long_is_cut() -> None:
    assert len(prose("x" * 10_000)) == len(code("x" * 10_000)) - 2 == 600
