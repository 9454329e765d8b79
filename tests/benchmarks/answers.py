"""Whether servers answer the same: otherwise it means nothing that one of them is faster."""

import difflib
from collections.abc import Callable, Mapping, Sequence

import httpx
import orjson

from tests.benchmarks.access import HEADERS
from tests.benchmarks.requests import Request
from tests.benchmarks.scenarios import Scenario, Variables

Ask = Callable[[Scenario, Variables], Request]
SAMPLES = 20


class AnswersDiffer(Exception):
    """The text shows where."""


async def ensure_same_answers(
    scenarios: Sequence[Scenario], clients: Mapping[str, tuple[httpx.AsyncClient, Ask]]
) -> None:
    """Asks all servers the same, one after another. Raises `AnswersDiffer` unless the data agree to the byte."""
    for scenario in scenarios:
        for variables in scenario.variables[:SAMPLES]:
            answers = {name: await _data(client, ask(scenario, variables)) for name, (client, ask) in clients.items()}
            (first, expected), *others = answers.items()
            for name, answer in others:
                if answer != expected:
                    raise AnswersDiffer(f"{scenario.name} {variables}:\n{_difference(first, expected, name, answer)}")


async def _data(client: httpx.AsyncClient, request: Request) -> bytes:
    response = await client.request(request.method, request.path, content=request.body, headers=HEADERS)
    if response.status_code != 200 or "errors" in response.json():
        raise AnswersDiffer(f"{request.method} {client.base_url.join(request.path)}: {response.text}")
    return orjson.dumps(response.json()["data"])


def _difference(first: str, expected: bytes, name: str, answer: bytes) -> str:
    return "\n".join(difflib.unified_diff(_lines(expected), _lines(answer), first, name, lineterm=""))


def _lines(data: bytes) -> list[str]:
    return orjson.dumps(orjson.loads(data), option=orjson.OPT_INDENT_2).decode().splitlines()
