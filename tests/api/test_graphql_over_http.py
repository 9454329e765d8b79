"""The audits of the specification of GraphQL over HTTP, by those who maintain its reference implementation."""

from pathlib import Path

from tests.support.node import run_node
from tests.support.server import serving

AUDIT = Path(__file__).parent / "audits" / "audit.js"


def test_all_audits_pass(database_url: str) -> None:
    with serving(REGISTRATIONS_DATABASE_URL=database_url) as server:
        results = run_node(AUDIT, f"{server.address}/graphql")
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == 61
