"""Examples in the documentation, sent to a gateway over the sample data: the answers are those that the pages show."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

from rich.console import Console

from registrations.data.seed.loading import load
from registrations.data.seed.organisation import Organisation, Sizes
from registrations.storage.connections.database import Database
from tests.support.docs import PAGES, blocks
from tests.support.gateway import Gateway, open_gateway
from tests.support.log import Log

DIFFERS = {"timestamp", "request_id", "duration_ms"}  # from request to request


def examples(page: str) -> Iterator[tuple[str, str | None]]:
    """Each GraphQL document of the page, and the answer, if one is shown below it."""
    for (language, text), (following, answer) in pairwise([*blocks(page), ("", "")]):
        if language == "graphql":
            yield text, answer if following == "json" else None


async def test_examples_answer_what_their_page_shows(database: Database, gateway: Gateway) -> None:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    sizes = Sizes(users=2_000, courses=40, offerings=120, registrations=20_000)
    await load(database, Organisation(sizes, 1, today), Console(quiet=True))
    for page in PAGES:
        for document, shown in examples(page):
            answer = (await gateway.post(document)).json()
            expected = json.loads(shown) if shown else {}
            assert {key: answer[key] for key in expected} == expected, f"{page}: {document}"
            assert ("errors" in answer) is ("errors" in expected), f"{page}: {document}"


def test_no_example_is_overlooked() -> None:
    assert [len(list(examples(page))) for page in PAGES] == [text.count("```graphql") for text in PAGES.values()]


async def test_the_log_has_the_line_that_operations_shows(database_url: str) -> None:
    [shown] = [json.loads(text) for language, text in blocks("docs/operations.md") if language == "json"]
    async with open_gateway(database_url, log=(log := Log())) as gateway:
        await gateway.post(
            """
            mutation Grade {
              assignGrade(input: {registrationId: "no such thing", gradePercentage: 101}) { __typename }
            }
            """
        )
    [line] = log.lines
    assert list(line) == list(shown)
    assert {key: line[key] for key in line.keys() - DIFFERS} == {key: shown[key] for key in shown.keys() - DIFFERS}
