"""Which environment of HEAD is which of BASE: by where it is on AWS, then by its name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from mesh_infra.spec.model import Environment, Mesh

PairOfNames = tuple[str | None, str | None]
"""What an environment is called in BASE and in HEAD; None where it is not there."""

_Named = tuple[str, Environment]


def pair_environments(base: Mesh, head: Mesh) -> tuple[PairOfNames, ...]:
    """Every environment of both sides, once.

    Buckets, keys and tables are named after prefix, account and region: an environment that keeps these is the same
    one, whatever it is called, and what it is called counts only where nothing else speaks.
    """
    old, new = dict(base.environments), dict(head.environments)
    pairs: list[PairOfNames] = []
    for sign in (_name_and_home, _home, _name):
        for before, after in _alike(old.items(), new.items(), sign):
            pairs.append((before, after))
            del old[before], new[after]
    return (*pairs, *((name, None) for name in old), *((None, name) for name in new))


def new_names(base: Mesh, head: Mesh) -> dict[str, str]:
    """What environments of BASE are called in HEAD that are only called otherwise."""
    return {
        old: new
        for old, new in pair_environments(base, head)
        if old and new and old not in head.environments and new not in base.environments
    }


def _alike(olds: Iterable[_Named], news: Iterable[_Named], sign: Callable[[_Named], Hashable]) -> list[tuple[str, str]]:
    """Pairs of names with the same sign, each name in one of them."""
    waiting: dict[Hashable, list[str]] = {}
    for one in news:
        waiting.setdefault(sign(one), []).append(one[0])
    return [(one[0], waiting[sign(one)].pop(0)) for one in olds if waiting.get(sign(one))]


def _name(one: _Named) -> Hashable:
    return one[0]


def _home(one: _Named) -> Hashable:
    return one[1].prefix, one[1].account, one[1].region


def _name_and_home(one: _Named) -> Hashable:
    return _name(one), _home(one)
