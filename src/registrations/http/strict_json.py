"""JSON that everybody reads in the same way: nothing twice, nothing endless, nothing that is no JSON."""

from collections import Counter
from json import JSONDecoder
from typing import Any

import orjson

from registrations.graphql.values import shown

MAXIMUM_DEPTH = 32  # arrays and objects within each other


class BadJson(ValueError):
    """Its text says what is wrong with it, and goes on after the name of what was read."""


def parse_json(text: str | bytes) -> Any:
    """The value that the text stands for. Raises `BadJson`."""
    try:
        decoded = text if isinstance(text, str) else text.decode()
        value = orjson.loads(text)
    except UnicodeDecodeError as error:
        raise BadJson(f"is no UTF-8: {error.reason} at byte {error.start}; encode it as UTF-8.") from error
    except orjson.JSONDecodeError as error:
        raise BadJson(f"is no valid JSON: {error}.") from error
    # What opens so few arrays and objects can't nest too many of them.
    if decoded.count("[") + decoded.count("{") > MAXIMUM_DEPTH and _nests_too_deeply(value):
        raise BadJson(f"nests more than {MAXIMUM_DEPTH} levels deep: send fewer.")
    # orjson takes the last of several values of a name, and others the first. What can be written back as it was read
    # has no name twice; most clients write as orjson does, and only of others the names are looked at.
    if orjson.dumps(value) != (text if isinstance(text, bytes) else text.encode()):
        _NAMES.decode(decoded)
    return value


def _nests_too_deeply(value: Any) -> bool:
    level = [value]
    for _ in range(MAXIMUM_DEPTH + 1):
        containers = [value for value in level if isinstance(value, dict | list)]
        if not containers:
            return False
        level = [part for whole in containers for part in (whole.values() if isinstance(whole, dict) else whole)]
    return True


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) < len(pairs):
        [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise BadJson(f"has {shown(name)} more than once in an object: send each name once.")


# Digits stay text: Python refuses to read thousands of them.
_NAMES = JSONDecoder(object_pairs_hook=_refuse_duplicates, parse_int=str, parse_float=str)
