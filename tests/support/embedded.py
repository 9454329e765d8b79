import os
import select
import signal
import socket
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path

import asyncpg


def wait_until_gone(folder: Path) -> None:
    """Returns when nobody can reach the server of the folder any more: a signal takes a moment to end it."""
    with suppress(OSError):
        while True:
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(folder / ".s.PGSQL.5432"))


async def server_processes(url: str) -> list[int]:
    """The processes of a server on this machine, the one that all others are children of first."""
    connection = await asyncpg.connect(url)
    postmaster, *_ = (await connection.fetchval("SELECT pg_read_file('postmaster.pid')")).split()
    rows = await connection.fetch("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    await connection.close()
    return [int(postmaster), *(row["pid"] for row in rows)]


def kill(processes: Iterable[int]) -> None:
    """Kills the processes as `kill -9` does, and returns when they are gone."""
    with ExitStack() as closing:
        for process in processes:
            handle = os.pidfd_open(process)
            closing.callback(os.close, handle)
            os.kill(process, signal.SIGKILL)
            closing.callback(select.select, [handle], [], [])
