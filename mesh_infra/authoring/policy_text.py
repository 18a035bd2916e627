"""Edits of ``access_policy``, or ODCS's ``roles``, in the text of a contract: what is not edited keeps every byte.

The places come from YAML's own parser, so that comments, quotes and any indentation stay as they are; writing the whole
document anew would not keep them. Whoever calls must read the result and compare what it says: a text that is written
so oddly that an edit goes wrong is not to be kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from mesh_infra.authoring.yaml_text import newline_of, scalar

KEY = "access_policy"

Entry = Mapping[str, str]
"""The keys of an entry and their values, in the order in which they are written."""


def with_entry(text: str, entry: Entry, listing: str = KEY) -> str:
    """The contract with ``entry`` in the list at the key ``listing``.

    Changed where its role has one, else appended; keys that it lacks stay.
    """
    root = _root(text)
    found = _find(root, listing)
    if found is None:
        return _with_list(text, root, listing, entry)
    key, node = found
    if not isinstance(node, SequenceNode) or not node.value:
        return _filled(text, root, key, node, entry)
    index = _index(node, entry["role"])
    if index is not None:
        return _changed(text, node.value[index], listing, entry)
    return _appended_in_brackets(text, node, entry) if _in_brackets(node) else _appended(text, node, entry)


def without_entry(text: str, role: str, listing: str = KEY) -> str:
    """The contract without the entry of ``role`` in the list at the key ``listing``; the same text if there is none."""
    root = _root(text)
    found = _find(root, listing)
    index = _index(found[1], role) if found and isinstance(found[1], SequenceNode) else None
    if found is None or index is None:
        return text
    key, node = found
    items = node.value
    if len(items) > 1:
        return _removed_from_brackets(text, items, index) if _in_brackets(node) else _removed(text, items[index])
    if _in_brackets(node):
        return text[: _start(node)] + "[]" + text[_end(text, node) :]
    return _without_list(text, key, items[0])


def _root(text: str) -> MappingNode:
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    if not isinstance(root, MappingNode):
        raise TypeError("a contract that was read is a mapping")
    return root


def _find(mapping: Node, key: str) -> tuple[Node, Node] | None:
    pairs = mapping.value if isinstance(mapping, MappingNode) else []
    return next(((name, value) for name, value in pairs if name.value == key), None)


def _index(listing: Node, role: str) -> int | None:
    for index, item in enumerate(listing.value):
        found = _find(item, "role")
        if found is not None and found[1].value == role:
            return index
    return None


def _start(node: Node) -> int:
    return int(node.start_mark.index)


def _end(text: str, node: Node) -> int:
    """Where the last character that belongs to a value ends: not the comments and blank lines behind it."""
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        return len(text[: node.end_mark.index].rstrip())
    if isinstance(node, ScalarNode) or _in_brackets(node) or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(text, last[1] if isinstance(last, tuple) else last)


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _next_line(text: str, at: int) -> int:
    stop = text.find("\n", at)
    return len(text) if stop < 0 else stop + 1


def _below(text: str, at: int, lines: Sequence[str]) -> str:
    """The text with ``lines`` below the line that ``at`` is in; a last line without an end stays one."""
    newline = newline_of(text)
    stop = text.find("\n", at)
    if stop < 0:
        return text + "".join(newline + line for line in lines)
    return text[: stop + 1] + "".join(line + newline for line in lines) + text[stop + 1 :]


def _in_brackets(node: Node) -> bool:
    return isinstance(node, CollectionNode) and bool(node.flow_style)


def _in_braces(entry: Entry, pad: str = "") -> str:
    return "{" + pad + ", ".join(f"{key}: {scalar(value)}" for key, value in entry.items()) + pad + "}"


def _as_lines(entry: Entry, column: int, offset: int) -> list[str]:
    """An entry of a list: its dash stands at ``column``, its keys ``offset`` to the right of that."""
    first, *others = (f"{key}: {scalar(value)}" for key, value in entry.items())
    dash = " " * column + "-" + " " * (offset - 1)
    return [dash + first, *(" " * (column + offset) + other for other in others)]


def _indentation(root: MappingNode) -> int:
    """Where the dashes of a list stand in this file."""
    columns = [v.start_mark.column for _, v in root.value if isinstance(v, SequenceNode) and not _in_brackets(v)]
    return columns[0] if columns else int(root.start_mark.column) + 2


def _with_list(text: str, root: MappingNode, listing: str, entry: Entry) -> str:
    """A list at the end, which a blank line sets apart."""
    if _in_brackets(root):
        at = _end(text, root.value[-1][1])
        return f"{text[:at]}, {listing}: [{_in_braces(entry)}]{text[at:]}"
    lines = ["", " " * root.start_mark.column + f"{listing}:", *_as_lines(entry, _indentation(root), 2)]
    newline = newline_of(text)
    if text.endswith("\n"):
        return text + "".join(line + newline for line in lines)
    return text + "".join(newline + line for line in lines)


def _filled(text: str, root: MappingNode, key: Node, node: Node, entry: Entry) -> str:
    """A list in place of an empty one."""
    if _in_brackets(root):
        return text[: _start(node)] + f"[{_in_braces(entry)}]" + text[_end(text, node) :]
    colon = text.index(":", key.end_mark.index) + 1
    emptied = text[:colon] + text[_end(text, node) :]
    return _below(emptied, colon, _as_lines(entry, _indentation(root), 2))


def _appended(text: str, node: SequenceNode, entry: Entry) -> str:
    last = node.value[-1]
    column = node.start_mark.column
    offset = max(last.start_mark.column - column, 2)
    if _in_brackets(last):
        pad = " " if text[_start(last) + 1] == " " else ""
        lines = [" " * column + "-" + " " * (offset - 1) + _in_braces(entry, pad)]
    else:
        lines = _as_lines(entry, column, offset)
    return _below(text, _end(text, last), lines)


def _appended_in_brackets(text: str, node: SequenceNode, entry: Entry) -> str:
    last = node.value[-1]
    at = _end(text, last)
    pad = " " if text[_start(last) + 1] == " " else ""
    on_own_line = last.start_mark.line > node.start_mark.line
    gap = newline_of(text) + " " * last.start_mark.column if on_own_line else " "
    return f"{text[:at]},{gap}{_in_braces(entry, pad)}{text[at:]}"


def _changed(text: str, item: Node, listing: str, entry: Entry) -> str:
    for key, value in entry.items():
        found = _find(item, key)
        if found is None:
            continue
        node = found[1]
        style = node.style if isinstance(node, ScalarNode) else None
        quote = style if style in ("'", '"') and scalar(value) == value else ""
        if node.value != value:
            text = (
                text[: _start(node)]
                + (f"{quote}{value}{quote}" if quote else scalar(value))
                + text[node.end_mark.index :]
            )
            return with_entry(text, entry, listing)  # every place behind it has moved
    missing = {key: value for key, value in entry.items() if _find(item, key) is None}
    at = _end(text, item.value[-1][1])
    if _in_brackets(item):
        return text[:at] + "".join(f", {key}: {scalar(value)}" for key, value in missing.items()) + text[at:]
    return _below(text, at, [" " * item.start_mark.column + f"{k}: {scalar(v)}" for k, v in missing.items()])


def _removed(text: str, item: Node) -> str:
    dash = text.rindex("-", 0, _start(item))
    return _cut(text, _line_start(text, dash), _next_line(text, _end(text, item)))


def _cut(text: str, start: int, stop: int) -> str:
    """The text without some whole lines; where its last line had no end, the one that is last now has none."""
    before = text[:start]
    if stop == len(text) and not text.endswith("\n"):
        before = before.removesuffix("\n").removesuffix("\r")
    return before + text[stop:]


def _removed_from_brackets(text: str, items: Sequence[Node], index: int) -> str:
    if index:
        return text[: _end(text, items[index - 1])] + text[_end(text, items[index]) :]
    return text[: _start(items[0])] + text[_start(items[1]) :]


def _without_list(text: str, key: Node, item: Node) -> str:
    """Without the key too; where a comment stands at it, the list stays and is empty."""
    start = _line_start(text, _start(key))
    dash = text.rindex("-", 0, _start(item))
    if "#" in text[key.end_mark.index : dash]:
        colon = text.index(":", key.end_mark.index) + 1
        return text[:colon] + " []" + _removed(text, item)[colon:]
    stop = _next_line(text, _end(text, item))
    at_end = stop == len(text)
    above = text[:start].removesuffix("\n").removesuffix("\r")
    if above.endswith("\n") and (at_end or not text[stop : _next_line(text, stop)].strip()):
        start = len(above)
    return _cut(text, start, stop)
