"""Client libraries for JavaScript, as they are by default, get what they ask for."""

from pathlib import Path
from typing import Any

import pytest

from registrations.domain.access import Scope
from registrations.http.cross_site import REFUSAL
from tests.support.node import run_node
from tests.support.server import serving

CLIENTS = Path(__file__).parent / "clients" / "clients.js"
TOO_MANY = "Pass a `first` from 0 to 100; it was 1000."

Seen = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def seen(tests_database: str) -> Seen:
    """By client, what came of an operation that succeeds, and of one of which a field fails."""
    with serving(REGISTRATIONS_DATABASE_URL=tests_database) as server:
        results = run_node(CLIENTS, f"{server.address}/graphql")
    return {name: [result for result in results if result["client"] == name] for name in (r["client"] for r in results)}


@pytest.mark.parametrize(
    ("client", "whole", "partial"),
    [
        ("apollo", ["POST 200"], ["POST 294"]),
        ("apolloGet", ["GET 200"], ["GET 294"]),
        # It asks once by the hash, and not again.
        ("apolloPersisted", ["POST 400", "POST 200"], ["POST 294"]),
        ("apolloPersistedGet", ["GET 400", "POST 200"], ["POST 294"]),
        ("urql", ["GET 200"], ["GET 294"]),
        ("urqlPost", ["POST 200"], ["POST 294"]),
        ("urqlPersisted", ["GET 400", "GET 200"], ["GET 294"]),
        ("graphqlRequest", ["POST 200"], ["POST 294"]),
        ("relay", ["POST 200"], ["POST 200"]),  # it accepts anything, and gets the older media type
    ],
)
def test_data_is_read_whole_or_beside_errors(seen: Seen, client: str, whole: list[str], partial: list[str]) -> None:
    first, second = seen[client]
    assert (first["messages"], first["requests"]) == ([], whole)
    assert (second["messages"], second["requests"]) == ([TOO_MANY], partial)
    assert first["data"]["viewer"]["scopes"] == second["data"]["viewer"]["scopes"] == sorted(Scope)
    assert second["data"]["registrations"] is None


def test_urql_that_has_no_token_is_told_what_to_do(seen: Seen) -> None:
    assert [(result["messages"], result["requests"]) for result in seen["urqlUnknown"]] == [
        ([REFUSAL], ["GET 400"])
    ] * 2
