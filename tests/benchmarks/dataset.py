"""The database that is measured on: made once for each size, and kept in a cache folder."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from platformdirs import user_cache_path

from registrations.storage.connections.embedded import embedded_postgres

COMMAND = Path(sys.executable).with_name("registrations")


@dataclass(frozen=True)
class Dataset:
    url: str
    server_pid: int


def default_folder() -> Path:
    """A folder of the user's; root's server runs as another user, who may not look into root's home."""
    return Path("/var/cache/registrations-bench") if os.geteuid() == 0 else user_cache_path("registrations") / "bench"


@contextmanager
def dataset(folder: Path, registrations: int) -> Iterator[Dataset]:
    """A database with so many registrations, of a tenth as many users into one offering for each 400."""
    home = folder / str(registrations)
    offerings = max(200, registrations // 400)
    sizes = {
        "users": registrations // 10,
        "courses": offerings // 10,
        "offerings": offerings,
        "registrations": registrations,
    }
    options = [f"--{name}={size}" for name, size in sizes.items()]
    environment = os.environ | {"REGISTRATIONS_DATA_DIR": str(home)}
    environment.pop("REGISTRATIONS_DATABASE_URL", None)
    with embedded_postgres(home / "postgresql") as url:
        subprocess.run([COMMAND, "seed", "--when-empty", *options], env=environment, check=True)
        pid = int((home / "postgresql/data/postmaster.pid").read_text().splitlines()[0])
        yield Dataset(url, pid)


async def tidy(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Each run finds the tables as if just made, whatever earlier ones wrote."""
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
