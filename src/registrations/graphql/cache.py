"""Bounded caches, in which what is used again outlives what is used once."""

from collections import OrderedDict
from typing import Generic, TypeVar

V = TypeVar("V")


class SegmentedLRU(Generic[V]):
    """Keeps the `size` values used last that were used more than once, and as many that were put last.

    In each of these two segments the keys have at most so many `characters` in all. Values that are used once, however
    many, push out one another only. So nobody who makes up documents can push out those that clients use.
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

    def __contains__(self, key: str) -> bool:
        return key in self._again or key in self._once

    def put(self, key: str, value: V) -> None:
        """Puts a value that is not there yet."""
        self._once.put(key, value)


class Doorkeeper:
    """Admits a key to a cache when it comes for the second time among the `size` that came last.

    It keeps hashes only: what is made up for one request leaves no objects for the garbage collector to look through.
    The term is that of "TinyLFU: A Highly Efficient Cache Admission Policy" (Einziger, Friedman, Manes; 2017).
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._hashes: OrderedDict[int, None] = OrderedDict()

    def admits(self, key: str) -> bool:
        if is_admitted := hash(key) in self._hashes:
            del self._hashes[hash(key)]
        else:
            self._hashes[hash(key)] = None
            if len(self._hashes) > self._size:
                self._hashes.popitem(last=False)
        return is_admitted


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
