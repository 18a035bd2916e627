"""S3 locations, and what covers them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

_LOCATION = re.compile(r"(?:s3[an]?://|arn:[^:]*:s3:::)([^/]+(?:/.*)?)", re.DOTALL)


@lru_cache(maxsize=1024)
def s3_path(location: str) -> str | None:
    """``bucket/key`` of an S3 URI or ARN, without a slash at its end; None where it is neither."""
    found = _LOCATION.fullmatch(location)
    return found[1].rstrip("/") if found else None


def upward(path: str) -> Iterator[str]:
    """The path and everything that covers it, the bucket last."""
    yield path
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def nearest(covering: Mapping[str, T], path: str) -> T | None:
    """What stands in ``covering`` under the path, or the closest to it of those above."""
    return next((covering[above] for above in upward(path) if above in covering), None)
