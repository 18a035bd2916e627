"""Git repositories made for a test, untouched by whatever git is configured to do on this machine."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_NAME": "Ann" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ann@company.com" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_DATE": "2024-01-01T12:00:00Z" for who in ("AUTHOR", "COMMITTER")},
}


@dataclass(frozen=True)
class Repo:
    """A repository with a working tree at ``root``."""

    root: Path

    def git(self, *arguments: str | Path) -> str:
        """Run git in it; returns what it printed, without the line's end."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *map(str, arguments)],
            cwd=self.root,
            env={**kept, **_ENVIRONMENT},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.rstrip("\n")

    def write(self, files: dict[str, str | bytes | None]) -> None:
        """Write files by path; None deletes one."""
        for path, content in files.items():
            target = self.root / path
            if content is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, files: dict[str, str | bytes | None] | None = None) -> str:
        """Write files and commit everything that there is; returns the id."""
        self.write(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")
        return self.git("rev-parse", "HEAD")


def new_repository(root: Path, branch: str = "main") -> Repo:
    """An empty repository at ``root``."""
    root.mkdir(parents=True)
    repo = Repo(root)
    repo.git("init", "--quiet", f"--initial-branch={branch}")
    return repo


def clone(source: Repo, root: Path, *options: str) -> Repo:
    """A clone of ``source`` at ``root``."""
    Repo(source.root.parent).git("clone", "--quiet", *options, f"file://{source.root}", root)
    return Repo(root)
