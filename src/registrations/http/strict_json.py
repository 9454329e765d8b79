"""JSON that all parsers read alike: no duplicate names, no deep nesting, nothing beyond RFC 8259."""

from collections import Counter
from json import JSONDecoder
from typing import Any

import orjson

from registrations.graphql.values import shown

MAXIMUM_DEPTH = 32  # arrays and objects within each other


class BadJson(ValueError):
    """The text says what is wrong, and continues a sentence that begins with the name of the JSON text."""


def parse_json(text: str | bytes) -> Any:
    """The parsed value. Raises `BadJson`."""
    try:
        decoded = text if isinstance(text, str) else text.decode()
        value = orjson.loads(text)
    except UnicodeDecodeError as error:
        raise BadJson(f"is no UTF-8: {error.reason} at byte {error.start}; encode it as UTF-8.") from error
    except orjson.JSONDecodeError as error:
        raise BadJson(f"is no valid JSON: {error}.") from error
    # So few opening brackets can't nest too deeply.
    if decoded.count("[") + decoded.count("{") > MAXIMUM_DEPTH and _nests_too_deeply(value):
        raise BadJson(f"nests more than {MAXIMUM_DEPTH} levels deep: send fewer.")
    # Of duplicate names orjson takes the last value, and others the first. A text that orjson writes back unchanged
    # has no duplicates. Most clients write JSON as orjson does; only the text of others is parsed again for its names.
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
