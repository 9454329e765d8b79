"""Header fields of a request, by their names."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

VALUES_KEPT = 100  # of a field that is taken apart: of clients there are few kinds
LONGEST_CONTENT_TYPE = 200  # characters; what is longer names nothing

Headers: TypeAlias = Mapping[bytes, bytes]


class ContentType(NamedTuple):
    """`charsets` has those that it names, in lower case: none or one, unless somebody wants to be misunderstood."""

    media_type: str
    charsets: frozenset[str]


def read_headers(fields: Sequence[tuple[bytes, bytes]]) -> Headers:
    """By their names in lower case; what was sent in several lines is one with commas between (RFC 9110, 5.2)."""
    headers = dict(fields)
    if len(headers) == len(fields):
        return headers
    lines: dict[bytes, list[bytes]] = defaultdict(list)
    for name, value in fields:
        lines[name].append(value)
    return {name: b", ".join(values) for name, values in lines.items()}


@lru_cache(VALUES_KEPT)
def read_content_type(field: bytes) -> ContentType:
    """What the field `Content-Type` says (RFC 9110, 8.3)."""
    if len(field) > LONGEST_CONTENT_TYPE:
        return ContentType("", frozenset())
    media_type, *parameters = field.decode("latin-1").lower().split(";")
    pairs = [parameter.partition("=")[::2] for parameter in parameters]
    charsets = frozenset(value.strip().strip('"') for name, value in pairs if name.strip() == "charset")
    return ContentType(media_type.strip(), charsets)
