"""What the YAML of contracts holds, kept by what their folder holds: to parse it is half of the work of reading it."""

from __future__ import annotations

from mesh_infra.cache import Cache
from mesh_infra.spec.files import MeshFiles
from mesh_infra.spec.yaml import parse_plain

_YAML = "yaml"
"""Kind of an entry of the cache: the values of all files of a folder, by what the folder holds."""


def supply(files: MeshFiles, held: str, cache: Cache) -> None:
    """Give the files of a folder, whose content is called ``held``, what their YAML is known to hold.

    What is not known is parsed and kept. A file that is anything but plain YAML gets nothing: whoever reads it says
    what is wrong with it.
    """
    sources = [file.source for file in files.contracts if file.source]
    known = cache.get(_YAML, held)
    if known is None:
        known = [parse_plain(source.text) for source in sources]
        cache.put(known, _YAML, held)
    for source, data in zip(sources, known, strict=True):
        source.parsed = data
