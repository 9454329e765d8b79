"""Operations that a fuzzer of GraphQL APIs makes up from the schema, against the gateway as it is served."""

import asyncio
import os
import sys
from pathlib import Path

from rich.console import Console

from registrations.auth.tokens import mint
from registrations.data.seed.loading import load
from registrations.domain.access import Scope
from registrations.storage.connections.database import Database
from tests.faults.schemathesis_hooks import ORGANISATION
from tests.support.gateway import AUDIENCE, AUTHENTICATION, ISSUER, SECRET
from tests.support.server import serving, without_settings

HOOKS = "tests.faults.schemathesis_hooks"
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
OPTIONS = "--max-examples=20", "--generation-deterministic", "--generation-allow-x00=false", "--no-color"


async def test_schemathesis_with_a_token_for_everything_finds_nothing(database: Database, tmp_path: Path) -> None:
    await load(database, ORGANISATION, Console(quiet=True))
    authentication = {f"REGISTRATIONS_{name.upper()}": value for name, value in AUTHENTICATION.items()}
    token = mint(SECRET, ISSUER, AUDIENCE, ORGANISATION.users[0].id, Scope, lifetime=600)
    with serving(REGISTRATIONS_DATABASE_URL=database.url, **authentication) as server:
        run = await asyncio.create_subprocess_exec(
            SCHEMATHESIS,
            "run",
            f"{server.address}/graphql",
            *OPTIONS,
            f"--header=Authorization: Bearer {token}",
            env=without_settings() | {"SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": os.pathsep.join(sys.path)},
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await run.communicate()
    assert run.returncode == 0, output.decode()
