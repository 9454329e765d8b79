"""Which cores there are, and how long processes have had them: Linux only."""

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
ALL_CORES = sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else [0]
SERVER_CORES = ALL_CORES[:1]
OTHER_CORES = ALL_CORES[1:] or ALL_CORES


@contextmanager
def on_cores(cores: list[int]) -> Iterator[None]:
    """What is started in the block has these cores, and whatever it starts in turn."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_seconds(pid: int) -> float:
    """User and system time of the process with all its threads, and of all that it ever started."""
    process = Path(f"/proc/{pid}")
    try:
        # The name of the program, in brackets, may have spaces of its own. Those who ended count with their parent.
        user, system, ended_user, ended_system = (process / "stat").read_text().rpartition(")")[2].split()[11:15]
        ticks = int(user) + int(system) + int(ended_user) + int(ended_system)
        return ticks / TICKS_PER_SECOND + sum(map(cpu_seconds, _children(process)))
    except (FileNotFoundError, ProcessLookupError):  # ended just now
        return 0.0


def _children(process: Path) -> list[int]:
    return [int(pid) for task in (process / "task").iterdir() for pid in (task / "children").read_text().split()]


def describe() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
    busy = f"load average {os.getloadavg()[0]:.1f} before"
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{len(ALL_CORES)} cores of {model}, {busy}; {system}"
