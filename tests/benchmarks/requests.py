"""Requests that ask for the same data: as GraphQL, and as whoever writes endpoints by hand would name them."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson

from tests.benchmarks.load import SERIAL
from tests.benchmarks.scenarios import Scenario, Variables


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes = b""


def as_graphql(scenario: Scenario, variables: Variables) -> Request:
    if scenario.is_cold:
        return Request("POST", "/graphql", orjson.dumps({"query": _cold(scenario.document, variables)}))
    return Request("POST", "/graphql", orjson.dumps({"query": scenario.document, "variables": variables}))


def _cold(document: str, variables: Variables) -> str:
    """The document under another name for each request, with aliases and with literals in place of its variables."""
    named = re.sub(r"query (\w+)\(.*?\)", rf"query \1_{SERIAL}", document)
    aliased = re.sub(r"\b(status|email|title)\b", r"\1: \1", named)
    return re.sub(r"\$(\w+)", lambda name: orjson.dumps(variables[name[1]]).decode(), aliased)


def as_rest(_scenario: Scenario, variables: Variables) -> Request:
    match variables:
        case {"input": {"registrationId": id_, **grade}}:
            return Request("POST", f"/registrations/{id_}/grade", orjson.dumps(grade))
        case {"id": id_}:
            return Request("GET", f"/registrations/{id_}")
    return Request("GET", f"/registrations?{urlencode(_present(variables))}")


def _present(variables: Variables) -> dict[str, Any]:
    return {name: value for name, value in variables.items() if value is not None}
