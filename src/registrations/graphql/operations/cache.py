"""A bounded cache in which what is used again outlives what is used once."""

from collections import OrderedDict
from typing import Generic, TypeVar

V = TypeVar("V")


class SecondSight(Generic[V]):
    """Keeps the `size` values used last that were used more than once, and as many that were put last.

    Of both, the keys have at most so many `characters` in all. Documents that are sent once, however many, push out one
    another only. So nobody who makes up documents can push out those that clients use.
    """

    def __init__(self, size: int, characters: int) -> None:
        self._once = _Recent[V](size, characters)
        self._again = _Recent[V](size, characters)

    def get(self, key: str) -> V | None:
        if (value := self._again.get(key)) is not None:
            self._again.move_to_end(key)
        elif (value := self._once.take(key)) is not None:
            self._again.put(key, value)
        return value

    def put(self, key: str, value: V) -> None:
        """Puts a value that `get` did not find."""
        self._once.put(key, value)


class _Recent(OrderedDict[str, V]):
    def __init__(self, size: int, characters: int) -> None:
        super().__init__()
        self._size = size
        self._characters_left = characters

    def put(self, key: str, value: V) -> None:
        self[key] = value
        self._characters_left -= len(key)
        while len(self) > self._size or (self._characters_left < 0 and len(self) > 1):
            oldest, _ = self.popitem(last=False)
            self._characters_left += len(oldest)

    def take(self, key: str) -> V | None:
        value = self.pop(key, None)
        if value is not None:
            self._characters_left += len(key)
        return value
