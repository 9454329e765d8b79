"""Operations that a fuzzer of GraphQL APIs makes up from the schema, against the gateway as it is served."""

import asyncio
import sys
from pathlib import Path

from rich.console import Console

from registrations.data.seed.loading import load
from registrations.storage.database import Database
from tests.faults.schemathesis_hooks import ORGANISATION
from tests.support.server import serving, without_settings

ROOT = Path(__file__).parents[2]
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
OPTIONS = "--max-examples=30", "--generation-deterministic", "--generation-allow-x00=false", "--no-color"


async def test_schemathesis_finds_nothing(database: Database, tmp_path: Path) -> None:
    await load(database, ORGANISATION, Console(quiet=True))
    with serving(REGISTRATIONS_DATABASE_URL=database.url) as server:
        run = await asyncio.create_subprocess_exec(
            SCHEMATHESIS,
            "run",
            f"{server.address}/graphql",
            *OPTIONS,
            env=without_settings() | {"SCHEMATHESIS_HOOKS": "tests.faults.schemathesis_hooks", "PYTHONPATH": f"{ROOT}"},
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await run.communicate()
    assert run.returncode == 0, output.decode()
