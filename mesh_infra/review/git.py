"""Reading commits out of git's objects, with the `git` command: nothing is checked out and no hook is run."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mesh_infra.errors import UsageError
from mesh_infra.findings import printable
from mesh_infra.spec.problems import quoted

_MAIN = (
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/heads/main",
    "refs/remotes/origin/master",
    "refs/heads/master",
)
_REFUSALS = {
    "not a git repository": "run this in a clone of the mesh's repository",
    "dubious ownership": "if you trust it, run 'git config --global --add safe.directory' with its folder",
}
_SHALLOW = "the clone is shallow: run 'git fetch --unshallow', in GitHub Actions set 'fetch-depth: 0' of the checkout"

# Only plumbing that runs no hooks is called; these hold even so. Without protocols a partial clone cannot fetch what
# it lacks, file by file, while it is being listed.
_OPTIONS = (
    "--no-pager",
    "--literal-pathspecs",
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "protocol.allow=never"),
)


@dataclass(frozen=True, slots=True)
class GitObject:
    """Something in a commit's tree; ``size`` is 0 for anything but a file or a link."""

    mode: str
    id: str
    size: int


class Repository:
    """The repository that a folder lies in, read from that folder's point of view.

    ``prefix`` is the folder's place in it: empty, or a path that ends in a slash. Files are read once, whatever commits
    they are in. Raises ``UsageError`` where there is no repository, or git will not read it.
    """

    def __init__(self, folder: Path) -> None:
        if shutil.which("git") is None:
            raise UsageError("git is not installed", "install it: reviews read commits with it")
        self._folder = folder
        self._blobs: dict[str, bytes] = {}
        code, out, error = self._run("rev-parse", "--show-prefix")
        if code:
            hint = next((hint for words, hint in _REFUSALS.items() if words in error), "")
            raise UsageError(f"git cannot read {quoted(str(folder))}: {error}", hint)
        self.prefix = os.fsdecode(out.removesuffix(b"\n"))

    def commit(self, revision: str) -> str:
        """The id of the commit that ``revision`` means; raises ``UsageError`` where it means none."""
        found = self._find(revision)
        if found:
            return found
        if ".." in revision:
            hint = "name BASE and HEAD as two words"
        elif self._find("HEAD") is None:
            hint = "there is no commit here yet: make the first, and changes are compared with it"
        else:
            hint = _SHALLOW if self._is_shallow() else "fetch it, or name another: a branch, a tag or a commit"
        raise UsageError(f"git knows no revision {quoted(revision)}", hint)

    def merge_base(self) -> str:
        """The commit at which HEAD and the main branch parted.

        The main branch is the remote's HEAD, else ``main``, else ``master``, each the remote's before the local one.
        Raises ``UsageError`` where there is no such branch or commit, with the remedy for a shallow clone.
        """
        head = self.commit("HEAD")
        main = next(((name, tip) for name in _MAIN if (tip := self._find(name))), None)
        if main is None:
            hint = _SHALLOW if self._is_shallow() else "name what to compare with, such as 'mesh diff HEAD~1'"
            raise UsageError("there is no main branch to compare with: neither 'main' nor 'master' is known", hint)
        name, tip = main
        code, out, error = self._run("merge-base", head, tip)
        if code == 0:
            return out.decode("ascii").strip()
        if error:
            raise UsageError(f"git cannot compare with {quoted(name)}: {error}")
        hint = _SHALLOW if self._is_shallow() else "name what to compare with, such as 'mesh diff HEAD~1'"
        raise UsageError(f"HEAD and {quoted(name)} have no commit in common", hint)

    def listing(self, commit: str, paths: Iterable[str] = ()) -> dict[str, GitObject]:
        """What lies in a commit, folders included: all of the folder, or ``paths`` in it and what is below them.

        Paths are relative to the folder. Raises ``UsageError`` where an object is missing.
        """
        return self._listing(commit, [f"{self.prefix}{path}" for path in paths] or [self.prefix], self.prefix)

    def level(self, commit: str, paths: Iterable[str]) -> dict[str, GitObject]:
        """As ``listing``, of ``paths`` in the folder and, of those that are folders, what lies in them."""
        return self._listing(commit, [f"{self.prefix}{path}" for path in paths], self.prefix, deep=False)

    def top(self, commit: str, paths: Iterable[str]) -> dict[str, GitObject]:
        """As ``listing``, of ``paths`` relative to the top of the repository."""
        return self._listing(commit, list(paths), "")

    def _listing(self, commit: str, paths: list[str], prefix: str, *, deep: bool = True) -> dict[str, GitObject]:
        # -t: the folders too; --full-tree: paths from the top of the repository, wherever we are in it.
        options = (*(("-r",) if deep else ()), "-t", "-l", "-z", "--full-tree", "--end-of-options")
        code, out, error = self._run("ls-tree", *options, commit, *(path for path in paths if path))
        if code:
            raise self._incomplete(commit, error)
        found = {}
        for line in out.split(b"\0"):
            if line:
                facts, _, path = line.partition(b"\t")
                mode, _, object_id, size = facts.decode("ascii").split()
                if mode in ("100644", "100755", "120000") and not size.isdigit():
                    raise self._incomplete(commit, f"{object_id} is missing")
                name = os.fsdecode(path)
                if name.startswith(prefix):
                    found[name.removeprefix(prefix)] = GitObject(mode, object_id, int(size) if size.isdigit() else 0)
        return found

    def names(self, item: GitObject, content: bytes) -> bool:
        """Whether a file of a commit has this content, which git names it after (git, "Git Objects")."""
        # As long as the id is: 40 digits of SHA-1, 64 of SHA-256.
        algorithm = "sha1" if len(item.id) == 40 else "sha256"
        held = hashlib.new(algorithm, b"blob %d\0" % len(content), usedforsecurity=False)
        held.update(content)
        return item.id == held.hexdigest()

    def fetch(self, objects: Iterable[GitObject]) -> None:
        """Read files at once, for ``content`` to find them: one process for all is far faster than one for each."""
        wanted = sorted({item.id for item in objects} - self._blobs.keys())
        if not wanted:
            return
        asked = "".join(f"{name}\n" for name in wanted).encode("ascii")
        code, out, error = self._run("cat-file", "--batch", given=asked)
        at = 0
        for name in wanted:
            end = out.find(b"\n", at)
            head = out[at:end].decode("ascii", "replace").split()
            if code or end < 0 or len(head) != 3:
                raise self._incomplete(name, error or f"{name} is missing")
            size = int(head[2])
            self._blobs[name] = out[end + 1 : end + 1 + size]
            at = end + size + 2

    def content(self, item: GitObject) -> bytes:
        """The bytes of a file."""
        self.fetch((item,))
        return self._blobs[item.id]

    def _find(self, revision: str) -> str | None:
        """The commit that ``revision`` means, or None."""
        if "\0" in revision:
            return None
        asked = ("--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        code, out, _ = self._run("rev-parse", *asked)
        return out.decode("ascii").strip() if code == 0 else None

    def _is_shallow(self) -> bool:
        return self._run("rev-parse", "--is-shallow-repository")[1].strip() == b"true"

    def _incomplete(self, name: str, error: str) -> UsageError:
        hint = "if the clone is partial, run 'git fetch --refetch --no-filter'"
        return UsageError(f"git cannot read the files of {quoted(name)}: {error}", hint)

    def _run(self, *arguments: str, given: bytes = b"") -> tuple[int, bytes, str]:
        """Exit code, output, and the first line of what git says is wrong."""
        done = subprocess.run(
            ["git", *_OPTIONS, *arguments],
            cwd=self._folder,
            env=_environment(),
            input=given,
            capture_output=True,
            check=False,
        )
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0].removeprefix("fatal: ")
        return done.returncode, done.stdout, printable(said)


def _environment() -> dict[str, str]:
    """The environment without what would point git elsewhere, such as GIT_DIR in a hook, or add configuration.

    git(1), "Environment Variables". The user's own configuration stays: it says which repositories are trusted.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    ours = {
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
    return kept | ours
