"""A whole mesh, checked domain by domain: each only once, and by several processes at a time.

All that is found in the contracts of a domain hangs on them, on mesh.yaml and the files of domains, and on the day;
what other domains hold matters to ``consumes`` alone. So what was found in a domain is kept (``mesh_infra.cache``),
with an outline of its contracts, and holds until one of these changes.
"""

from mesh_infra.survey.documents import supply
from mesh_infra.survey.processes import processors, shared_out
from mesh_infra.survey.reading import Reading, digest_of
from mesh_infra.survey.survey import Means, Opened, Survey, look_into, open_mesh, survey

__all__ = [
    "Means",
    "Opened",
    "Reading",
    "Survey",
    "digest_of",
    "look_into",
    "open_mesh",
    "processors",
    "shared_out",
    "supply",
    "survey",
]
