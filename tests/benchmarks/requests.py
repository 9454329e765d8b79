"""Requests that ask for the same data: as GraphQL, and as whoever writes endpoints by hand would name them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson

from tests.benchmarks.scenarios import Scenario, Variables


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes = b""


def as_graphql(scenario: Scenario, variables: Variables) -> Request:
    return Request("POST", "/graphql", orjson.dumps({"query": scenario.document, "variables": variables}))


def as_rest(_scenario: Scenario, variables: Variables) -> Request:
    match variables:
        case {"input": {"registrationId": id_, **grade}}:
            return Request("POST", f"/registrations/{id_}/grade", orjson.dumps(grade))
        case {"id": id_}:
            return Request("GET", f"/registrations/{id_}")
    return Request("GET", f"/registrations?{urlencode(_present(variables))}")


def _present(variables: Variables) -> dict[str, Any]:
    return {name: value for name, value in variables.items() if value is not None}
