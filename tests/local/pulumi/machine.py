"""A machine made of tiny scripts: its PATH holds what a test puts there, and its cache folder is its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from mesh_infra.local.pulumi.versions import CLI_VERSION

FIND_OR_INSTALL = """
from mesh_infra.errors import LocalError
from mesh_infra.local.pulumi import find_or_install
try:
    print(find_or_install(lambda line: print(line, flush=True)).origin)
except LocalError as error:
    print('LocalError:', error)
"""

_GO = """\
#!/bin/sh
if [ "$1" = version ]; then echo "go version go{version} linux/amd64"; exit; fi
echo build >> "{builds}"
echo compiling
if [ "$FAKE_GO" = fails ]; then echo "no space left on device" >&2; exit 2; fi
if [ "$FAKE_GO" = hangs ]; then echo > "{builds}.hangs"; exec /bin/sleep 60; fi
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\necho v%s\\n' "${{FAKE_PULUMI:-{pulumi}}}" > "$2"
/bin/chmod +x "$2"
"""


@dataclass(frozen=True)
class Machine:
    """``bin`` is the only folder on PATH."""

    folder: Path

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    @property
    def target(self) -> Path:
        """Where the CLI is installed to."""
        return self.folder / "cache" / "pulumi" / f"v{CLI_VERSION}"

    @property
    def builds(self) -> int:
        """How often Go was asked to build."""
        log = self.folder / "builds"
        return len(log.read_text().splitlines()) if log.exists() else 0

    @property
    def building(self) -> bool:
        """Whether a build hangs."""
        return (self.folder / "builds.hangs").exists()

    @property
    def partial(self) -> list[Path]:
        """What an installation has left half-made."""
        return list(self.target.parent.glob(".partial-*"))

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("FAKE_", "PULUMI_"))}
        return kept | {
            "PATH": str(self.bin),
            "MESH_CACHE": str(self.folder / "cache"),
            "HTTPS_PROXY": "http://127.0.0.1:9",  # nothing listens there: the official release is out of reach
        }

    def script(self, name: str, text: str, folder: Path | None = None) -> Path:
        path = (folder or self.bin) / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def pulumi(self, version: str, *, host: bool = True) -> None:
        self.script("pulumi", f"#!/bin/sh\necho v{version}\n")
        if host:
            self.script("pulumi-language-python", "#!/bin/sh\n")

    def go_text(self, version: str = "1.26.0") -> str:
        return _GO.format(version=version, builds=self.folder / "builds", pulumi=CLI_VERSION)

    def go(self, version: str = "1.26.0") -> None:
        self.script("go", self.go_text(version))

    def start(self, **variables: str) -> subprocess.Popen[str]:
        """`find_or_install` in a process of its own; it prints its progress and what came of it."""
        return subprocess.Popen(
            [sys.executable, "-c", FIND_OR_INSTALL],
            env=self.environment() | variables,
            stdout=subprocess.PIPE,
            text=True,
        )
