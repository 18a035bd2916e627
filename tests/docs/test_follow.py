"""A page that is not true is found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.follow import Reader, fits, held
from tests.docs.pages import Page

WRONG = {
    "output": "```console\n$ echo a\nb\n```\n",
    "missing output": "```console\n$ echo a\n```\n",
    "failure unsaid": "```console\n$ false\n```\n",
    "failure in a pipe": "```console\n$ false | true\n```\n",
    "failure unsaid between": "```console\n$ false\n$ true\n```\n",
    "edit of nothing": "```text\n# a.txt\nb\n```\n\n```diff\n--- a/a.txt\n+++ b/a.txt\n@@\n-c\n+d\n```\n",
}
TRUE = """\
```text
# folder/a.txt
one
two
three
```

```diff
--- a/folder/a.txt
+++ b/folder/a.txt
@@
 one
-two
+2
```

```console
$ cd folder
$ cat a.txt
# folder/a.txt
...
2
three
$ false
$ echo $?
1
```
"""


def page(root: Path, text: str) -> Page:
    (root / "page.md").write_text(text, encoding="utf-8")
    return Page(str(root / "page.md"))


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_wrong_fails(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UPDATE_DOCS", raising=False)
    with pytest.raises(AssertionError):
        held(Reader(tmp_path), page(tmp_path, text))


def test_what_is_true_holds(tmp_path: Path) -> None:
    held(Reader(tmp_path), page(tmp_path, TRUE))
    assert (tmp_path / "folder/a.txt").read_text() == "# folder/a.txt\none\n2\nthree\n"


def test_outputs_are_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPDATE_DOCS", "1")
    written = page(tmp_path, "Before\n\n```console\n$ echo a\nb\n$ echo c\n...\n```\n\nAfter\n")
    held(Reader(tmp_path), written)
    assert written.path.read_text() == "Before\n\n```console\n$ echo a\na\n$ echo c\n...\n```\n\nAfter\n"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [("a b c", True), ("... c", True), ("a ...", True), ("a ... c", True), ("a", False), ("... b", False)],
)
def test_dots_stand_for_any_lines(shown: str, expected: bool) -> None:
    assert fits(shown.split(), ["a", "b", "c"]) is expected
