"""What README shows is what happens, and what can be set it names."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from registrations.data.seed.loading import load
from registrations.data.seed.organisation import Organisation, Sizes
from registrations.settings import Settings
from registrations.storage.connections.database import Database
from tests.support.gateway import Gateway

README = (Path(__file__).parents[2] / "README.md").read_text()
EXAMPLES = re.findall(r"```graphql\n(.*?)```\n.*?```json\n(.*?)```", README, re.DOTALL)


async def test_its_examples_answer_what_it_says(database: Database, gateway: Gateway) -> None:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    sizes = Sizes(users=2_000, courses=40, offerings=120, registrations=20_000)
    await load(database, Organisation(sizes, 1, today), Console(quiet=True))
    assert len(EXAMPLES) == 3
    for document, answer in EXAMPLES:
        assert await gateway(document) == json.loads(answer)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_its_table(name: str) -> None:
    assert f"| `REGISTRATIONS_{name.upper()}` |" in README
