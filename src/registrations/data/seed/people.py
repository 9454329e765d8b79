"""The users of an organisation."""

import unicodedata
from datetime import datetime, timedelta

from registrations.data.seed.chance import Chance, Distinct
from registrations.data.seed.names import FIRST_NAMES, LAST_NAMES
from registrations.domain.records import User

AGE = timedelta(days=1_200)  # of the organisation


def make_users(amount: int, chance: Chance, today: datetime) -> list[User]:
    """Users in the order in which they joined, more of them in the early days than lately."""
    joined = sorted(today - timedelta(seconds=int(_seconds_ago(chance))) for _ in range(amount))
    username = Distinct()
    return [_user(date, username, chance) for date in joined]


def _seconds_ago(chance: Chance) -> float:
    return AGE.total_seconds() * (1 - chance.random() ** 2)


def _user(joined: datetime, distinct: Distinct, chance: Chance) -> User:
    first_name, last_name = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    username = distinct(f"{_plain(first_name)}.{_plain(last_name)}")
    return User(
        id=chance.new_id(),
        first_name=first_name,
        last_name=last_name,
        username=username,
        email=f"{username}@example.org",
        created_date=joined,
    )


def _plain(name: str) -> str:
    """The name in letters that every mail server takes: "Zoë" is "zoe", "O'Brien" is "obrien"."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name).lower() if "a" <= letter <= "z")
