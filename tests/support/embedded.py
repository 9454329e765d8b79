import socket
from contextlib import suppress
from pathlib import Path


def wait_until_gone(folder: Path) -> None:
    """Returns when nobody can reach the server of the folder any more: a signal takes a moment to end it."""
    with suppress(OSError):
        while True:
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(folder / ".s.PGSQL.5432"))
