"""``python -m tests.bench [--size N] [NAME …]``: print the figures. No figure is a failure."""

# ruff: noqa: T201 - to print is what it is for

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import yaml

from mesh_infra.cache import FOLDER
from tests.bench import check, diff, grant, lint, preview
from tests.bench.measure import Figure

BENCHMARKS: Mapping[str, Callable[[Path, int], Iterator[Figure]]] = {
    "check": check.large,
    "sample": check.sample,
    "diff": diff.one_contract,
    "diff-mesh": diff.mesh_yaml,
    "preview": preview.one_domain,
    "lint": lint.one_contract,
    "grant": grant.one_grant,
}


def main() -> None:
    """Run the benchmarks that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ones: {', '.join(BENCHMARKS)}. Default: all")
    parser.add_argument(
        "--size", type=int, default=10_000, metavar="N", help="contracts in the large mesh. Default: 10000"
    )
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark '{unknown[0]}'")
    print(_machine(), end="\n\n")
    for name in options.names or BENCHMARKS:
        with tempfile.TemporaryDirectory() as folder:
            os.environ[FOLDER] = f"{folder}/cache"  # empty at first, and nobody's
            for figure in BENCHMARKS[name](Path(folder), options.size):
                print(figure, end="\n\n", flush=True)


def _machine() -> str:
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("pydantic", "PyYAML", "typer", "pulumi")]
    libyaml = f"libyaml {'.'.join(map(str, yaml._yaml.get_version()))}"
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {', '.join([*versions, libyaml])}"


if __name__ == "__main__":
    main()
