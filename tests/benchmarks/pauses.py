"""The gateway with its garbage collector watched: `python -m tests.benchmarks.pauses FILE serve …`.

For each pause of a millisecond or more the file has a line: when it ended and how long it took, both in seconds.
"""

import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

NOTED = 0.001


def longest_pause(file: Path, since: float) -> float:
    """In seconds, of those that ended after that time."""
    pauses = [[float(word) for word in line.split()] for line in file.read_text().splitlines()]
    return max((seconds for ended, seconds in pauses if ended > since), default=0.0)


def note_pauses(file: TextIO) -> Callable[[str, dict[str, Any]], None]:
    """What the garbage collector is to call."""
    started = 0.0

    def note(phase: str, _info: dict[str, Any]) -> None:
        nonlocal started
        if phase == "start":
            started = time.perf_counter()
        elif (seconds := time.perf_counter() - started) >= NOTED:
            file.write(f"{time.time()} {seconds}\n")

    return note


if __name__ == "__main__":
    from registrations.cli import app

    with Path(sys.argv.pop(1)).open("w", buffering=1) as noted:
        gc.callbacks.append(note_pauses(noted))
        app()
