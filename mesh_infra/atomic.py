"""Files are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from mesh_infra.errors import UsageError


def replace_file(target: Path, data: bytes) -> None:
    """Write ``data`` so that nobody ever sees half of it; folders are made, and permissions stay what they were.

    Raises ``UsageError`` where it cannot be written; then the file is as it was.
    """
    partial: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
        partial = Path(name)
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
        partial.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        partial.replace(target)
    except OSError as error:
        raise UsageError(f"'{target}' cannot be written: {error.strerror}") from None
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)
