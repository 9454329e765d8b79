"""A JSON file for each of several processes, which all of them can read.

A process has a file of its own as long as it holds the lock beside it, which the kernel releases however the process
ends. The next process that starts takes the file over with what is in it.
"""

import fcntl
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import orjson


class SharedFiles:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # The descriptor is never closed: the lock is held until the process ends.
        self._own = next(file for file in map(self._file, count()) if _lock(file) is not None)

    def inherited(self) -> Any:
        """What the process that had this one's file before wrote last, or None."""
        return orjson.loads(self._own.read_bytes()) if self._own.exists() else None

    def write(self, content: Any) -> None:
        """Replaces this process's file, so that readers find the old content or the new one."""
        new = self._own.with_suffix(".new")
        new.write_bytes(orjson.dumps(content))
        new.replace(self._own)

    def read(self) -> Iterator[tuple[Any, bool]]:
        """The content of each file, and whether the process that wrote it is alive."""
        for file in self._folder.glob("*.json"):
            if (lock := _lock(file)) is not None:
                os.close(lock)
            yield orjson.loads(file.read_bytes()), lock is None

    def _file(self, number: int) -> Path:
        return self._folder / f"{number}.json"


def _lock(file: Path) -> int | None:
    """A file descriptor that holds the file's lock until it is closed; None where another one holds it."""
    descriptor = os.open(file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
