"""Pseudo-random choices: always the same for the same seed."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random


class Chance(Random):
    def happens(self, probability: float) -> bool:
        return self.random() < probability

    def new_id(self) -> str:
        return f"{self.getrandbits(128):032x}"

    def days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self.randint(least, most))

    def moment(self, earliest: datetime, before: datetime) -> datetime:
        """A whole second in `[earliest, before)`, which spans at least one."""
        return earliest + timedelta(seconds=int(self.random() * (before - earliest).total_seconds()))


class Distinct:
    """Tells equal names apart by a number: the second "ada.okafor" becomes "ada.okafor2"."""

    def __init__(self, joint: str = "") -> None:
        self._joint = joint
        self._uses: Counter[str] = Counter()

    def __call__(self, name: str) -> str:
        self._uses[name] += 1
        uses = self._uses[name]
        return name if uses == 1 else f"{name}{self._joint}{uses}"
