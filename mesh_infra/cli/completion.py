"""What the Tab key offers for an argument or option: names of the mesh around, however much of it is wrong.

Shells call `mesh` for it, with the words so far, at each press of the key. So nothing is checked and as little as
possible read, nobody's rules are run, and what cannot be known is not offered: an error message here would end up in
the middle of a line that somebody types.
"""

# ruff: noqa: PLC0415 - the modules that read a mesh are for whoever presses the key

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import wraps
from pathlib import Path

import typer

from mesh_infra.cli.call import Call, Format
from mesh_infra.spec.tree import Disk, Kind

Offer = Callable[[typer.Context, str], list[str]]
"""Is given the context and the word so far; what it returns begins with that word."""


_HARMLESS = re.compile(r"[\w.,-]+", re.ASCII)
"""What a name may be made of: some shells evaluate what they are offered, and anybody can name a file."""


def _offered(find: Callable[[typer.Context, str], Iterable[str]]) -> Offer:
    @wraps(find)
    def offer(ctx: typer.Context, incomplete: str) -> list[str]:
        found = set()
        with suppress(Exception):  # whatever it is, this is no place to say it; what was found before is of use
            for name in find(ctx, incomplete):
                if name.startswith(incomplete) and _HARMLESS.fullmatch(name):
                    found.add(name)
        return sorted(found)

    return offer


@_offered
def datasets(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """Datasets, with their domain once a point is typed. A contract's file is called as its dataset."""
    disk = _disk(ctx)
    for domain in _names(disk, "contracts", Kind.FOLDER):
        for stem in _stems(disk, f"contracts/{domain}"):
            yield stem
            if "." in incomplete:
                yield f"{domain}.{stem}"


@_offered
def domains(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001 - all take the same
    """Domains."""
    yield from _stems(_disk(ctx), "domains")


@_offered
def scopes(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001 - all take the same
    """What can be provisioned by itself."""
    yield from ("platform", *_stems(_disk(ctx), "domains"))


@_offered
def several_scopes(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """The same in a list with commas, of which the last is not finished; none twice."""
    before, comma, _ = incomplete.rpartition(",")
    for name in ("platform", *_stems(_disk(ctx), "domains")):
        if name not in before.split(","):
            yield f"{before}{comma}{name}"


@_offered
def roles(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001 - all take the same
    """Roles of mesh.yaml and of domains; every domain is one, and has a producer."""
    disk = _disk(ctx)
    yield from _keys(disk, "mesh.yaml", "roles")
    for domain in _stems(disk, "domains"):
        yield from (domain, f"{domain}_producer", *_keys(disk, f"domains/{domain}.yaml", "roles"))


@_offered
def environments(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001 - all take the same
    """Environments of mesh.yaml, and the local one."""
    yield "local"
    yield from _keys(_disk(ctx), "mesh.yaml", "environments")


@_offered
def formats(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001 - all take the same
    """The formats that the command knows."""
    yield from getattr(ctx.command, "formats", Format)


@_offered
def rules(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001 - all take the same
    """The built-in rules: to know the organisation's own is to run them."""
    from mesh_infra.governance.rules import RULES

    yield from RULES


@_offered
def file_kinds(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001 - all take the same
    """The kinds of file that have a JSON Schema."""
    yield from ("mesh", "domain", "contract")


def _disk(ctx: typer.Context) -> Disk:
    return Disk(Call(directory=_directory(ctx)).root())


def _directory(ctx: typer.Context) -> Path | None:
    """The directory of -C, after the command's name or before it."""
    named = ctx.params.get("directory") or ctx.find_root().params.get("directory")
    return Path(named) if named else None


def _names(disk: Disk, folder: str, kind: Kind) -> list[str]:
    return [entry.name for entry in disk.entries(folder) if entry.kind is kind]


def _stems(disk: Disk, folder: str) -> list[str]:
    return [name.removesuffix(".yaml") for name in _names(disk, folder, Kind.FILE) if name.endswith(".yaml")]


def _keys(disk: Disk, path: str, key: str) -> Iterator[str]:
    """The keys of the mapping at ``key`` of a file; none where there is no such thing."""
    from mesh_infra.spec.files import MAX_BYTES
    from mesh_infra.spec.source import Source
    from mesh_infra.spec.yaml import load_mapping

    entry = disk.entry(path)
    if entry is None or entry.kind is not Kind.FILE:
        return
    text = disk.read(path, MAX_BYTES) or b""
    data, _ = load_mapping(Source(path, text.decode("utf-8-sig", "replace")))
    value = (data or {}).get(key)
    yield from value if isinstance(value, dict) else ()
