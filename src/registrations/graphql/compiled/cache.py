"""A bounded cache in which what is used again outlives what is used once."""

from collections import OrderedDict
from typing import Generic, TypeVar

V = TypeVar("V")


class SecondSight(Generic[V]):
    """Keeps the `size` values used last that were used more than once, and as many that were put last.

    Documents that are sent once, however many, push out one another only. So nobody who makes up documents can push
    out those that clients use.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._once: OrderedDict[str, V] = OrderedDict()
        self._again: OrderedDict[str, V] = OrderedDict()

    def get(self, key: str) -> V | None:
        if (value := self._again.get(key)) is not None:
            self._again.move_to_end(key)
        elif (value := self._once.pop(key, None)) is not None:
            _put(self._again, key, value, self._size)
        return value

    def put(self, key: str, value: V) -> None:
        """Puts a value that `get` did not find."""
        _put(self._once, key, value, self._size)


def _put(values: OrderedDict[str, V], key: str, value: V, size: int) -> None:
    values[key] = value
    if len(values) > size:
        values.popitem(last=False)
