"""What a document says beyond another, in the same shape: what our format cannot hold of the standard.

A part that is a mapping says more about the mapping that it is laid over, null that a key is not there, anything else
what stands there. Lists whose entries have names become mappings by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mesh_infra.spec.document import Yaml

Rest = dict[str, Yaml]

_NAMES: Mapping[str, tuple[str, ...]] = {
    "properties": ("physicalName", "name"),
    "roles": ("role",),
    "slaProperties": ("property",),
    "customProperties": ("property",),
    "team": ("username",),
    "members": ("username",),
}
"""Lists whose entries have names, and where those stand."""

_OURS_ALONE = frozenset(("properties", "roles"))
"""Lists of which our format holds every entry: one that it has no more is gone."""

_WHOLE = frozenset(("property", "username"))
"""What an entry says that our format never held: it stays or goes as a whole."""

_TABLES = "schema"
"""A list with one entry, since our format has one table in a file."""

_FEW = 32
"""Up to how many pieces it is tried whether one alone is to blame: each try reads the whole document."""

_ANYTHING = "value"
"""What a custom property holds is taken as a whole."""


def difference(base: Mapping[str, Yaml], wanted: Mapping[str, Yaml]) -> Rest:
    """What has to be laid over ``base`` to get ``wanted``; empty where they are the same."""
    rest: Rest = {}
    for key, value in wanted.items():
        if key not in base:
            rest[key] = value
        elif value != base[key]:
            rest[key] = _changed(key, base[key], value)
    return rest | {key: None for key in base if key not in wanted}


def _changed(key: str, base: Yaml, wanted: Yaml) -> Yaml:
    if key == _TABLES:
        return _changed("", _only(base), _only(wanted))
    if isinstance(base, dict) and isinstance(wanted, dict) and key != _ANYTHING:
        return difference(base, wanted)
    old, new = _by_name(key, base), _by_name(key, wanted)
    if old is None or new is None or (key in _OURS_ALONE and list(old) != list(new)):
        return wanted
    if key in _OURS_ALONE:
        return {name: difference(old[name], new[name]) for name in new if old[name] != new[name]}
    kept: Rest = {name: difference(old[name], item) if name in old else item for name, item in new.items()}
    return kept | {name: None for name in old if name not in new}


def laid_over(base: Mapping[str, Yaml], rest: Mapping[str, Yaml]) -> dict[str, Yaml]:
    """``base`` with what ``rest`` says beyond it."""
    merged = {key: value for key, value in base.items() if rest.get(key, key) is not None}
    for key, more in rest.items():
        if more is not None:
            merged[key] = _merged(key, base.get(key), more)
    # Where nothing of what something was to be laid over is left, there is nothing to say.
    return {key: value for key, value in merged.items() if value not in ({}, []) or key in base or not rest[key]}


def _merged(key: str, base: Yaml, more: Yaml) -> Yaml:
    if key == _TABLES and isinstance(more, dict):
        table = _only(base)
        return [laid_over(table if isinstance(table, dict) else {}, more)]
    if not isinstance(more, dict) or key == _ANYTHING:
        return more
    if isinstance(base, dict):
        return laid_over(base, more)
    entries = _by_name(key, base or [])
    by_name = entries is not None and all(about is None or isinstance(about, dict) for about in more.values())
    return _merged_list(key, entries, more) if entries is not None and by_name else more


def _merged_list(key: str, entries: dict[str, dict[str, Yaml]], more: Rest) -> list[Yaml]:
    if key in _OURS_ALONE:
        return [
            laid_over(entry, about) if isinstance(about := more.get(name), dict) else entry
            for name, entry in entries.items()
        ]
    listed: list[Yaml] = []
    for name, about in more.items():
        if not isinstance(about, dict):
            continue
        if name in entries:
            listed.append(laid_over(entries[name], about))
        elif not _WHOLE.isdisjoint(about):
            listed.append(about)
    return [*listed, *(entry for name, entry in entries.items() if name not in more)]


def _only(tables: Yaml) -> Yaml:
    return tables[0] if isinstance(tables, list) and tables else None


def _by_name(key: str, listed: Yaml) -> dict[str, dict[str, Yaml]] | None:
    """The entries by their names; None where they have none, or one twice."""
    if key not in _NAMES or not isinstance(listed, list):
        return None
    found: dict[str, dict[str, Yaml]] = {}
    for entry in listed:
        name = next((entry[k] for k in _NAMES[key] if entry.get(k)), None) if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(name, str) or name in found:
            return None
        found[name] = entry
    return found


def as_far_as(
    base: Mapping[str, Yaml], rest: Rest, fits: Callable[[dict[str, Yaml]], bool]
) -> tuple[dict[str, Yaml], tuple[str, ...]]:
    """``base`` with as much of ``rest`` as ``fits``, and the paths of what does not: which our format has overtaken.

    ``base`` alone has to fit.
    """
    kept, lost = _most(rest, lambda pieces: fits(laid_over(base, pieces)))
    return laid_over(base, kept), tuple(lost)


def _most(rest: Rest, fits: Callable[[Rest], bool]) -> tuple[Rest, list[str]]:
    """As much of ``rest`` as fits, and the paths of the others."""
    if fits(rest):
        return rest, []
    for key in rest if len(rest) <= _FEW else ():
        others = {other: value for other, value in rest.items() if other != key}
        if fits(others):
            return _part_of(key, rest, others, fits)
    return _grown(rest, fits)


def _part_of(key: str, rest: Rest, others: Rest, fits: Callable[[Rest], bool]) -> tuple[Rest, list[str]]:
    """``others``, which fit, with as much as can be of what stands at ``key``, which does not fit as a whole."""
    value = rest[key]
    if value is None:
        return others, []
    if not isinstance(value, dict) or key == _ANYTHING or not _WHOLE.isdisjoint(value):
        return others, [key]
    inner, lost = _most(value, lambda pieces: fits({**others, key: pieces}))
    return ({**others, key: inner} if inner else others), [f"{key}.{path}" for path in lost]


def _grown(rest: Rest, fits: Callable[[Rest], bool]) -> tuple[Rest, list[str]]:
    """Where several pieces are to blame: half of them, then half of that, and once more, as one may need another."""
    kept: Rest = {}
    left = list(rest)
    while left and (taken := _taken(left, kept, rest, fits)):
        kept = {key: rest[key] for key in rest if key in kept or key in taken}
        left = [key for key in left if key not in taken]
    lost: list[str] = []
    for key in left:
        kept, more = _part_of(key, rest, kept, fits)
        lost.extend(more)
    return kept, lost


def _taken(keys: list[str], kept: Rest, rest: Rest, fits: Callable[[Rest], bool]) -> list[str]:
    """Those of ``keys`` that fit beside ``kept``, tried together as far as can be."""
    if fits({**kept, **{key: rest[key] for key in keys}}):
        return keys
    if len(keys) == 1:
        return []
    half = len(keys) // 2
    first = _taken(keys[:half], kept, rest, fits)
    return [*first, *_taken(keys[half:], {**kept, **{key: rest[key] for key in first}}, rest, fits)]
